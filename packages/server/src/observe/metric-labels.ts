import { ARTIFACT_TYPES } from '@qfs/circuitfs';
import { ERRORS } from '@qfs/core';
import { ENTRY_TYPES } from '@qfs/fabric';
import { isTerminal, JOB_STATE_NAMES } from '@qfs/kernel';

/**
 * What a label may say: one of these words, or at most so many different words where things have names of
 * their own, such as devices. Everything else is counted as `other`: nobody outside can make series.
 */
export type LabelValues = readonly string[] | number;

/** The label value of everything that has no value of its own. */
export const OTHER = 'other';

const GRPC_STATUSES = [...new Set(Object.values(ERRORS).map(({ grpc }) => grpc))];
/** As gRPC libraries write them: `NotFound`. */
const pascal = (status: string): string =>
  status.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
const HTTP_STATUSES = [
  ...[200, 201, 202, 204, 206, 301, 302, 304, 400, 404, 500],
  ...Object.values(ERRORS).map(({ http }) => http),
].map(String);

/** Values that several metrics share. */
export const LABELS = {
  method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'GRPC'],
  /** Route patterns and methods of services, never paths. */
  endpoint: 256,
  status: [...new Set([...HTTP_STATUSES, 'Ok', 'Canceled', 'Unknown', ...GRPC_STATUSES.map(pascal)])],
  grpcStatus: ['OK', ...GRPC_STATUSES],
  reason: Object.keys(ERRORS),
  /** Reasons that say what was wrong with a request. */
  invalid: Object.entries(ERRORS)
    .filter(([, { grpc, http }]) => grpc === 'INVALID_ARGUMENT' && http < 500)
    .map(([code]) => code),
  from: ['NEW', ...JOB_STATE_NAMES],
  to: JOB_STATE_NAMES,
  stage: JOB_STATE_NAMES.filter((name) => !isTerminal(name)),
  deviceId: 256,
  driver: 64,
  artifactType: ARTIFACT_TYPES,
  entryType: ENTRY_TYPES.map(({ type }) => type),
  success: ['true', 'false'],
} as const satisfies Readonly<Record<string, LabelValues>>;
