import type { MessageInitShape } from '@bufbuild/protobuf';
import { isErrorCode, QfsError } from '@qfs/core';
import { fromConnectError } from '@qfs/rpc';
import type { EdgeFailure, EdgeFailureSchema } from '@qfs/rpc/internal';

/**
 * How an error crosses to the caller: with all that it says, and without its cause, which is for our logs.
 */
export function failureOf(thrown: unknown): MessageInitShape<typeof EdgeFailureSchema> {
  const { code, message, metadata, diagnostics, violations, retryAfterMs } = fromConnectError(thrown);
  return {
    reason: code,
    message,
    metadata: { ...metadata },
    diagnosticsJson: diagnostics.length === 0 ? '' : JSON.stringify(diagnostics),
    violations: violations.map(({ field, description }) => ({ field, description })),
    retryAfterMs: retryAfterMs ?? 0,
  };
}

/** The error that the other process threw. */
export function errorOf(failure: EdgeFailure): QfsError {
  const { reason, message, metadata, diagnosticsJson, violations, retryAfterMs } = failure;
  return new QfsError(isErrorCode(reason) ? reason : 'INTERNAL', message, {
    metadata,
    diagnostics: diagnosticsJson === '' ? [] : (JSON.parse(diagnosticsJson) as QfsError['diagnostics']),
    violations: violations.map(({ field, description }) => ({ field, description })),
    ...(retryAfterMs > 0 ? { retryAfterMs } : {}),
  });
}
