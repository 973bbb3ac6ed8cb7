import { isErrorCode, QfsError } from '@qfs/core';

/**
 * Every field a log line may have. What is not here is not written: neither programs nor credentials can get
 * into a log because somebody handed over too much.
 */
const LOG_FIELDS: ReadonlySet<string> = new Set([
  // What belongs together.
  ...['trace_id', 'span_id', 'request_id', 'job_id', 'device_id'],
  // Who says it of what.
  ...['component', 'stage', 'state', 'from', 'driver', 'method', 'endpoint', 'status', 'resource', 'auth'],
  ...['http.request.method', 'http.route', 'http.response.status_code'],
  ...['rpc.system', 'rpc.service', 'rpc.method'],
  ...['entry_type', 'artifact_hash', 'path', 'size', 'artifacts', 'jobs', 'files', 'earlier_attempts'],
  // How it went.
  ...['reason', 'code', 'error', 'duration_seconds'],
]);

interface LoggedError {
  /** Our code, or the name of what somebody else threw. */
  readonly kind: string;
  readonly message: string;
  /** What the innermost error said. */
  readonly root_cause: string;
  /** Of bugs, where they are. */
  readonly stack?: string | undefined;
}

function loggedError(thrown: unknown): LoggedError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const kind = error instanceof QfsError && isErrorCode(error.code) ? error.code : error.name;
  const isBug = !(error instanceof QfsError) || error.code === 'INTERNAL';
  const root_cause = rootCauseOf(error);
  return { kind, message: error.message, root_cause, ...(isBug ? { stack: error.stack } : {}) };
}

function rootCauseOf(error: Error): string {
  let root = error;
  // A chain that long is a circle.
  for (let depth = 0; depth < 32 && root.cause instanceof Error; depth += 1) root = root.cause;
  return root.message;
}

/** The fields of a line that may be written, and the names of those that were left out. */
export function permittedFields(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const permitted: Record<string, unknown> = {};
  const left: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (name === 'err') permitted.error = loggedError(value);
    else if (value === undefined) continue;
    else if (LOG_FIELDS.has(name)) permitted[name] = value;
    else left.push(name.slice(0, 40));
  }
  if (left.length > 0) permitted.fields_left_out = left;
  return permitted;
}
