import type { StoredEntry } from '@qfs/consensus';
import type { LogChecks, ReplayOutcome } from '@qfs/consensus/service';
import type { AppliedEntry } from '@qfs/core';
import type { Applied } from '@qfs/core/exact';
import { RebuiltJobs } from '@qfs/kernel/store';
import { systemClock as clock, openSqlite, type SqliteConnection } from '@qfs/storage';
import type { Store } from './store.ts';

/** Checks of the whole log, beside the log that runs. */
export const createLogChecks = ({ log, reader }: Pick<Store, 'log' | 'reader'>): LogChecks => ({
  verify: (from) => async (onProgress) => {
    const found = await log.verify(from, ({ index }) => onProgress(index));
    if (found.ok) return { ok: true, index: found.to, checkpoints: found.checkpoints };
    return { ok: false, index: found.index, reason: found.reason, checkpoints: 0 };
  },
  replay: (from) => (onProgress) =>
    from === 0 ? replayAll(log, reader, onProgress) : replayFrom(log, from, onProgress),
});

type Progress = (index: number) => void;

/** From GENESIS on, with the job table. */
async function replayAll(
  log: Store['log'],
  reader: Store['reader'],
  onProgress: Progress,
): Promise<ReplayOutcome> {
  const memory: SqliteConnection = openSqlite(':memory:');
  try {
    const jobs = new RebuiltJobs(memory, clock);
    const onApplied = (entry: StoredEntry, applied: Applied) => jobs.apply(appliedEntry(entry, applied));
    const found = await log.replay({ onApplied, onProgress });
    if (!found.ok) return { ...found, stateRoot: new Uint8Array(), jobs: 0 };
    const { jobs: equal, difference } = jobs.compare(reader);
    const end = { index: found.to, stateRoot: found.stateRoot, jobs: equal };
    return difference === undefined ? { ok: true, ...end } : { ok: false, ...end, reason: difference };
  } finally {
    memory.close();
  }
}

async function replayFrom(log: Store['log'], from: number, onProgress: Progress): Promise<ReplayOutcome> {
  const found = await log.replay({ from, onProgress });
  if (!found.ok) return { ...found, stateRoot: new Uint8Array(), jobs: 0 };
  return { ok: true, index: found.to, stateRoot: found.stateRoot, jobs: 0 };
}

const appliedEntry = ({ index, term, type, entryId, tick }: StoredEntry, applied: Applied): AppliedEntry => ({
  ...{ index, term, type, entryId, tick },
  outcome: applied.outcome,
  body: applied.entry?.body,
});
