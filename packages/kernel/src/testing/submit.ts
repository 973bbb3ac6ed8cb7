import { utf8 } from '@qfs/core/exact';
import { type CallContext, callOptions } from '@qfs/rpc';
import type { EnqueueJobRequest } from '@qfs/rpc/internal';
import { JOB_STATE_NAMES } from '../states.ts';
import { CONTEXT, type Process } from './world.ts';

/** The smallest submission, with what a test wants otherwise. */
export const submission = (
  program: string,
  extra: Partial<Omit<EnqueueJobRequest, '$typeName' | '$unknown'>> = {},
) => ({
  name: 'test',
  program: utf8(program),
  programFormat: 'openqasm3',
  priority: 50,
  sourceDoor: 'rest',
  seed: 7n,
  ...extra,
});

export async function submit(
  process: Process,
  program: string,
  extra: Parameters<typeof submission>[1] = {},
  context: CallContext = CONTEXT,
): Promise<string> {
  const { jobId } = await process.gateway.enqueueJob(submission(program, extra), callOptions(context));
  return jobId;
}

/** `STATE` or `STATE REASON`. */
export function outcome(process: Process, jobId: string): string {
  const job = process.store.find(CONTEXT.identity, jobId);
  return [job?.state, job?.errorCode].filter((part) => part !== null).join(' ');
}

/** Every event of a job: `seq STATE attempt message`. */
export const story = (process: Process, jobId: string): string[] =>
  process.store
    .events(CONTEXT.identity, jobId, 0, 1_000)
    .map(({ seq, state, attempt, message }) => `${seq} ${state} ${attempt} ${message}`);

export const attemptsOf = (process: Process, jobId: string): string[] =>
  process.store
    .attempts(CONTEXT.identity, jobId)
    .map(({ attempt, state, errorCode }) =>
      [attempt, state, errorCode].filter((part) => part !== null).join(' '),
    );

/** Terminal events of a job; more or fewer than one is a fault. */
export const ends = (process: Process, jobId: string): string[] =>
  process.store
    .events(CONTEXT.identity, jobId, 0, 10_000)
    .filter(({ state }) => JOB_STATE_NAMES.indexOf(state) >= 4)
    .map(({ state }) => state);

export async function artifactNames(process: Process, jobId: string): Promise<string[]> {
  const { handles } = await process.qfs.listArtifacts({ jobId }, callOptions(CONTEXT));
  return handles.map(({ name }) => name);
}
