import { type ErrorCode, isErrorCode, QfsError } from '@qfs/core';

interface BackendErrorRow {
  readonly code: ErrorCode;
  /** Whose fault it is, as ErrorInfo tells it. */
  readonly taxonomy: 'network' | 'capacity' | 'quota' | 'runtime' | 'provider' | 'auth' | 'internal';
  /** When to come again, unless the backend says. */
  readonly retryAfterMs?: number;
}

/** What can go wrong with a backend, in the terms of every vendor, and what it is here. */
export const BACKEND_ERRORS = {
  /** It does not answer, or answers that it is down. */
  unavailable: { code: 'BACKEND_UNAVAILABLE', taxonomy: 'network', retryAfterMs: 1_000 },
  /** It has no room at the moment. */
  capacity: { code: 'RATE_LIMITED', taxonomy: 'capacity', retryAfterMs: 5_000 },
  /** What may be used of it is used up for now. */
  quota: { code: 'RATE_LIMITED', taxonomy: 'quota', retryAfterMs: 5_000 },
  /** It took too long. */
  timeout: { code: 'DEADLINE_EXCEEDED', taxonomy: 'network', retryAfterMs: 2_000 },
  /** The device is offline, calibrating or in maintenance. */
  offline: { code: 'DEVICE_OFFLINE', taxonomy: 'provider' },
  /** It refuses the circuit or a setting. */
  invalid: { code: 'JOB_SPEC_INVALID', taxonomy: 'runtime' },
  /** It cannot do this at all. */
  unsupported: { code: 'NOT_IMPLEMENTED', taxonomy: 'provider' },
  /** It does not know the device. */
  no_device: { code: 'DEVICE_NOT_FOUND', taxonomy: 'runtime' },
  /** It refuses the credentials of this platform. */
  credentials: { code: 'BACKEND_CREDENTIALS', taxonomy: 'auth' },
  /** It does not know the execution (any more). */
  lost: { code: 'EXECUTION_LOST', taxonomy: 'provider' },
  /** It ran the circuit and failed. */
  failed: { code: 'INTERNAL', taxonomy: 'internal' },
} as const satisfies Record<string, BackendErrorRow>;

export type BackendErrorKind = keyof typeof BACKEND_ERRORS;

/** The error that a driver throws when its backend fails in this way. */
export function backendError(
  kind: BackendErrorKind,
  message: string,
  options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
): QfsError {
  const row: BackendErrorRow = BACKEND_ERRORS[kind];
  const retryAfterMs = options.retryAfterMs ?? row.retryAfterMs;
  return new QfsError(row.code, message, {
    metadata: { taxonomy: row.taxonomy },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(options.cause !== undefined && { cause: options.cause }),
  });
}

/**
 * What a driver threw as a QfsError. An error of another copy of the platform's packages, as a plugin may bring one,
 * is known by its code; anything else is the driver's bug, which another attempt may avoid.
 */
export function errorOfDriver(driver: string, operation: string, thrown: unknown): QfsError {
  if (thrown instanceof QfsError) return thrown;
  if (
    thrown instanceof Error &&
    'code' in thrown &&
    typeof thrown.code === 'string' &&
    isErrorCode(thrown.code)
  ) {
    const { retryAfterMs } = thrown as { retryAfterMs?: unknown };
    return new QfsError(thrown.code, thrown.message, {
      cause: thrown,
      ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
    });
  }
  const message = `Driver ${driver} failed in ${operation}; the call may succeed later.`;
  return new QfsError('BACKEND_UNAVAILABLE', message, { cause: thrown });
}
