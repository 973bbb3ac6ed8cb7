import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { orderCounts, writeResults } from '@qfs/circuit';
import { createCompilationService } from '@qfs/compiler/service';
import { QfsError } from '@qfs/core';
import { digestOf, hex, utf8 } from '@qfs/core/exact';
import {
  type CallContext,
  CompilationService,
  contextOf,
  directClient,
  type Identity,
  KernelGatewayService,
  QfsService,
  type ServiceImpl,
  TERMINAL_STATES,
} from '@qfs/rpc';
import { DeviceStatus, type Job, JobSchema, JobState, type JobUpdate, JobUpdateSchema } from '@qfs/rpc/api';
import type { EnqueueJobRequest, ListJobsRequest } from '@qfs/rpc/internal';
import type { DoorDependencies } from '../door.ts';
import { memoryLog } from './log-room.ts';
import { callerOf, countingRandomness, memorySecurity } from './security.ts';

const EPOCH_SECONDS = 1_790_000_000n;

export const TEST_IDENTITY: Identity = {
  tenantId: 'tenant-default',
  projectId: 'project-default',
  subject: 'local',
  roles: ['admin'],
};

type Kernel = ServiceImpl<typeof KernelGatewayService>;

interface Held {
  job: Job;
  readonly request: EnqueueJobRequest;
  readonly updates: JobUpdate[];
  readonly waiting: Set<() => void>;
}

/**
 * A kernel and a CircuitFS that live in memory and move only when a test says so, as far as doors see them:
 * ids and times count up from fixed values, so that transcripts are the same in every run.
 */
export class MemoryRooms {
  readonly jobs = new Map<string, Held>();
  readonly artifacts = new Map<string, Map<string, Uint8Array>>();
  readonly contexts: CallContext[] = [];
  /** What lists were asked for. */
  readonly listed: ListJobsRequest[] = [];
  readonly #keys = new Map<string, { readonly jobId: string; readonly fingerprint: string }>();
  /** By which entry. */
  readonly #deleted = new Map<string, bigint>();
  readonly #expired = new Set<string>();
  #index = 1n;

