/** Names of the gRPC statuses that errors have. */
export type GrpcCode =
  | 'CANCELLED'
  | 'INVALID_ARGUMENT'
  | 'DEADLINE_EXCEEDED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'OUT_OF_RANGE'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'UNAUTHENTICATED';

export interface ErrorRow {
  readonly grpc: GrpcCode;
  readonly http: number;
  /** May the same call succeed later without being changed? */
  readonly retryable: boolean;
  readonly title: string;
  /** What happened and what to do, for the reference page. */
  readonly help: string;
}

export const row = (
  grpc: GrpcCode,
  http: number,
  retryable: boolean,
  title: string,
  help: string,
): ErrorRow => ({
  grpc,
  http,
  retryable,
  title,
  help,
});
