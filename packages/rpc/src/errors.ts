import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { type Diagnostic, type ErrorCode, type GrpcCode, isErrorCode, QfsError } from '@qfs/core';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from './gen/google/rpc/error_details_pb.ts';

/** `ErrorInfo.domain` of every error of QFS; its `reason` is the code of the error table. */
export const ERROR_DOMAIN = 'qfs';
/**
 * Details travel base64-encoded in one trailer, and stock clients accept 8 KiB of trailers: of many
 * diagnostics the first that fit are sent, and `diagnostics_total` says how many there are.
 */
export const DIAGNOSTICS_BYTES_MAX = 3072;

const CODES: Readonly<Record<GrpcCode, Code>> = {
  CANCELLED: Code.Canceled,
  INVALID_ARGUMENT: Code.InvalidArgument,
  DEADLINE_EXCEEDED: Code.DeadlineExceeded,
  NOT_FOUND: Code.NotFound,
  ALREADY_EXISTS: Code.AlreadyExists,
  PERMISSION_DENIED: Code.PermissionDenied,
  RESOURCE_EXHAUSTED: Code.ResourceExhausted,
  FAILED_PRECONDITION: Code.FailedPrecondition,
  ABORTED: Code.Aborted,
  OUT_OF_RANGE: Code.OutOfRange,
  UNIMPLEMENTED: Code.Unimplemented,
  INTERNAL: Code.Internal,
  UNAVAILABLE: Code.Unavailable,
  UNAUTHENTICATED: Code.Unauthenticated,
};

/** What an error without our details means, for peers and transports that send none. */
const FOREIGN: Partial<Record<Code, ErrorCode>> = {
  [Code.Canceled]: 'CANCELLED',
  [Code.InvalidArgument]: 'REQUEST_INVALID',
  [Code.DeadlineExceeded]: 'DEADLINE_EXCEEDED',
  [Code.NotFound]: 'ROUTE_NOT_FOUND',
  [Code.PermissionDenied]: 'AUTH_DENIED',
  [Code.ResourceExhausted]: 'PAYLOAD_TOO_LARGE',
  [Code.Unimplemented]: 'NOT_IMPLEMENTED',
  [Code.Unavailable]: 'BACKEND_UNAVAILABLE',
  [Code.Unauthenticated]: 'AUTH_MISSING',
};

/** Which kind of thing a NOT_FOUND or conflict is about, and the metadata key that names it. */
const RESOURCES: Partial<Record<ErrorCode, readonly [type: string, key: string]>> = {
  JOB_NOT_FOUND: ['job', 'job_id'],
  JOB_TERMINAL: ['job', 'job_id'],
  JOB_NOT_TERMINAL: ['job', 'job_id'],
  ARTIFACT_NOT_FOUND: ['artifact', 'name'],
  ARTIFACT_EXISTS: ['artifact', 'name'],
  ARTIFACT_CORRUPT: ['artifact', 'name'],
  DEVICE_NOT_FOUND: ['device', 'device_id'],
  DEVICE_OFFLINE: ['device', 'device_id'],
  DEVICE_FULLY_RESERVED: ['device', 'device_id'],
  RESERVATION_NOT_FOUND: ['reservation', 'reservation_id'],
  RESERVATION_INVALID: ['reservation', 'reservation_id'],
};

/** A gRPC error with `google.rpc` details: ErrorInfo first, then what else is known. */
export function toConnectError(error: QfsError): ConnectError {
  const metadata: Record<string, string> = { ...error.metadata, retryable: String(error.row.retryable) };
  if (error.diagnostics.length > 0) {
    metadata.diagnostics_json = diagnosticsJson(error.diagnostics);
    metadata.diagnostics_total = String(error.diagnostics.length);
  }
  const details = [detail(ErrorInfoSchema, { reason: error.code, domain: ERROR_DOMAIN, metadata })];
  if (error.violations.length > 0) {
    const fieldViolations = error.violations.map(({ field, description }) => ({ field, description }));
    details.push(detail(BadRequestSchema, { fieldViolations }));
  }
  const [resourceType, key] = RESOURCES[error.code] ?? [];
  const resourceName = key === undefined ? undefined : error.metadata[key];
  if (resourceType !== undefined && resourceName !== undefined) {
    details.push(detail(ResourceInfoSchema, { resourceType, resourceName, description: error.message }));
  }
  if (error.retryAfterMs !== undefined) {
    const seconds = Math.floor(error.retryAfterMs / 1000);
    const nanos = Math.round((error.retryAfterMs - seconds * 1000) * 1e6);
    details.push(detail(RetryInfoSchema, { retryDelay: { seconds: BigInt(seconds), nanos } }));
  }
  return new ConnectError(error.message, CODES[error.row.grpc], undefined, details, error);
}

function detail<D extends DescMessage>(desc: D, value: MessageInitShape<D>) {
  return { desc: desc as DescMessage, value: create(desc, value) as MessageInitShape<DescMessage> };
}

function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  const parts: string[] = [];
  let bytes = 2;
  for (const diagnostic of diagnostics) {
    const part = JSON.stringify(diagnostic);
    bytes += Buffer.byteLength(part) + 1;
    if (bytes > DIAGNOSTICS_BYTES_MAX) break;
    parts.push(part);
  }
  return `[${parts.join(',')}]`;
}

/** The QfsError that a peer threw, or the nearest one when the peer or the transport is not ours. */
export function fromConnectError(thrown: unknown): QfsError {
  if (thrown instanceof QfsError) return thrown;
  if (!(thrown instanceof ConnectError)) return QfsError.from(thrown);
  if (thrown.cause instanceof QfsError) return thrown.cause;
  const info = thrown.findDetails(ErrorInfoSchema).find(({ domain }) => domain === ERROR_DOMAIN);
  if (info === undefined || !isErrorCode(info.reason)) {
    const code = FOREIGN[thrown.code] ?? 'INTERNAL';
    return new QfsError(code, thrown.rawMessage, { cause: thrown });
  }
  const { retryable: _, diagnostics_json: diagnostics, diagnostics_total: __, ...metadata } = info.metadata;
  const [badRequest] = thrown.findDetails(BadRequestSchema);
  const [retry] = thrown.findDetails(RetryInfoSchema);
  const retryAfterMs = retryDelayMs(retry);
  return new QfsError(info.reason, thrown.rawMessage, {
    cause: thrown,
    metadata,
    diagnostics: diagnostics === undefined ? [] : parseDiagnostics(diagnostics),
    violations: (badRequest?.fieldViolations ?? []).map(({ field, description }) => ({ field, description })),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function retryDelayMs(retry: MessageShape<typeof RetryInfoSchema> | undefined): number | undefined {
  if (retry?.retryDelay === undefined) return undefined;
  return Number(retry.retryDelay.seconds) * 1000 + retry.retryDelay.nanos / 1e6;
}

function parseDiagnostics(json: string): Diagnostic[] {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) ? (parsed as Diagnostic[]) : [];
  } catch {
    return [];
  }
}
