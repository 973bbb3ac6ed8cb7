import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CallOptions, Client as ServiceClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { QfsError } from '@qfs/core';
import { DeviceService, JobService, LogService, TERMINAL_STATES, wireClient } from '@qfs/rpc';
import type {
  DeviceInfo,
  GetJobResultsResponse,
  Job,
  JobArtifact,
  JobState,
  JobUpdate,
  RedriveJobResponse,
  SubmitJobRequestSchema,
  SubmitJobResponse,
} from '@qfs/rpc/api';
import type {
  GetLogStatusResponse,
  ReadLogRequestSchema,
  ReadLogResponse,
  ReplayLogResponse,
  VerifyLogResponse,
} from '@qfs/rpc/fabric';

export const ENDPOINT_DEFAULT = 'http://127.0.0.1:50051';

export interface ClientOptions {
  /** Address of the gRPC door, `http://host:port`. */
  readonly endpoint?: string;
  /** Sent as bearer token. */
  readonly token?: string;
  /** Bound of one unary call. */
  readonly timeoutMs?: number;
  /** Pause before a broken stream is opened again; it grows with every failure. */
  readonly resumeDelayMs?: number;
}

export interface Client {
  submit(
    request: MessageInitShape<typeof SubmitJobRequestSchema>,
    options?: { idempotencyKey?: string },
  ): Promise<SubmitJobResponse>;
  job(jobId: string): Promise<Job>;
  /** One page, newest first. */
  list(filter?: {
    states?: JobState[];
    cursor?: string;
    limit?: number;
  }): Promise<{ jobs: Job[]; nextCursor: string }>;
  cancel(jobId: string): Promise<{ accepted: boolean; outcome: string }>;
  /** Gives up every byte of a job that has ended; answers with the index of JOB_DELETED. */
  delete(jobId: string): Promise<bigint>;
  /** Submits a job that has ended again, as a new one. */
  redrive(jobId: string): Promise<RedriveJobResponse>;
  results(jobId: string): Promise<GetJobResultsResponse>;
  artifacts(jobId: string): Promise<JobArtifact[]>;
  artifact(jobId: string, name: string): Promise<Uint8Array>;
  /** The bytes of the receipt of a job that has ended; waits for the checkpoint that covers it. */
  receipt(jobId: string): Promise<Uint8Array>;
  devices(): Promise<DeviceInfo[]>;
  readonly log: LogClient;
  /**
   * Updates from event `after` on, to the terminal one. A broken connection is resumed where it broke, as long as
   * the server can be reached again within the retries.
   */
  updates(jobId: string, options?: { after?: bigint; signal?: AbortSignal }): AsyncIterable<JobUpdate>;
  /** Ends the connection; a client that is not closed keeps it for a while. */
  close(): void;
}

/** The log of the server's cluster. Streams have no time limit of their own. */
interface LogClient {
  status(): Promise<GetLogStatusResponse>;
  read(
    range: MessageInitShape<typeof ReadLogRequestSchema>,
    signal?: AbortSignal,
  ): AsyncIterable<ReadLogResponse>;
  verify(from: bigint, signal?: AbortSignal): AsyncIterable<VerifyLogResponse>;
  replay(from: bigint, signal?: AbortSignal): AsyncIterable<ReplayLogResponse>;
}

const TIMEOUT_MS = 30_000;
/** Checkpoints follow an entry within two seconds; a slow disk may need more. */
const CHECKPOINT_MS_MAX = 10_000;
const CHECKPOINT_POLL_MS = 250;
/** Results and artifacts come as one message. */
const MESSAGE_BYTES_MAX = 1024 * 1024 * 1024;
const PING_MS = 30_000;
const RESUMES_MAX = 5;
const RESUME_DELAY_MS = 200;

