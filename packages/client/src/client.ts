import { setTimeout as sleep } from 'node:timers/promises';
import { type CallOptions, Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { QfsError } from '@qfs/core';
import { DeviceService, JobService, wireClient } from '@qfs/rpc';
import { type DeviceInfo, type Job, type JobArtifact, JobState, type JobUpdate } from '@qfs/rpc/api';
import { type JobSubmission, type SubmittedJob, submitRequest } from './submission.ts';

export const ENDPOINT_DEFAULT = 'http://127.0.0.1:50051';
const TIMEOUT_MS_DEFAULT = 60_000;
/** A stream that broke is opened again after these pauses; then the platform counts as gone. */
const RECONNECT_PAUSES_MS = [100, 300, 1000, 3000, 10_000];

export interface ConnectOptions {
  /** Address of the gRPC door; default: `ENDPOINT_DEFAULT`. */
  readonly endpoint?: string;
  readonly token?: string;
  /** How long one call may take; streams have no limit. */
  readonly timeoutMs?: number;
  readonly requestId?: string;
  readonly traceparent?: string;
}

export interface WatchOptions {
  /** Sequence number of the last event that was seen. */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

export interface JobResults {
  readonly state: JobState;
  /** `results.json` as it is stored; absent unless the job is DONE. */
  readonly resultsJson?: Uint8Array;
  /** "sha256:<hex>" of it. */
  readonly resultsDigest?: string;
  /** Why there are none. */
  readonly error?: { readonly code: string; readonly reason: string; readonly summary: string };
}

/** Everything the platform can be asked. Failures are QfsErrors; BACKEND_UNAVAILABLE when nobody answers. */
export interface PlatformClient {
  readonly endpoint: string;
  submit(job: JobSubmission): Promise<SubmittedJob>;
  job(jobId: string): Promise<Job>;
  /** One page of jobs, newest first. */
  list(query?: {
    readonly states?: readonly JobState[];
    readonly cursor?: string;
    readonly limit?: number;
  }): Promise<{
    readonly jobs: readonly Job[];
    readonly nextCursor: string;
  }>;
  /** Events in order, each once, until the terminal one; a broken stream is resumed. */
  watch(jobId: string, options?: WatchOptions): AsyncGenerator<JobUpdate>;
  /** The job once it has ended. */
  wait(jobId: string, options?: WatchOptions): Promise<Job>;
  results(jobId: string): Promise<JobResults>;
  cancel(jobId: string): Promise<{ readonly accepted: boolean; readonly outcome: string }>;
  /** Submits a dead letter again; the id of the new job. */
  redrive(jobId: string): Promise<string>;
  artifacts(jobId: string): Promise<readonly JobArtifact[]>;
  artifact(jobId: string, name: string): Promise<Uint8Array>;
  devices(): Promise<readonly DeviceInfo[]>;
  close(): void;
}

/** Opens a client; the connection is made with the first call. */
export function connect(options: ConnectOptions = {}): PlatformClient {
  const endpoint = endpointOf(options.endpoint ?? ENDPOINT_DEFAULT);
  const sessionManager = new Http2SessionManager(endpoint);
  const transport = createGrpcTransport({
    baseUrl: endpoint,
    sessionManager,
    interceptors: [withHeaders(options)],
  });
  const jobs = wireClient(JobService, transport);
  const devices = wireClient(DeviceService, transport);
  const limit: CallOptions = { timeoutMs: options.timeoutMs ?? TIMEOUT_MS_DEFAULT };
  const asked = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      throw explained(error, endpoint);
    }
  };
  const watch = (jobId: string, watching: WatchOptions = {}) => watchJob(jobs, endpoint, jobId, watching);
  const job = async (jobId: string): Promise<Job> => (await asked(jobs.getJob({ jobId }, limit))).job!;
  return {
    endpoint,
    job,
    watch,
    async submit(submission) {
      const { jobId, logIndex, replayed } = await asked(jobs.submitJob(submitRequest(submission), limit));
      return { jobId, logIndex: Number(logIndex), replayed };
    },
    list: ({ states = [], cursor = '', limit: size = 0 } = {}) =>
      asked(jobs.listJobs({ states: [...states], cursor, limit: size }, limit)),
    async wait(jobId, watching) {
      for await (const _ of watch(jobId, watching));
      return job(jobId);
    },
    async results(jobId) {
      const answer = await asked(jobs.getJobResults({ jobId }, limit));
      const {
        state,
        resultsJson,
        resultsDigest,
        errorCode: code,
        errorReason: reason,
        errorSummary: summary,
      } = answer;
      if (state === JobState.DONE) return { state, resultsJson, resultsDigest };
      return { state, error: { code, reason, summary } };
    },
    async cancel(jobId) {
      const { accepted, outcome } = await asked(jobs.cancelJob({ jobId }, limit));
      return { accepted, outcome };
    },
    redrive: async (jobId) => (await asked(jobs.redriveJob({ jobId }, limit))).jobId,
    artifacts: async (jobId) => (await asked(jobs.listJobArtifacts({ jobId }, limit))).artifacts,
    artifact: async (jobId, name) => (await asked(jobs.getJobArtifact({ jobId, name }, limit))).data,
    devices: async () => (await asked(devices.listDevices({}, limit))).devices,
    close: () => sessionManager.abort(),
  };
}

