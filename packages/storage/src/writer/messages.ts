import { type ErrorCode, QfsError, type QfsErrorOptions } from '@qfs/core';
import type { CallGroup } from './store-session.ts';

/** What the worker thread is started with. */
export interface WriterWorkerData {
  readonly path: string;
  /** Whatever the composition root's entry file needs to build its modules. */
  readonly settings: unknown;
}

export type ToWorker =
  | { readonly kind: 'commit'; readonly groups: readonly CallGroup[] }
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly error: SentError }
  | { readonly kind: 'report'; readonly outcomes: readonly SentOutcome[]; readonly milliseconds: number }
  | { readonly kind: 'broken'; readonly reason: string };

type SentOutcome =
  | { readonly ok: true; readonly results: readonly unknown[] }
  | { readonly ok: false; readonly error: SentError };

/** A QfsError as structured clone can carry it: the clone of an Error would lose its class and its code. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly options: Omit<QfsErrorOptions, 'cause'>;
  /** The stack of what lies behind it, for the log. */
  readonly cause: string | undefined;
}

export function sendError(error: QfsError): SentError {
  const { cause } = error;
  const { code, message, diagnostics, metadata, violations, retryAfterMs } = error;
  return {
    code,
    message,
    options: { diagnostics, metadata, violations, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
    cause:
      cause instanceof Error
        ? (cause.stack ?? cause.message)
        : cause === undefined
          ? undefined
          : String(cause),
  };
}

export const receiveError = (sent: SentError): QfsError =>
  new QfsError(sent.code, sent.message, {
    ...sent.options,
    ...(sent.cause === undefined ? {} : { cause: sent.cause }),
  });
