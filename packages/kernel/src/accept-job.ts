import { QfsError, SEED_MAX } from '@qfs/core';
import { JOB_ID_RANDOM_BYTES, newJobId, utf8 } from '@qfs/core/exact';
import type { CallContext } from '@qfs/rpc';
import { appending } from './pipeline/appending.ts';
import { type NewArtifact, storeArtifacts } from './pipeline/artifacts.ts';
import type { PipelineRooms } from './pipeline/rooms.ts';
import { ownerOf, visibleJob } from './scope.ts';
import { type JobRequest, totalShots } from './spec/job-spec.ts';
import { writeJobYaml } from './spec/job-yaml.ts';
import { idempotencyMismatch, isSameRequest } from './store/accept.ts';
import type { AcceptResult, OpenJobLimits } from './store/operations.ts';
import type { JobRow, ManifestEntry } from './store/rows.ts';

export interface IdempotencyKey {
  readonly key: string;
  /** SHA-256 of what a repetition must equal. */
  readonly fingerprint: Uint8Array;
}

export interface Accepted {
  readonly job: JobRow;
  readonly replayed: boolean;
}

/**
 * Makes a job durable: its inputs, JOB_ACCEPTED, its row and its idempotency key commit together or not at
 * all. A repeated request with the same key finds the job that the first one made.
 * @throws QfsError IDEMPOTENCY_MISMATCH, JOB_NOT_FOUND of the parent or a dependency, RESERVATION_INVALID,
 *   DEVICE_NOT_FOUND, CIRCUIT_TOO_LARGE, QUOTA_EXCEEDED, SHUTTING_DOWN, STORAGE_FULL, STORE_UNAVAILABLE,
 *   ROLE_UNAVAILABLE
 */
export async function acceptJob(
  rooms: PipelineRooms,
  context: CallContext,
  request: JobRequest,
  idempotency: IdempotencyKey | undefined,
): Promise<Accepted> {
  const earlier = findEarlier(rooms, context, idempotency);
  if (earlier !== undefined) return earlier;
  checkShots(request, context);
  if (request.parentJobId !== '') visibleJob(rooms.store, context, request.parentJobId);
  for (const dependency of request.spec.dependencies ?? []) visibleJob(rooms.store, context, dependency);
  if (request.reservationId !== '') {
    rooms.reservations.check(request.reservationId, request.target, context.identity);
  }
  await rooms.devices.admit(request.target, request.activeQubits, context);
  const jobId = newJobId(rooms.clock.nowMs(), rooms.randomness.bytes(JOB_ID_RANDOM_BYTES));
  const seed = request.seed ?? drawSeed(rooms);
  const artifacts = inputArtifacts(request, jobId, seed);
  const stored = await storeArtifacts(rooms.qfs, context, { jobId, attempt: 0, staged: false, artifacts });
  const submission = { jobId, seed, request, manifest: stored.manifest, idempotency };
  try {
    await commitAcceptance(rooms, context, submission, stored.calls);
  } catch (thrown) {
    const raced = QfsError.from(thrown).code === 'IDEMPOTENCY_IN_FLIGHT';
    const other = raced ? findEarlier(rooms, context, idempotency) : undefined;
    if (other === undefined) throw thrown;
    return other;
  }
  return { job: acceptedRow(rooms, context, jobId), replayed: false };
}

/** @throws QfsError CIRCUIT_TOO_LARGE when the job asks for more shots than its tenant may have in one. */
function checkShots({ spec }: JobRequest, { identity }: CallContext): void {
  const shots = totalShots(spec.items);
  const { shotsPerJobMax = Number.POSITIVE_INFINITY } = identity.limits ?? {};
  if (shots <= shotsPerJobMax) return;
  throw new QfsError(
    'CIRCUIT_TOO_LARGE',
    `The job has ${shots} shots over all items and parameter sets; the tenant ${identity.tenantId} may have ` +
      `${shotsPerJobMax} in one job.`,
    { metadata: { shots: String(shots), shots_max: String(shotsPerJobMax) } },
  );
}

export interface NewJob {
  readonly jobId: string;
  readonly seed: number;
  readonly request: JobRequest;
  readonly manifest: readonly ManifestEntry[];
  readonly idempotency: IdempotencyKey | undefined;
}

/**
 * Commits the acceptance of a job whose inputs are stored, or are about to be by the calls.
 * @throws QfsError SHUTTING_DOWN
 */
