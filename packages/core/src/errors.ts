import { REQUEST_ERRORS } from './error-table/request-errors.ts';
import type { ErrorRow } from './error-table/row.ts';
import { WORK_ERRORS } from './error-table/work-errors.ts';

export type { ErrorRow, GrpcCode } from './error-table/row.ts';

/**
 * Every failure that leaves a room, in one table: what a client can rely on is the code. Doors, retry policy,
 * the reference page and the tests derive from it.
 */
export const ERRORS = { ...REQUEST_ERRORS, ...WORK_ERRORS } as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export interface QfsErrorOptions {
  /** Kept for the log, never sent. */
  readonly cause?: unknown;
  readonly diagnostics?: readonly import('./diagnostic.ts').Diagnostic[];
  /** Machine-readable facts, sent as ErrorInfo metadata and problem+json members. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Places inside the request, for BadRequest details. */
  readonly violations?: readonly { readonly field: string; readonly description: string }[];
  readonly retryAfterMs?: number;
}

/** The one error class that crosses rooms. `message` says what happened, where, with the value, and what to do. */
export class QfsError extends Error {
  override readonly name = 'QfsError';
  readonly code: ErrorCode;
  readonly diagnostics: readonly import('./diagnostic.ts').Diagnostic[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly { readonly field: string; readonly description: string }[];
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: QfsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.diagnostics = options.diagnostics ?? [];
    this.metadata = options.metadata ?? {};
    this.violations = options.violations ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }

  get row(): ErrorRow {
    return ERRORS[this.code];
  }

  /** Turns anything thrown into a QfsError; what is not ours becomes INTERNAL with the original as cause. */
  static from(thrown: unknown): QfsError {
    if (thrown instanceof QfsError) return thrown;
    return new QfsError('INTERNAL', 'Something broke inside; it was logged with the request id.', {
      cause: thrown,
    });
  }
}

export const isErrorCode = (value: string): value is ErrorCode => Object.hasOwn(ERRORS, value);
