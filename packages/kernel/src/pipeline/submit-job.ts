import { QfsError } from '@qfs/core';
import { layOut } from '@qfs/hybrid';
import { type CallContext, callOptions } from '@qfs/rpc';
import type { RunExecutionResponse } from '@qfs/rpc/internal';
import type { KernelOptions } from '../options.ts';
import type { ItemSpec, JobSpec } from '../spec/job-spec.ts';
import { type Circuit, type CompiledFacts, inputMessages } from './compile-job.ts';

export interface Submission {
  readonly jobId: string;
  readonly attempt: number;
  /** The same for every try of the same submission. */
  readonly token: string;
  readonly deviceId: string;
  readonly items: readonly ExecutionItemMessage[];
  /** Settings of the device. */
  readonly options: Readonly<Record<string, string>>;
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
  const { deviceId } = submission;
  try {
    const { remoteId } = await drivers.submitExecution(submissionMessage(submission), callOptions(context));
    return remoteId;
  } catch (thrown) {
    const error = QfsError.from(thrown);
    if (submission.idempotent || !UNCERTAIN.has(error.code) || !wasReached(error)) throw error;
    throw lostSubmission(deviceId, error);
  }
}

/**
 * Hands a batch to a device whose submissions may be repeated, and waits for what it gives. The signal of the
 * context ends the execution.
 */
export const runJob = (
  { drivers }: Pick<KernelOptions, 'drivers'>,
  context: CallContext,
  submission: Omit<Submission, 'idempotent'>,
): Promise<RunExecutionResponse> =>
  drivers.runExecution({ submission: submissionMessage(submission) }, callOptions(context));

function submissionMessage(submission: Omit<Submission, 'idempotent'>) {
  const { jobId, attempt, token, deviceId, items, options, timeLimitMs } = submission;
  const seconds = Math.floor(timeLimitMs / 1000);
  return {
    jobId,
    attempt,
    idempotencyToken: token,
    deviceId,
    items: [...items],
    options: { ...options },
    timeLimit: { seconds: BigInt(seconds), nanos: Math.floor((timeLimitMs - seconds * 1000) * 1e6) },
  };
}

export type ExecutionItemMessage = ReturnType<typeof executionItem> & {
  readonly gradients?: boolean;
  readonly expectationsOnly?: boolean;
};

/** What one circuit is run with. */
type RunnableItem = Pick<ItemSpec, 'shots' | 'memory' | 'inputs' | 'parameters'> & {
  readonly observables: readonly Parameters<typeof layOut>[0][];
};

/** An item with its circuit; its observables, of qubits of the program, are laid out as the circuit is. */
export const executionItem = (
  item: RunnableItem,
  circuit: Circuit | undefined,
  seed: number,
  { finalLayout, qubits }: CompiledFacts = { finalLayout: [], qubits: 0 },
) => ({
  ...(circuit === undefined ? {} : { payload: circuit }),
  parameters: item.parameters.map((values) => ({ values: { ...values } })),
  shots: item.shots,
  seed: BigInt(seed),
  observables: item.observables.map((observable) => {
    const { name = '', terms } =
      finalLayout.length === 0 ? observable : layOut(observable, finalLayout, qubits);
    return { name, terms: [...terms] };
  }),
  memory: item.memory,
  inputs: inputMessages(item.inputs),
});

/** The items of a job with their circuits, as a device gets them. */
export const executionItems = (
  { items }: JobSpec,
  circuits: readonly Circuit[],
  seed: number,
  facts: readonly CompiledFacts[],
): ExecutionItemMessage[] =>
  items.map((item, index) => executionItem(item, circuits[index], seed, facts[index]));

export const lostSubmission = (deviceId: string, cause?: unknown): QfsError =>
  new QfsError(
    'EXECUTION_LOST',
    `It is not known whether ${deviceId} took the work, and it would run twice if it were submitted again.`,
    { cause },
  );
