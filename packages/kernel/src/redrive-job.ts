import { QfsError } from '@qfs/core';
import { JOB_ID_RANDOM_BYTES, newJobId } from '@qfs/core/exact';
import type { CallContext } from '@qfs/rpc';
import { acceptedRow, commitAcceptance } from './accept-job.ts';
import type { PipelineRooms } from './pipeline/rooms.ts';
import type { JobSpec } from './spec/job-spec.ts';
import { grantedTerms } from './spec/job-terms.ts';
import { isTerminal } from './states.ts';
import type { JobRow } from './store/rows.ts';

/**
 * Runs an ended job again as a new one whose parent it is: the same inputs by digest, the same seed.
 * @throws QfsError JOB_NOT_TERMINAL, ARTIFACT_EXPIRED, SHUTTING_DOWN
 */
export async function redriveJob(
  rooms: PipelineRooms,
  context: CallContext,
  parent: JobRow,
): Promise<JobRow> {
  const { store, clock, randomness, settings } = rooms;
  if (!isTerminal(parent.state)) {
    throw new QfsError(
      'JOB_NOT_TERMINAL',
      `${parent.jobId} is ${parent.state}; only ended jobs are run again.`,
      {
        metadata: { job_id: parent.jobId, state: parent.state },
      },
    );
  }
  if (parent.expiredIndex !== null) {
    throw new QfsError('ARTIFACT_EXPIRED', `The inputs of ${parent.jobId} expired; submit them again.`, {
      metadata: { job_id: parent.jobId },
    });
  }
  const jobId = newJobId(clock.nowMs(), randomness.bytes(JOB_ID_RANDOM_BYTES));
  const spec = JSON.parse(store.spec(parent, parent.jobId) ?? '{"items":[]}') as JobSpec;
  const request = {
    name: parent.name,
    target: parent.target,
    priority: parent.priority,
    seed: parent.seed,
    method: spec.options.method ?? '',
    precision: spec.options.precision ?? '',
    tags: JSON.parse(parent.tags) as string[],
    door: 'redrive',
    parentJobId: parent.jobId,
    sessionId: parent.sessionId ?? '',
    reservationId: '',
    wishes: {},
    ...grantedTerms(spec.metadata, settings),
    // Who runs a job again has seen how the others ended.
    spec: { ...spec, dependencies: [] },
    activeQubits: 0,
    programs: [],
    jobYaml: new Uint8Array(),
  };
  const manifest = store.manifest(parent, parent.jobId, 'inputs');
  await commitAcceptance(
    rooms,
    context,
    { jobId, seed: parent.seed, request, manifest, idempotency: undefined },
    [],
  );
  return acceptedRow(rooms, context, jobId);
}
