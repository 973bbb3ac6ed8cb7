/** One finding about a source text. Lines and columns count from 1; `end_*` point behind the last character. */
export interface Diagnostic {
  /** Stable code of the finding, for example `QASM_UNEXPECTED_TOKEN`. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly end_line: number;
  readonly end_column: number;
  /** What to do about it. */
  readonly hint?: string;
  /** Places that explain it, such as the earlier definition. */
  readonly related?: readonly { readonly message: string; readonly line: number; readonly column: number }[];
}
