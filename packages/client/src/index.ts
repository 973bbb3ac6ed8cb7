/** `@qfs/client`: the public contract over gRPC, as promises and async iterators. */
export { type Client, type ClientOptions, createClient, ENDPOINT_DEFAULT } from './client.ts';
export { deviceStatusName, jobStateOf, stateName, TERMINAL_STATES } from './state-names.ts';
