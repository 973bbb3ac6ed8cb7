import { type ClosableWriter, QueuedWriter, type WriterHooks } from './queued-writer.ts';
import type { CallGroup, CommitReport, StoreSessionOptions } from './store-session.ts';
import { StoreSession } from './store-session.ts';

/**
 * The writer in the caller's own thread, for tests and tools. Arguments and results are cloned as on the way
 * to a worker, so that what works here works there.
 *
 * @throws QfsError STORE_UNAVAILABLE when the file cannot be opened.
 */
export function openInlineWriter(options: StoreSessionOptions, hooks: WriterHooks = {}): ClosableWriter {
  const session = new StoreSession(options);
  const lane = {
    commit: async (groups: readonly CallGroup[]): Promise<CommitReport> => {
      const { outcomes, milliseconds } = session.commit(structuredClone(groups));
      const cloned = outcomes.map((outcome) =>
        outcome.ok ? { ok: true as const, results: structuredClone(outcome.results) } : outcome,
      );
      return { outcomes: cloned, milliseconds };
    },
    close: async () => session.close(),
  };
  return new QueuedWriter(options.path, lane, hooks);
}
