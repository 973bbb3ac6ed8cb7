import type { QfsError } from '@qfs/core';
import type { ClosableWriter, DataDirectory } from '@qfs/storage';
import { openDataDirectory, openSqlite, type SqliteConnection, startWriter } from '@qfs/storage';
import type { Configuration } from '../config/index.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { WriterSettings } from './writer-worker.ts';

/** The data directory, locked, with its writer and a read-only connection. */
export interface Store {
  readonly directory: DataDirectory;
  readonly writer: ClosableWriter;
  readonly reader: SqliteConnection;
  close(): Promise<void>;
}

export interface StoreHooks {
  /** Something was committed. */
  readonly onCommit: () => void;
  /** The disk failed; nothing more can be acknowledged. */
  readonly onFailure: (error: QfsError) => void;
}

export async function openStore(config: Configuration, metrics: Metrics, hooks: StoreHooks): Promise<Store> {
  const directory = openDataDirectory(config.data_dir);
  try {
    const settings: WriterSettings = { tickMs: config.tick_ms };
    const writer = await startWriter(
      { path: directory.databasePath, entry: new URL('./writer-worker.ts', import.meta.url), settings },
      {
        onCommit: ({ milliseconds }) => {
          metrics.count('qfs_store_commits_total');
          metrics.observe('qfs_store_commit_duration_seconds', {}, milliseconds / 1000);
          hooks.onCommit();
        },
        onFailure: hooks.onFailure,
      },
    );
    const reader = openSqlite(directory.databasePath, { readOnly: true });
    return {
      directory,
      writer,
      reader,
      async close() {
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
