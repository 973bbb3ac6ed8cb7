/** `@qfs/client`: the public contract over gRPC, as promises and async iterators. */

export { deviceStatusName, jobStateOf, STATE_NAMES, stateName, TERMINAL_STATES } from '@qfs/rpc';
export type { ApiToken, DeviceInfo, GetIdentityResponse, Job, JobUpdate } from '@qfs/rpc/api';
export type { GetLogStatusResponse, ReadLogResponse } from '@qfs/rpc/fabric';
export {
  acceptedJson,
  artifactJson,
  circuitMetricsJson,
  deviceJson,
  jobJson,
  problemJson,
  resultsText,
  timeJson,
  updateJson,
} from '@qfs/rpc/json';
export { type Client, createClient } from './client.ts';
export { type CallRecord, type ClientOptions, ENDPOINT_DEFAULT } from './connection.ts';
