/** `@qfs/client`: the public contract over gRPC, as promises and async iterators. */

export { deviceStatusName, jobStateOf, STATE_NAMES, stateName, TERMINAL_STATES } from '@qfs/rpc';
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
} from '@qfs/rpc/json';
export { type Client, type ClientOptions, createClient, ENDPOINT_DEFAULT } from './client.ts';
