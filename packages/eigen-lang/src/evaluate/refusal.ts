import type { EigenDiagnosticCode, Span } from '../findings.ts';

/** Thrown where a statement means nothing; it is reported, and the next statement is looked at. */
export class Refusal extends Error {
  readonly span: Span;
  readonly code: EigenDiagnosticCode;
  readonly hint: string | undefined;

  constructor(span: Span, message: string, hint?: string, code: EigenDiagnosticCode = 'EIGEN_MEANING') {
    super(message);
    this.span = span;
    this.code = code;
    this.hint = hint;
  }
}