  #nextIndex(): bigint {
    this.#index += 1n;
    return this.#index;
  }

  readonly kernel = directClient(KernelGatewayService, this.#kernel());
  readonly qfs = directClient(QfsService, this.#qfs());

  /** Streams that wait for the next event of a job. */
  followers(jobId: string): number {
    return this.jobs.get(jobId)!.waiting.size;
  }

  /** Moves a job to a state, with an event. */
  advance(jobId: string, state: JobState, change: Partial<Omit<Job, '$typeName'>> = {}): void {
    const held = this.jobs.get(jobId)!;
    const eventSeq = held.job.eventSeq + 1n;
    const timestamp = create(TimestampSchema, { seconds: EPOCH_SECONDS + eventSeq });
    const finished = TERMINAL_STATES.has(state) ? { finishedAt: timestamp } : {};
    held.job = create(JobSchema, {
      ...held.job,
      updatedAt: timestamp,
      ...finished,
      ...change,
      state,
      eventSeq,
    });
    const { stage, progress, message, attempts: attempt, errorCode, errorReason } = held.job;
    held.updates.push(
      create(JobUpdateSchema, {
        ...{ jobId, state, stage, progress, message, attempt, errorCode, errorReason, eventSeq, timestamp },
      }),
    );
    for (const wake of held.waiting) wake();
  }

  /** Ends a job with counts. */
  complete(jobId: string, counts: Readonly<Record<string, number>>): void {
    const shots = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const metadata = {
      ...{ method: 'statevector', precision: 'double', fast: false, engine: 'test', engineVersion: '1' },
      ...{ aqoDigest: `sha256:${'0'.repeat(64)}`, qubits: 2 },
    };
    const result = {
      ...{ counts: orderCounts(new Map(Object.entries(counts))), shots, seed: 7, metadata },
      ...{ expectationValues: [], outputs: new Map(), warnings: [] },
    };
    this.artifacts.get(jobId)!.set('results.json', writeResults({ items: [{ results: [result] }] }));
    this.advance(jobId, JobState.DONE, { finishedIndex: this.#nextIndex() });
  }

  /** Gives up the bytes of a job that has ended. */
  expire(jobId: string): void {
    const { job } = this.jobs.get(jobId)!;
    job.expiredIndex = this.#nextIndex();
    this.#expired.add(jobId);
  }

  fail(jobId: string, errorReason: string, errorSummary: string): void {
    const change = { errorCode: 'INTERNAL', errorReason, errorSummary };
    this.advance(jobId, JobState.ERROR, { ...change, errorDetailsRef: `circuit_fs/${jobId}/error.json` });
  }

  #held(jobId: string, { identity }: CallContext): Held {
    const held = this.jobs.get(jobId);
    if (held === undefined || held.job.tenantId !== identity.tenantId) {
      throw new QfsError('JOB_NOT_FOUND', `There is no job '${jobId}'.`, { metadata: { job_id: jobId } });
    }
    if (this.#deleted.has(jobId)) {
      throw new QfsError('JOB_DELETED', `${jobId} was deleted.`, { metadata: { job_id: jobId } });
    }
    return held;
  }

  #accept(request: EnqueueJobRequest, { identity }: CallContext) {
    const number = this.jobs.size + 1;
    const jobId = `job_0199e1a2b3c47000800000000000${number.toString(16).padStart(4, '0')}`;
    const createdAt = create(TimestampSchema, { seconds: EPOCH_SECONDS });
    const job = create(JobSchema, {
      ...{ jobId, name: request.name, target: request.target, priority: request.priority },
      ...{ state: JobState.PENDING, seed: request.seed ?? 7n, method: request.method || 'auto' },
      ...{ precision: request.precision || 'double', shots: 1024n, itemCount: request.items.length },
      ...{ maxAttempts: 3, createdAt, updatedAt: createdAt, eventSeq: 0n, tags: request.tags },
      ...{ sourceDoor: request.sourceDoor, metadata: request.metadataKvs },
      ...{ tenantId: identity.tenantId, projectId: identity.projectId, subject: identity.subject },
      acceptedIndex: this.#nextIndex(),
    });
    this.jobs.set(jobId, { job, request, updates: [], waiting: new Set() });
    this.artifacts.set(jobId, new Map([['program.qasm', request.items[0]!.program]]));
    this.advance(jobId, JobState.PENDING);
    return { jobId, state: JobState.PENDING, createdAt, logIndex: this.#index, replayed: false };
  }

  #kernel(): Kernel {
    return { ...this.#changes(), ...this.#reads(), ...DEVICES };
  }

  #changes(): Pick<Kernel, 'enqueueJob' | 'estimateJob' | 'cancelJob' | 'deleteJob' | 'redriveJob'> {
    return {
      enqueueJob: (request, handler) => {
        const context = contextOf(handler);
        this.contexts.push(context);
        const key = `${context.identity.tenantId}/${request.idempotencyKey}`;
        const fingerprint = hex(request.requestFingerprint);
        const earlier = request.idempotencyKey === '' ? undefined : this.#keys.get(key);
        if (earlier !== undefined && earlier.fingerprint !== fingerprint) {
          const message = `The idempotency key '${request.idempotencyKey}' was used with another request.`;
          throw new QfsError('IDEMPOTENCY_MISMATCH', message);
        }
        if (earlier !== undefined) {
          const { job } = this.jobs.get(earlier.jobId)!;
          const { jobId, state, createdAt, acceptedIndex: logIndex } = job;
          return { jobId, state, createdAt: createdAt!, logIndex, replayed: true };
        }
        const answer = this.#accept(request, context);
        this.#keys.set(key, { jobId: answer.jobId, fingerprint });
        return answer;
      },
      estimateJob: ({ job }) => ({
        target: job?.target ?? '',
        shots: 5n,
        method: 'state_vector',
        memoryBytes: 64n,
        cost: 0.25,
        costUnit: job?.options.unit ?? '',
      }),
      cancelJob: ({ jobId }, handler) => {
        const { job } = this.#held(jobId, contextOf(handler));
        if (TERMINAL_STATES.has(job.state)) {
          const message = `Job '${jobId}' has ended; it cannot be cancelled.`;
          throw new QfsError('JOB_TERMINAL', message, { metadata: { job_id: jobId } });
        }
        this.advance(jobId, JobState.CANCELLED);
        return { accepted: true, reasonCode: 'ACCEPTED', outcome: 'cancelled' };
      },
      deleteJob: ({ jobId }, handler) => {
        const earlier = this.#deleted.get(jobId);
        if (earlier !== undefined) return { jobId, logIndex: earlier };
        const { job } = this.#held(jobId, contextOf(handler));
        if (!TERMINAL_STATES.has(job.state)) {
          const metadata = { job_id: jobId };
          throw new QfsError('JOB_NOT_TERMINAL', `Job '${jobId}' has not ended.`, { metadata });
        }
        const logIndex = this.#nextIndex();
        this.#deleted.set(jobId, logIndex);
        return { jobId, logIndex };
      },
      redriveJob: ({ jobId }, handler) => {
        const context = contextOf(handler);
        return this.#accept(this.#held(jobId, context).request, context);
      },
    };
  }

  #reads(): Pick<
    Kernel,
    | 'getJobStatus'
    | 'getJob'
    | 'listJobs'
    | 'getJobResults'
    | 'streamJobUpdates'
    | 'getDispatchRationale'
    | 'getReceipt'
  > {
    return {
      getReceipt: ({ jobId }, handler) => {
        const { job } = this.#held(jobId, contextOf(handler));
        if (job.finishedIndex === 0n)
          throw new QfsError('JOB_NOT_TERMINAL', `${jobId} has not ended.`, { metadata: { job_id: jobId } });
        return { jobId, receiptJson: utf8(`{"job_id":"${jobId}"}\n`) };
      },
      getJobStatus: ({ jobId }, handler) => {
        const { $typeName: _, ...job } = this.#held(jobId, contextOf(handler)).job;
        const { state, stage, progress, message, errorCode, errorReason, errorSummary, errorDetailsRef } =
          job;
        const times = { createdAt: job.createdAt!, updatedAt: job.updatedAt! };
        const errors = { errorCode, errorReason, errorSummary, errorDetailsRef };
        return { jobId, state, stage, progress, message, ...errors, ...times };
      },
      getJob: ({ jobId }, handler) => ({ job: this.#held(jobId, contextOf(handler)).job }),
      listJobs: (request, handler) => {
        this.listed.push(request);
        const { states, limit, cursor } = request;
        const { tenantId } = contextOf(handler).identity;
        const all = [...this.jobs.values()].map(({ job }) => job).reverse();
        const mine = all.filter(
          (job) => job.tenantId === tenantId && (states.length === 0 || states.includes(job.state)),
        );
        const start = Number(cursor || 0);
        const end = start + limit;
        return { jobs: mine.slice(start, end), nextCursor: end < mine.length ? String(end) : '' };
      },
      getJobResults: ({ jobId }, handler) => {
        const { $typeName: _, ...job } = this.#held(jobId, contextOf(handler)).job;
        if (!TERMINAL_STATES.has(job.state)) {
          const message = `Job '${jobId}' has not ended.`;
          throw new QfsError('JOB_NOT_TERMINAL', message, {
            metadata: { job_id: jobId },
            retryAfterMs: 1000,
          });
        }
        const { state, errorCode, errorReason, errorSummary, errorDetailsRef } = job;
        const bytes = this.artifacts.get(jobId)!.get('results.json');
        return {
          ...{
            jobId,
            state,
            errorCode,
            errorReason,
            errorSummary,
            errorDetailsRef,
            completedAt: job.finishedAt!,
          },
          ...(bytes === undefined
            ? {}
            : { qfsResultRef: `circuit_fs/${jobId}/results.json`, resultsDigest: digestOf(bytes) }),
        };
      },
      streamJobUpdates: ({ jobId, lastEventSeq }, handler) => {
        const context = contextOf(handler);
        return this.#follow(this.#held(jobId, context), Number(lastEventSeq), context.signal);
      },
      getDispatchRationale: () => ({ rationale: { version: '1.0.0', selectedBackend: 'sim:local' } }),
    };
  }

  async *#follow({ job, updates, waiting }: Held, after: number, signal?: AbortSignal) {
    for (let next = after; ; ) {
      const update = updates[next];
      if (update !== undefined) {
        next += 1;
        yield update;
        if (TERMINAL_STATES.has(update.state)) return;
        continue;
      }
      if (signal?.aborted || TERMINAL_STATES.has(this.jobs.get(job.jobId)!.job.state)) return;
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
        signal?.addEventListener('abort', wake, { once: true });
      });
    }
  }

  #qfs(): ServiceImpl<typeof QfsService> {
    const handleOf = (jobId: string, name: string, data: Uint8Array) => ({
      ...{
        hash: digestOf(data),
        size: BigInt(data.length),
        path: `circuit_fs/${jobId}/${name}`,
        name,
        jobId,
      },
      ...{
        type: name.split('.')[0]!,
        contentType: name.endsWith('.json') ? 'application/json' : 'text/plain',
      },
    });
    const unsupported = () => {
      throw new QfsError('NOT_IMPLEMENTED', 'Doors store nothing.');
    };
    const artifactsOf = (jobId: string, context: CallContext) =>
      this.#held(jobId, context) && this.artifacts.get(jobId)!;
    return {
      storeArtifact: unsupported,
      storeArtifacts: unsupported,
      retrieveArtifact: ({ jobId, name }, handler) => {
        const data = artifactsOf(jobId, contextOf(handler)).get(name);
        if (this.#expired.has(jobId)) throw new QfsError('ARTIFACT_EXPIRED', `${name} of ${jobId} expired.`);
        if (data === undefined) {
          const metadata = { job_id: jobId, name };
          throw new QfsError('ARTIFACT_NOT_FOUND', `Job '${jobId}' has no artifact '${name}'.`, { metadata });
        }
        return { handle: handleOf(jobId, name, data), data };
      },
      listArtifacts: ({ jobId }, handler) => {
        const artifacts = artifactsOf(jobId, contextOf(handler));
        return { handles: [...artifacts].sort().map(([name, data]) => handleOf(jobId, name, data)) };
      },
    };
  }
}

