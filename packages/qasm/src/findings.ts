import type { Diagnostic } from '@qfs/core';
import { DIAGNOSTICS, type DiagnosticCode } from './diagnostic-codes.ts';

/**
 * Errors and warnings beyond this number of each are not kept: nobody reads them, and they must not multiply.
 */
export const QASM_DIAGNOSTICS_MAX = 100;

/** A run of the source text as UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Finding extends Span {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string;
  readonly related?: readonly { readonly message: string; readonly start: number }[];
}

export type FindingExtras = Pick<Finding, 'hint' | 'related'>;

const isErrorCode = (code: DiagnosticCode): boolean => DIAGNOSTICS[code].severity === 'error';
const isSamePlace = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;

/** Collects findings by offset; lines and columns are computed once, at the end. */
export class Findings {
  readonly list: Finding[] = [];
  errors = 0;
  #advice = 0;

  add(code: DiagnosticCode, span: Span, message: string, extras: FindingExtras = {}): void {
    const isError = isErrorCode(code);
    // Of two errors at one place the second follows from the first: a malformed number has no value either.
    if (isError && this.list.some((f) => isSamePlace(f, span) && isErrorCode(f.code))) return;
    // Errors and advice have separate room: advice must never crowd out the error that explains a refusal.
    const count = isError ? ++this.errors : ++this.#advice;
    if (count <= QASM_DIAGNOSTICS_MAX) {
      this.list.push({ code, start: span.start, end: span.end, message, ...extras });
    }
  }

  /** Enough errors: nothing more needs to be looked at. */
  get full(): boolean {
    return this.errors >= QASM_DIAGNOSTICS_MAX;
  }
}

/** Line starts of a text, and the place of an offset. Columns count Unicode code points. */
class LineIndex {
  readonly #source: string;
  readonly #starts: number[] = [0];

  constructor(source: string) {
    this.#source = source;
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1))
      this.#starts.push(at + 1);
  }

  place(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    let column = 1;
    for (let at = this.#starts[low]!; at < offset && at < this.#source.length; column++) {
      at += this.#source.codePointAt(at)! > 0xffff ? 2 : 1;
    }
    return { line: low + 1, column };
  }
}

/** Findings in source order, with lines and columns. */
export function toDiagnostics(source: string, findings: readonly Finding[]): Diagnostic[] {
  if (findings.length === 0) return [];
  const lines = new LineIndex(source);
  const ordered = [...findings].sort((a, b) => a.start - b.start || a.end - b.end);
  return ordered.map((finding) => {
    const from = lines.place(finding.start);
    const to = lines.place(Math.max(finding.start, finding.end));
    return {
      code: finding.code,
      severity: DIAGNOSTICS[finding.code].severity,
      message: finding.message,
      line: from.line,
      column: from.column,
      end_line: to.line,
      end_column: to.column,
      ...(finding.hint === undefined ? {} : { hint: finding.hint }),
      ...(finding.related === undefined
        ? {}
        : { related: finding.related.map((r) => ({ message: r.message, ...lines.place(r.start) })) }),
    };
  });
}
