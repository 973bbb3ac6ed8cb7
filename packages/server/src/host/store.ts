import { LocalLog, LogKeeper, type NodePqcAlgorithm } from '@qfs/consensus/local';
import type { QfsError } from '@qfs/core';
import { openStateMap } from '@qfs/fabric';
import type { ClosableWriter, DataDirectory } from '@qfs/storage';
import {
  openDataDirectory,
  openSqlite,
  systemRandomness as randomness,
  type SqliteConnection,
  startWriter,
} from '@qfs/storage';
import type { Configuration } from '../config/index.ts';
import type { Metrics } from '../observe/metrics.ts';
import { applier } from './applier.ts';
import { systemTimers as timers } from './timers.ts';
import type { WriterSettings } from './writer-worker.ts';

/**
 * The data directory, locked, with its writer, a read-only connection, and the log that keeps itself in
 * order.
 */
export interface Store {
  readonly directory: DataDirectory;
  readonly writer: ClosableWriter;
  readonly reader: SqliteConnection;
  readonly log: LocalLog;
  close(): Promise<void>;
}

export interface StoreHooks {
  /** Something was committed. */
  readonly onCommit: () => void;
  /** The disk failed; nothing more can be acknowledged. */
  readonly onFailure: (error: QfsError) => void;
  /** A checkpoint or a compaction failed; it is tried again. */
  readonly onLogError: (error: unknown) => void;
}

export async function openStore(config: Configuration, metrics: Metrics, hooks: StoreHooks): Promise<Store> {
  const directory = openDataDirectory(config.data_dir);
  let keeper: LogKeeper | undefined;
  try {
    const settings: WriterSettings = {
      tickMs: config.tick_ms,
      nodeAlgorithm: config.node_algorithm as NodePqcAlgorithm,
    };
    const writer = await startWriter(
      { path: directory.databasePath, entry: new URL('./writer-worker.ts', import.meta.url), settings },
      {
        onCommit: ({ milliseconds }) => {
          metrics.count('qfs_store_commits_total');
          metrics.observe('qfs_store_commit_duration_seconds', {}, milliseconds / 1000);
          keeper?.wake();
          hooks.onCommit();
        },
        onFailure: hooks.onFailure,
      },
    );
    const openReader = (): SqliteConnection => openSqlite(directory.databasePath, { readOnly: true });
    const reader = openReader();
    const log = new LocalLog({
      writer,
      reader,
      openReader,
      directory: directory.path,
      applier,
      stateMap: openStateMap,
      randomness,
      timers,
    });
    keeper = new LogKeeper({
      writer,
      reader,
      timers,
      compact: () => log.compact(),
      onError: hooks.onLogError,
    });
    keeper.wake();
    return {
      directory,
      writer,
      reader,
      log,
      async close() {
        await keeper?.stop();
        // The last connection moves the write-ahead log into the file, which a reader could not do.
        reader.close();
        await writer.close();
        directory.release();
      },
    };
  } catch (error) {
    directory.release();
    throw error;
  }
}