const DEVICE = {
  ...{
    deviceId: 'sim:local',
    name: 'Local simulator',
    backendType: 'simulator',
    status: DeviceStatus.ONLINE,
  },
  ...{ queueDepth: 0, estimatedWaitSec: 0, capabilities: { qubits: '27' } },
};

function deviceNamed(deviceId: string): typeof DEVICE {
  if (deviceId === DEVICE.deviceId) return DEVICE;
  throw new QfsError('DEVICE_NOT_FOUND', `There is no device '${deviceId}'.`, {
    metadata: { device_id: deviceId },
  });
}

const RESERVATION = {
  reservationId: 'res_test',
  deviceId: 'sim:local',
  purpose: 'calibrated sweep',
  createdAt: { seconds: EPOCH_SECONDS, nanos: 0 },
  expiresAt: { seconds: EPOCH_SECONDS + 60n, nanos: 0 },
  tenantId: 'tenant-default',
  projectId: 'project-default',
  subject: 'local',
};

const DEVICES: Pick<
  Kernel,
  | 'listDevices'
  | 'getDeviceDetails'
  | 'getDeviceStatus'
  | 'reserveDevice'
  | 'listReservations'
  | 'releaseReservation'
> = {
  listDevices: () => ({ devices: [DEVICE] }),
  getDeviceDetails: ({ deviceId }) => ({ device: deviceNamed(deviceId) }),
  getDeviceStatus: ({ deviceId }) => {
    const { status, queueDepth, estimatedWaitSec } = deviceNamed(deviceId);
    return { deviceId, status, queueDepth, estimatedWaitSec };
  },
  reserveDevice: ({ deviceId }) => ({
    reservationId: `reservation of ${deviceNamed(deviceId).deviceId}`,
    expiresAt: { seconds: EPOCH_SECONDS, nanos: 0 },
  }),
  listReservations: () => ({ reservations: [RESERVATION] }),
  releaseReservation: ({ reservationId }) => ({ reservationId }),
};

/** What doors need beside the rooms, without chance and without noise. */
export function doorDependencies(
  rooms: MemoryRooms,
  change: Partial<DoorDependencies> = {},
): DoorDependencies {
  return {
    kernel: rooms.kernel,
    qfs: rooms.qfs,
    compiler: directClient(CompilationService, createCompilationService()),
    log: memoryLog(),
    authenticator: { authenticate: () => callerOf(TEST_IDENTITY) },
    ...memorySecurity(),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    metrics: { count: () => undefined, observe: () => undefined, gauge: () => undefined },
    randomness: countingRandomness(),
    readiness: () => [{ name: 'store', ready: true }],
    ...change,
  };
}
