import type { Log } from '../log.ts';
import { follow, type Working } from './progress.ts';

/** What a check found: nothing wrong, or the first thing that is, and at which entry. */
export interface CheckOutcome {
  readonly ok: boolean;
  /** The last entry that was looked at. */
  readonly index: number;
  readonly reason?: string;
}

export interface VerifyOutcome extends CheckOutcome {
  /** Certificates whose signatures and roots were checked. */
  readonly checkpoints: number;
}

export interface ReplayOutcome extends CheckOutcome {
  readonly stateRoot: Uint8Array;
  /** Rows of the job table that were rebuilt and compared. */
  readonly jobs: number;
}

/** Long looks at the whole log. */
export interface LogChecks {
  /** Chain, tree and certificates from an entry on. */
  verify(from: number): Working<VerifyOutcome>;
  /** The state from GENESIS (0) or from the newest snapshot at or before an entry, and what is made of it. */
  replay(from: number): Working<ReplayOutcome>;
}

export async function* verifyMessages(log: Log, checks: LogChecks, from: number, signal: AbortSignal) {
  const to = BigInt((await log.status()).appliedIndex);
  for await (const told of follow(checks.verify(from), signal)) {
    if ('index' in told) yield { index: BigInt(told.index), to };
    else {
      const { ok, index, reason = '', checkpoints } = told.outcome;
      yield { index: BigInt(index), to, done: true, ok, reason, checkpoints: BigInt(checkpoints) };
    }
  }
}

export async function* replayMessages(log: Log, checks: LogChecks, from: number, signal: AbortSignal) {
  const to = BigInt((await log.status()).appliedIndex);
  for await (const told of follow(checks.replay(from), signal)) {
    if ('index' in told) yield { index: BigInt(told.index), to };
    else {
      const { ok, index, reason = '', stateRoot, jobs } = told.outcome;
      yield { index: BigInt(index), to, done: true, ok, reason, stateRoot, jobs: BigInt(jobs) };
    }
  }
}
