import { QfsError } from '@qfs/core';
import type { JsonValue } from '@qfs/core/json';
import { backendError } from '../backend-error.ts';
import type { ExecutionState, ExecutionStatus } from '../contract.ts';
import { memberOf, textAt } from './ionq-client.ts';

/** What IonQ calls the states of a job, and what they are here. */
const REMOTE_STATES: Readonly<Record<string, ExecutionState>> = {
  submitted: 'queued',
  ready: 'queued',
  started: 'running',
  running: 'running',
  completed: 'succeeded',
  failed: 'failed',
  canceled: 'cancelled',
  deleted: 'lost',
};

/** Reasons of a failure that another attempt cannot mend; any other is the backend's own failure. */
const REFUSALS: ReadonlySet<string> = new Set([
  'InvalidInput',
  'CompilationError',
  'NotEnoughQubits',
  'TooManyGates',
  'TooManyShots',
  'TooManyControls',
  'UnsupportedGate',
  'QuantumCircuitComplexityError',
]);
const EXHAUSTED: ReadonlySet<string> = new Set(['QuotaExhaustedError', 'ContractExpiredError']);

/** The state of one remote job; undefined stands for a job that the backend does not know. */
export function remoteState(job: JsonValue | undefined): ExecutionStatus {
  if (job === undefined) return { state: 'lost' };
  const told = textAt(job, 'status') ?? '';
  const state = Object.hasOwn(REMOTE_STATES, told) ? REMOTE_STATES[told] : undefined;
  if (state === undefined)
    throw backendError('unavailable', `The backend calls the state of a job "${told.slice(0, 40)}".`);
  return state === 'failed' ? { state, error: failureOf(job) } : { state };
}

function failureOf(job: JsonValue): QfsError {
  const failure = memberOf(job, 'failure');
  const code = textAt(failure, 'code') ?? 'InternalError';
  const message = `The backend failed with ${code}: ${(textAt(failure, 'error') ?? '').slice(0, 500)}`;
  if (REFUSALS.has(code)) return backendError('invalid', message);
  if (EXHAUSTED.has(code)) return backendError('quota', message);
  return code === 'SimulationTimeout'
    ? new QfsError('JOB_TIMEOUT', message)
    : backendError('failed', message);
}

/** First to last: the state of the whole that one circuit alone decides. */
const DECISIVE: readonly ExecutionState[] = ['lost', 'failed', 'cancelled'];

/** Several jobs are one execution: it fails with the first that fails, and succeeds when all have. */
export function wholeStatus(statuses: readonly ExecutionStatus[]): ExecutionStatus {
  for (const state of DECISIVE) {
    const found = statuses.find((status) => status.state === state);
    if (found !== undefined) return found;
  }
  const done = statuses.filter(({ state }) => state === 'succeeded').length;
  const progress = done / statuses.length;
  if (done === statuses.length) return { state: 'succeeded', progress: 1 };
  const waiting = done === 0 && statuses.every(({ state }) => state === 'queued');
  return { state: waiting ? 'queued' : 'running', progress };
}
