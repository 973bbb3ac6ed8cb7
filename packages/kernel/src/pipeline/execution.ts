import { type CancelAnswer, isErrorCode, QfsError } from '@qfs/core';
import { type CallContext, callOptions } from '@qfs/rpc';
import {
  CancelOutcome,
  type Execution,
  ExecutionState,
  type FetchExecutionResponse,
} from '@qfs/rpc/internal';
import type { KernelOptions } from '../options.ts';
import { isRetryable, retryDelayMs } from '../retry.ts';
import { pause } from '../waiting.ts';
import { isAway } from './persist.ts';

/** Where an execution is: what finds it again after a restart. */
export interface ExecutionAddress {
  readonly deviceId: string;
  readonly remoteId: string;
}

/**
 * Times in a row that a device may fail to answer before an attempt on it is given up, where that is
 * harmless.
 */
const SILENCES_MAX = 5;
/** Failures that settle the fate of an execution; after any other the device is asked again. */
const FATES: ReadonlySet<string> = new Set([
  'ENGINE_LOST',
  'EXECUTION_LOST',
  'DEVICE_NOT_FOUND',
  'CANCELLED',
]);

type Ports = Pick<KernelOptions, 'drivers' | 'timers' | 'randomness'>;

/**
 * Follows an execution to its end. A way to the device that fails is no failure of the execution: it is asked
 * again, for ever if a second submission could run the work twice, since the time limit of the job bounds it.
 * @throws QfsError with the execution's reason when it failed; CANCELLED when it was cancelled.
 */
export async function awaitExecution(
  ports: Ports,
  context: CallContext & { readonly signal: AbortSignal },
  address: ExecutionAddress,
  watch: {
    readonly patient: boolean;
    readonly onProgress: (progress: number) => void;
    /** Who drives the device restarts; it may have lost the execution. */
    readonly onAway: () => void;
  },
): Promise<FetchExecutionResponse> {
  let silences = 0;
  let absences = 0;
  for (;;) {
    try {
      for await (const { execution } of ports.drivers.watchExecution(address, callOptions(context))) {
        silences = 0;
        if (execution === undefined) continue;
        if (execution.state === ExecutionState.SUCCEEDED) return await fetchResults(ports, context, address);
        throwIfFailed(execution);
        watch.onProgress(execution.progress);
      }
      throw new QfsError(
        'BACKEND_UNAVAILABLE',
        `${address.deviceId} stopped telling of ${address.remoteId}.`,
      );
    } catch (thrown) {
      context.signal.throwIfAborted();
      const error = QfsError.from(thrown);
      if (isAway(error)) {
        absences += 1;
        watch.onAway();
        const delayMs = retryDelayMs(absences, ports.randomness, error.retryAfterMs);
        await pause(ports.timers, delayMs, context.signal);
        continue;
      }
      silences += 1;
      const ask = !(thrown instanceof ExecutionEnded) && isRetryable(error.code) && !FATES.has(error.code);
      if (!ask || (silences >= SILENCES_MAX && !watch.patient)) throw ended(thrown);
      await pause(ports.timers, retryDelayMs(silences, ports.randomness, error.retryAfterMs), context.signal);
    }
  }
}

/** What the device said of the execution itself, apart from failures of the way to it. */
class ExecutionEnded extends Error {
  readonly reason: QfsError;

  constructor(reason: QfsError) {
    super(reason.message);
    this.reason = reason;
  }
}

const ended = (thrown: unknown): QfsError =>
  thrown instanceof ExecutionEnded ? thrown.reason : QfsError.from(thrown);

function throwIfFailed({ state, error, deviceId }: Execution): void {
  if (state === ExecutionState.CANCELLED) {
    throw new ExecutionEnded(new QfsError('CANCELLED', `${deviceId} cancelled the execution.`));
  }
  if (state !== ExecutionState.FAILED) return;
  const code = error !== undefined && isErrorCode(error.reason) ? error.reason : 'BACKEND_UNAVAILABLE';
  const message = error?.message || `The execution on ${deviceId} failed without a reason.`;
  throw new ExecutionEnded(new QfsError(code, message, { metadata: { ...error?.metadata } }));
}

/** Results that are not complete are the attempt's failure; everything else is asked again by the caller. */
async function fetchResults(
  { drivers }: Ports,
  context: CallContext,
  address: ExecutionAddress,
): Promise<FetchExecutionResponse> {
  try {
    return await drivers.fetchExecution(address, callOptions(context));
  } catch (thrown) {
    const error = QfsError.from(thrown);
    throw error.code === 'RESULT_INCOMPLETE' ? new ExecutionEnded(error) : error;
  }
}

const CANCEL_ANSWERS: Readonly<Record<CancelOutcome, CancelAnswer>> = {
  [CancelOutcome.UNSPECIFIED]: 'too_late',
  [CancelOutcome.CANCELLED]: 'cancelled',
  [CancelOutcome.REQUESTED]: 'requested',
  [CancelOutcome.TOO_LATE]: 'too_late',
  [CancelOutcome.UNSUPPORTED]: 'unsupported',
};

/** Tells the device to stop, and resolves with what it says. */
export async function cancelExecution(
  { drivers }: Pick<KernelOptions, 'drivers'>,
  context: CallContext,
  address: ExecutionAddress,
): Promise<CancelAnswer> {
  const { outcome } = await drivers.cancelExecution(address, callOptions(context));
  return CANCEL_ANSWERS[outcome];
}