/** `host:port` and `http://host:port` both name an endpoint. */
function endpointOf(text: string): string {
  const url = URL.parse(/^https?:\/\//.test(text) ? text : `http://${text}`);
  if (url === null || url.pathname !== '/' || url.search !== '') {
    throw new QfsError(
      'REQUEST_INVALID',
      `The endpoint '${text}' is not an address such as ${ENDPOINT_DEFAULT}.`,
    );
  }
  return url.origin;
}

function withHeaders({ token, requestId, traceparent }: ConnectOptions): Interceptor {
  return (next) => (request) => {
    if (token !== undefined) request.header.set('authorization', `Bearer ${token}`);
    if (requestId !== undefined) request.header.set('x-request-id', requestId);
    if (traceparent !== undefined) request.header.set('traceparent', traceparent);
    return next(request);
  };
}

async function* watchJob(
  jobs: ReturnType<typeof wireClient<typeof JobService>>,
  endpoint: string,
  jobId: string,
  { after = 0, signal }: WatchOptions,
): AsyncGenerator<JobUpdate> {
  let seen = BigInt(after);
  let pauses = [...RECONNECT_PAUSES_MS];
  for (;;) {
    try {
      const options: CallOptions = signal === undefined ? {} : { signal };
      for await (const update of jobs.streamJobUpdates({ jobId, lastEventSeq: seen }, options)) {
        if (update.heartbeat || update.eventSeq <= seen) continue;
        pauses = [...RECONNECT_PAUSES_MS];
        seen = update.eventSeq;
        yield update;
      }
      return;
    } catch (thrown) {
      const error = explained(thrown, endpoint);
      const pause = error.row.grpc === 'UNAVAILABLE' && !signal?.aborted ? pauses.shift() : undefined;
      if (pause === undefined) throw error;
      await sleep(pause, undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** An error of the transport says nothing about the platform; this one says where nobody answered. */
function explained(thrown: unknown, endpoint: string): QfsError {
  const error = QfsError.from(thrown);
  const { cause } = error;
  if (
    error.code !== 'BACKEND_UNAVAILABLE' ||
    !(cause instanceof ConnectError) ||
    cause.code !== Code.Unavailable
  ) {
    return error;
  }
  const message = `Nobody answers at ${endpoint} (${cause.rawMessage}). Start the platform with "npm start", or give another address.`;
  return new QfsError('BACKEND_UNAVAILABLE', message, { cause });
}
