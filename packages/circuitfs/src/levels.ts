import { QfsError } from '@qfs/core';

/** What QFS offers of its three levels. */
export const QFS_LEVELS = { CircuitFS: true, StateStore: false, LiveQubitManager: false } as const;

/** Level 2: quantum states that were read out, kept as checkpoints of a job. */
export interface StateStore {
  /** Keeps a state; returns its checkpoint id. Idempotent by job and cursor. */
  checkpoint(jobId: string, cursor: string, state: Uint8Array): Promise<string>;
  restore(jobId: string, checkpointId: string): Promise<Uint8Array>;
}

/** Level 1: qubits that are alive on a device. */
export interface LiveQubitManager {
  /** Reserves qubits of a device; returns a handle. */
  allocate(jobId: string, deviceId: string, qubits: number): Promise<string>;
  release(handle: string): Promise<void>;
}

/** Neither level exists: every call says so with QFS_LEVEL_NOT_AVAILABLE. */
export class Unavailable implements StateStore, LiveQubitManager {
  checkpoint(): Promise<string> {
    return refuse('StateStore (level 2)');
  }

  restore(): Promise<Uint8Array> {
    return refuse('StateStore (level 2)');
  }

  allocate(): Promise<string> {
    return refuse('LiveQubitManager (level 1)');
  }

  release(): Promise<void> {
    return refuse('LiveQubitManager (level 1)');
  }
}

const refuse = (level: string): Promise<never> =>
  Promise.reject(
    new QfsError('QFS_LEVEL_NOT_AVAILABLE', `${level} of QFS is not available; CircuitFS (level 3) is.`),
  );