/** A client of one server. Failures are QfsErrors with the codes of the error table. */
export function createClient(options: ClientOptions = {}): Client {
  const baseUrl = options.endpoint ?? ENDPOINT_DEFAULT;
  const sessionManager = new Http2SessionManager(baseUrl, { pingIntervalMs: PING_MS });
  const transport = createGrpcTransport({ baseUrl, sessionManager, readMaxBytes: MESSAGE_BYTES_MAX });
  const { resumeDelayMs = RESUME_DELAY_MS } = options;
  const jobs = wireClient(JobService, transport);
  const devices = wireClient(DeviceService, transport);
  const log = wireClient(LogService, transport);
  const headers: Record<string, string> =
    options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
  const unary: CallOptions = { timeoutMs: options.timeoutMs ?? TIMEOUT_MS, headers };
  return {
    submit: (request, { idempotencyKey } = {}) => {
      const key = idempotencyKey === undefined ? {} : { 'x-idempotency-key': idempotencyKey };
      return jobs.submitJob(request, { ...unary, headers: { ...headers, ...key } });
    },
    job: async (jobId) => required((await jobs.getJob({ jobId }, unary)).job, 'job'),
    list: (filter = {}) => jobs.listJobs(filter, unary),
    cancel: (jobId) => jobs.cancelJob({ jobId }, unary),
    delete: async (jobId) => (await jobs.deleteJob({ jobId }, unary)).logIndex,
    redrive: (jobId) => jobs.redriveJob({ jobId }, unary),
    results: (jobId) => jobs.getJobResults({ jobId }, unary),
    artifacts: async (jobId) => (await jobs.listJobArtifacts({ jobId }, unary)).artifacts,
    artifact: async (jobId, name) => (await jobs.getJobArtifact({ jobId, name }, unary)).data,
    receipt: async (jobId) => (await whenCovered(() => jobs.getReceipt({ jobId }, unary))).receiptJson,
    devices: async () => (await devices.listDevices({}, unary)).devices,
    log: {
      status: () => log.getLogStatus({}, unary),
      read: (range, signal) => log.readLog(range, streaming(headers, signal)),
      verify: (from, signal) => log.verifyLog({ from }, streaming(headers, signal)),
      replay: (from, signal) => log.replayLog({ from }, streaming(headers, signal)),
    },
    updates: (jobId, { after = 0n, signal } = {}) =>
      resumedUpdates(jobs, jobId, after, resumeDelayMs, streaming(headers, signal)),
    close: () => sessionManager.abort(),
  };
}

const streaming = (headers: Record<string, string>, signal: AbortSignal | undefined): CallOptions =>
  signal === undefined ? { headers } : { headers, signal };

/** Asks again while no checkpoint covers what was asked for. */
async function whenCovered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let waitedMs = 0; ; waitedMs += CHECKPOINT_POLL_MS) {
    try {
      return await ask();
    } catch (thrown) {
      if (QfsError.from(thrown).code !== 'RECEIPT_PENDING' || waitedMs >= CHECKPOINT_MS_MAX) throw thrown;
    }
    await new Promise((resolve) => setTimeout(resolve, CHECKPOINT_POLL_MS));
  }
}

async function* resumedUpdates(
  jobs: ServiceClient<typeof JobService>,
  jobId: string,
  after: bigint,
  delayMs: number,
  options: CallOptions,
): AsyncGenerator<JobUpdate> {
  let last = after;
  for (let failures = 0; ; ) {
    try {
      for await (const update of jobs.streamJobUpdates({ jobId, lastEventSeq: last }, options)) {
        if (update.heartbeat || update.eventSeq <= last) continue;
        failures = 0;
        last = update.eventSeq;
        yield update;
        if (TERMINAL_STATES.has(update.state)) return;
      }
    } catch (thrown) {
      const error = QfsError.from(thrown);
      if (!error.row.retryable || options.signal?.aborted === true || failures >= RESUMES_MAX) throw error;
    }
    failures += 1;
    if (failures > RESUMES_MAX) {
      throw new QfsError('BACKEND_UNAVAILABLE', `The update stream of ${jobId} ended before the job did.`);
    }
    await new Promise((resolve) => setTimeout(resolve, delayMs * failures));
  }
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new QfsError('INTERNAL', `The server's answer holds no ${what}.`);
  return value;
}
