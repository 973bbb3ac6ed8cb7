import type { ErrorCode } from '@qfs/core';
import { STATE_NAMES, stateName } from '@qfs/rpc';
import { JobState } from '@qfs/rpc/api';

/** What IonQ's API calls the states of a job. */
export type IonqStatus = 'submitted' | 'ready' | 'started' | 'completed' | 'failed' | 'canceled';

/** The one mapping of states; lists filter by its inverse. A job that ran out of time has failed. */
export const IONQ_STATES = {
  PENDING: 'submitted',
  COMPILING: 'submitted',
  QUEUED: 'ready',
  RUNNING: 'started',
  DONE: 'completed',
  ERROR: 'failed',
  TIMEOUT: 'failed',
  CANCELLED: 'canceled',
} as const satisfies Record<(typeof STATE_NAMES)[number], IonqStatus>;

const BY_NAME: Readonly<Record<string, IonqStatus>> = IONQ_STATES;
export const ionqStatus = (state: JobState): IonqStatus => BY_NAME[stateName(state)] ?? 'submitted';

/** Words for statuses that clients filter by: the six, and `queued`, by which Qiskit's sessions ask for open jobs. */
export const STATUS_WORDS = [...new Set(Object.values(IONQ_STATES)), 'queued'] as const;
export type StatusWord = (typeof STATUS_WORDS)[number];

export function statesOf(word: StatusWord): JobState[] {
  const wanted: readonly string[] = word === 'queued' ? ['submitted', 'ready'] : [word];
  return STATE_NAMES.filter((name) => wanted.includes(IONQ_STATES[name])).map((name) => JobState[name]);
}

/** `failure.code` by our reason; what is not listed is an InternalError. */
const FAILURE_CODES: Partial<Record<ErrorCode, string>> = {
  QASM_SYNTAX: 'InvalidInput',
  QASM_SEMANTIC: 'InvalidInput',
  QASM_UNSUPPORTED: 'InvalidInput',
  PROGRAM_FAULT: 'InvalidInput',
  JOB_SPEC_INVALID: 'InvalidInput',
  SHOT_STEPS_EXCEEDED: 'QuantumCircuitComplexityError',
  CIRCUIT_TOO_LARGE: 'NotEnoughQubits',
  PAYLOAD_TOO_LARGE: 'TooManyGates',
  NONDETERMINISTIC_COMPILE: 'CompilationError',
  JOB_TIMEOUT: 'SimulationTimeout',
  DEADLINE_EXCEEDED: 'SimulationTimeout',
  DEVICE_OFFLINE: 'QuantumComputerError',
  BACKEND_UNAVAILABLE: 'QuantumComputerError',
  EXECUTION_LOST: 'QuantumComputerError',
  ATTEMPTS_EXHAUSTED: 'QuantumComputerError',
  ENGINE_LOST: 'SimulationError',
  RESULT_INCOMPLETE: 'SimulationError',
  CANCELLED: 'SystemCancel',
};

export const failureCode = (reason: string): string => FAILURE_CODES[reason as ErrorCode] ?? 'InternalError';
