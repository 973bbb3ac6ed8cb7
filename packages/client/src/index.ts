/** `@qfs/client`: a platform somewhere else, as typed calls over gRPC. */

export type { JobResults, WatchOptions } from './client.ts';
export { type ConnectOptions, connect, ENDPOINT_DEFAULT, type PlatformClient } from './client.ts';
export type { JobSubmission, SubmittedJob, SubmittedProgram } from './submission.ts';
