/** `@qfs/client`: the public contract over gRPC, as promises and async iterators. */

export { deviceStatusName, jobStateOf, stateName, TERMINAL_STATES } from '@qfs/rpc';
export { type Client, type ClientOptions, createClient, ENDPOINT_DEFAULT } from './client.ts';
