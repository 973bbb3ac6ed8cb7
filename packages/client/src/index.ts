/** `@qfs/client`: the public contract over gRPC, as promises and async iterators. */

/** A moment in the form of messages. */
export { timestampFromMs } from '@bufbuild/protobuf/wkt';
export { deviceStatusName, jobStateOf, STATE_NAMES, stateName, TERMINAL_STATES } from '@qfs/rpc';
export type {
  ApiToken,
  DeviceInfo,
  DispatchRationale,
  GetIdentityResponse,
  Job,
  JobUpdate,
  Reservation,
} from '@qfs/rpc/api';
export type { GetLogStatusResponse, ReadLogResponse } from '@qfs/rpc/fabric';
export {
  acceptedJson,
  artifactJson,
  circuitMetricsJson,
  deviceJson,
  identityJson,
  jobJson,
  problemJson,
  rationaleJson,
  reservationJson,
  reservedJson,
  resultsText,
  timeJson,
  tokenJson,
  updateJson,
} from '@qfs/rpc/json';
export { type Client, createClient } from './client.ts';
export { type CallRecord, type ClientOptions, ENDPOINT_DEFAULT } from './connection.ts';