export async function commitAcceptance(
  { store, clock, stopping, tracer }: PipelineRooms,
  context: CallContext,
  { jobId, seed, request, manifest, idempotency }: NewJob,
  calls: Parameters<PipelineRooms['store']['accept']>[1],
): Promise<AcceptResult> {
  if (stopping.aborted)
    throw new QfsError('SHUTTING_DOWN', 'The kernel is shutting down; submit again later.');
  const { name, target, priority, method, precision, tags, door } = request;
  const { shotsPerJobMax: shotsMax } = context.identity.limits ?? {};
  const spec = { ...request.spec, ...(shotsMax === undefined ? {} : { shotsMax }) };
  const given = (text: string): string | undefined => (text === '' ? undefined : text);
  const limits = strictest(context.identity.limits ?? {}, request.wishes);
  const optional = {
    method: given(method),
    precision: given(precision),
    parentJobId: given(request.parentJobId),
    sessionId: given(request.sessionId),
    reservationId: given(request.reservationId),
    idempotency,
  };
  const argument = {
    owner: ownerOf(context.identity),
    jobId,
    name,
    target,
    priority,
    seed,
    attemptsMax: request.attemptsMax,
    timeLimitMs: request.timeLimitMs,
    queueLimitMs: request.queueLimitMs,
    dependent: (spec.dependencies?.length ?? 0) > 0,
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    shots: totalShots(spec.items),
    itemCount: spec.items.length,
    door,
    tags,
    manifest,
    spec: JSON.stringify(spec),
    traceparent: context.traceparent,
    deadlineMs: clock.nowMs() + request.queueLimitMs,
    ...withoutUndefined(optional),
  };
  return appending(tracer, 'JOB_ACCEPTED', jobId, context, () => store.accept(argument, calls));
}

/** What a submitter asks for can only lower what it is granted. */
function strictest(granted: OpenJobLimits, wished: OpenJobLimits): OpenJobLimits {
  const least = (a = Number.POSITIVE_INFINITY, b = Number.POSITIVE_INFINITY) => Math.min(a, b);
  const tenant = least(granted.tenantOpenJobsMax, wished.tenantOpenJobsMax);
  const project = least(granted.projectOpenJobsMax, wished.projectOpenJobsMax);
  return {
    ...(Number.isFinite(tenant) ? { tenantOpenJobsMax: tenant } : {}),
    ...(Number.isFinite(project) ? { projectOpenJobsMax: project } : {}),
  };
}

export function acceptedRow({ store }: PipelineRooms, context: CallContext, jobId: string): JobRow {
  const job = store.find(context.identity, jobId);
  if (job === undefined)
    throw new QfsError('STORE_UNAVAILABLE', `${jobId} was accepted and cannot be read yet.`);
  return job;
}

/** 53 random bits: every seed is exact in JSON. */
function drawSeed({ randomness }: Pick<PipelineRooms, 'randomness'>): number {
  const bytes = randomness.bytes(7);
  const seed = bytes.reduce((sum, byte, index) => sum * 256 + (index === 0 ? byte & 0x1f : byte), 0);
  return Math.min(seed, SEED_MAX);
}

function findEarlier(
  rooms: PipelineRooms,
  context: CallContext,
  idempotency: IdempotencyKey | undefined,
): Accepted | undefined {
  if (idempotency === undefined) return undefined;
  const known = rooms.store.findIdempotent(ownerOf(context.identity), idempotency.key);
  if (known === undefined) return undefined;
  if (!isSameRequest(known, idempotency.fingerprint)) throw idempotencyMismatch(idempotency.key, known.jobId);
  return { job: acceptedRow(rooms, context, known.jobId), replayed: true };
}

function inputArtifacts(request: JobRequest, jobId: string, seed: number): NewArtifact[] {
  const { name, target, priority, tags, spec, programs, jobYaml } = request;
  const written = { name: name === '' ? jobId : name, target, priority, seed, tags, spec };
  return [
    { name: 'job.yaml', type: 'job_spec', data: jobYaml.length > 0 ? jobYaml : utf8(writeJobYaml(written)) },
    ...spec.items.map(({ program }, index) => ({
      name: program,
      type: 'program',
      data: programs[index] ?? new Uint8Array(),
    })),
  ];
}

type Defined<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

const withoutUndefined = <Fields extends object>(fields: Fields): Defined<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;
