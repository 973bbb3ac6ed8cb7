import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CallOptions } from '@connectrpc/connect';
import { QfsError } from '@qfs/core';
import { DeviceService, JobService, LogService, TokenService, VERSION_HEADER, wireClient } from '@qfs/rpc';
import type {
  ApiToken,
  CreateTokenRequestSchema,
  CreateTokenResponse,
  DeviceInfo,
  DispatchRationale,
  GetIdentityResponse,
  GetJobResultsResponse,
  Job,
  JobArtifact,
  JobUpdate,
  ListJobsRequestSchema,
  RedriveJobResponse,
  Reservation,
  ReserveDeviceRequestSchema,
  ReserveDeviceResponse,
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
import { Health, HealthCheckResponse_ServingStatus as ServingStatus } from '@qfs/rpc/grpc';
import { type ClientOptions, connect } from './connection.ts';
import { resumedUpdates } from './resumed-updates.ts';

export interface Client {
  submit(
    request: MessageInitShape<typeof SubmitJobRequestSchema>,
    options?: { idempotencyKey?: string },
  ): Promise<SubmitJobResponse>;
  job(jobId: string): Promise<Job>;
  /** One page, newest first. */
  list(filter?: MessageInitShape<typeof ListJobsRequestSchema>): Promise<{ jobs: Job[]; nextCursor: string }>;
  cancel(jobId: string): Promise<{ accepted: boolean; outcome: string }>;
  /** Gives up every byte of a job that has ended; answers with the index of JOB_DELETED. */
  delete(jobId: string): Promise<bigint>;
  /** Submits a job that has ended again, as a new one. */
  redrive(jobId: string, options?: { idempotencyKey?: string }): Promise<RedriveJobResponse>;
  results(jobId: string): Promise<GetJobResultsResponse>;
  /** Why the job is where it is. */
  rationale(jobId: string): Promise<DispatchRationale>;
  artifacts(jobId: string): Promise<JobArtifact[]>;
  artifact(jobId: string, name: string): Promise<Uint8Array>;
  /** The bytes of the receipt of a job that has ended; waits for the checkpoint that covers it. */
  receipt(jobId: string): Promise<Uint8Array>;
  devices(): Promise<DeviceInfo[]>;
  device(deviceId: string): Promise<DeviceInfo>;
  /** A lease of a slot of a device, which ends by itself. */
  reserve(request: MessageInitShape<typeof ReserveDeviceRequestSchema>): Promise<ReserveDeviceResponse>;
  /** Reservations of the caller's tenant and project, of one device or of all. */
  reservations(deviceId?: string): Promise<Reservation[]>;
  /** Gives a reservation back before it ends by itself. */
  release(reservationId: string): Promise<void>;
  readonly log: LogClient;
  readonly tokens: TokenClient;
  /** Who the caller is to the server. */
  identity(): Promise<GetIdentityResponse>;
  /** Is everything that the server depends on ready? Names its version where it tells it. */
  health(): Promise<ServerHealth>;
  /**
   * Updates from event `after` on, to the terminal one. A broken connection is resumed where it broke, as long as
   * the server can be reached again within the retries.
   */
  updates(jobId: string, options?: { after?: bigint; signal?: AbortSignal }): AsyncIterable<JobUpdate>;
  /** Ends the connection; a client that is not closed keeps it for a while. */
  close(): void;
}

interface ServerHealth {
  readonly serving: boolean;
  readonly version?: string;
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

/** API tokens of the caller's tenant. */
interface TokenClient {
  /** The secret is in this answer and nowhere else. */
  create(request: MessageInitShape<typeof CreateTokenRequestSchema>): Promise<CreateTokenResponse>;
  /** Newest first; expired and revoked ones only with `ended`. */
  list(options?: { ended?: boolean }): Promise<ApiToken[]>;
  revoke(tokenId: string): Promise<ApiToken>;
}

/** Checkpoints follow an entry within two seconds; a slow disk may need more. */
const CHECKPOINT_MS_MAX = 10_000;
const CHECKPOINT_POLL_MS = 250;
const RESUME_DELAY_MS = 200;

/** A client of one server. Failures are QfsErrors with the codes of the error table. */
export function createClient(options: ClientOptions = {}): Client {
  const { close, headers, transport, unary } = connect(options);
  const jobs = wireClient(JobService, transport);
  const devices = wireClient(DeviceService, transport);
  const log = wireClient(LogService, transport);
  const tokens = wireClient(TokenService, transport);
  const streaming = (signal?: AbortSignal): CallOptions =>
    signal === undefined ? { headers } : { headers, signal };
  const once = ({ idempotencyKey }: { idempotencyKey?: string } = {}): CallOptions =>
    idempotencyKey === undefined
      ? unary
      : { ...unary, headers: { ...headers, 'x-idempotency-key': idempotencyKey } };
  return {
    submit: (request, options) => jobs.submitJob(request, once(options)),
    job: async (jobId) => required((await jobs.getJob({ jobId }, unary)).job, 'job'),
    list: (filter = {}) => jobs.listJobs(filter, unary),
    cancel: (jobId) => jobs.cancelJob({ jobId }, unary),
    delete: async (jobId) => (await jobs.deleteJob({ jobId }, unary)).logIndex,
    redrive: (jobId, options) => jobs.redriveJob({ jobId }, once(options)),
    results: (jobId) => jobs.getJobResults({ jobId }, unary),
    rationale: async (jobId) =>
      required((await jobs.getDispatchRationale({ jobId }, unary)).rationale, 'rationale'),
    artifacts: async (jobId) => (await jobs.listJobArtifacts({ jobId }, unary)).artifacts,
    artifact: async (jobId, name) => (await jobs.getJobArtifact({ jobId, name }, unary)).data,
    receipt: async (jobId) => (await whenCovered(() => jobs.getReceipt({ jobId }, unary))).receiptJson,
    devices: async () => (await devices.listDevices({}, unary)).devices,
    device: async (deviceId) =>
      required((await devices.getDeviceDetails({ deviceId }, unary)).device, 'device'),
    reserve: (request) => devices.reserveDevice(request, unary),
    reservations: async (deviceId = '') => (await devices.listReservations({ deviceId }, unary)).reservations,
    async release(reservationId) {
      await devices.releaseReservation({ reservationId }, unary);
    },
    log: {
      status: () => log.getLogStatus({}, unary),
      read: (range, signal) => log.readLog(range, streaming(signal)),
      verify: (from, signal) => log.verifyLog({ from }, streaming(signal)),
      replay: (from, signal) => log.replayLog({ from }, streaming(signal)),
    },
    tokens: {
      create: (request) => tokens.createToken(request, unary),
      list: async ({ ended = false } = {}) =>
        (await tokens.listTokens({ includeEnded: ended }, unary)).tokens,
      revoke: async (tokenId) => required((await tokens.revokeToken({ tokenId }, unary)).token, 'token'),
    },
    identity: () => tokens.getIdentity({}, unary),
    async health() {
      let version: string | null = null;
      const onHeader = (answered: Headers): void => {
        version = answered.get(VERSION_HEADER);
      };
      const { status } = await wireClient(Health, transport).check({}, { ...unary, onHeader });
      return { serving: status === ServingStatus.SERVING, ...(version === null ? {} : { version }) };
    },
    updates: (jobId, { after = 0n, signal } = {}) =>
      resumedUpdates(jobs, jobId, after, options.resumeDelayMs ?? RESUME_DELAY_MS, streaming(signal)),
    close,
  };
}

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

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new QfsError('INTERNAL', `The server's answer holds no ${what}.`);
  return value;
}
