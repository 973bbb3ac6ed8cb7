import { QfsError } from '@qfs/core';
import { type CallContext, callOptions } from '@qfs/rpc';
import type { CircuitPayload } from '@qfs/rpc/internal';
import type { KernelOptions } from '../options.ts';
import type { JobSpec } from '../spec/job-spec.ts';
import { inputMessages } from './compile-job.ts';

export interface Submission {
  readonly jobId: string;
  readonly attempt: number;
  /** The same for every try of the same submission. */
  readonly token: string;
  readonly deviceId: string;
  readonly seed: number;
  readonly spec: JobSpec;
  readonly circuits: readonly Pick<CircuitPayload, 'format' | 'data'>[];
  /** What is left of the job's execution time. */
  readonly timeLimitMs: number;
  /** Two submissions under one token start one execution. */
  readonly idempotent: boolean;
}

/** After these nobody knows whether the device took the work. */
const UNCERTAIN: ReadonlySet<string> = new Set([
  'BACKEND_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
  'ROLE_UNAVAILABLE',
]);

/** The way between processes says when a role was not reached at all. */
const wasReached = ({ metadata }: QfsError): boolean => metadata.reached !== 'no';

/**
 * Hands a batch to the device and returns the name by which the device knows it.
 * @throws QfsError EXECUTION_LOST when the answer was lost and asking again could run the work twice.
 */
export async function submitJob(
  { drivers }: Pick<KernelOptions, 'drivers'>,
  context: CallContext,
  submission: Submission,
): Promise<string> {
  const { jobId, attempt, token, deviceId, seed, spec, circuits, timeLimitMs } = submission;
  const seconds = Math.floor(timeLimitMs / 1000);
  try {
    const { remoteId } = await drivers.submitExecution(
      {
        jobId,
        attempt,
        idempotencyToken: token,
        deviceId,
        items: executionItems(spec, circuits, seed),
        options: { ...spec.options },
        timeLimit: { seconds: BigInt(seconds), nanos: Math.floor((timeLimitMs - seconds * 1000) * 1e6) },
      },
      callOptions(context),
    );
    return remoteId;
  } catch (thrown) {
    const error = QfsError.from(thrown);
    if (submission.idempotent || !UNCERTAIN.has(error.code) || !wasReached(error)) throw error;
    throw lostSubmission(deviceId, error);
  }
}

/** The items of a job with their circuits, as a device gets them. */
export const executionItems = (spec: JobSpec, circuits: Submission['circuits'], seed: number) =>
  spec.items.map((item, index) => ({
    ...(circuits[index] === undefined ? {} : { payload: circuits[index] }),
    parameters: item.parameters.map((values) => ({ values: { ...values } })),
    shots: item.shots,
    seed: BigInt(seed),
    observables: item.observables.map(({ name, terms }) => ({ name, terms: [...terms] })),
    memory: item.memory,
    inputs: inputMessages(item.inputs),
  }));

export const lostSubmission = (deviceId: string, cause?: unknown): QfsError =>
  new QfsError(
    'EXECUTION_LOST',
    `It is not known whether ${deviceId} took the work, and it would run twice if it were submitted again.`,
    { cause },
  );
