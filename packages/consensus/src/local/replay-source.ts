import type { StoredEntry } from '../log.ts';
import type { QfsReplaySource, ReplayHead } from '../replay.ts';
import type { Archive } from './archive.ts';
import type { ClosableDatabase } from './compact.ts';
import { readLog } from './entry-reader.ts';
import { readOpenHead } from './head.ts';
import { readStateRoots, statePage } from './state-rows.ts';

/** Rows that are read at a time; between pages whoever else waits for this thread has its turn. */
const PAGE_ROWS = 256;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The local log as it stood when this was opened, whatever is appended meanwhile. */
export class LocalReplaySource implements QfsReplaySource {
  readonly head: ReplayHead;
  readonly #database: ClosableDatabase;
  readonly #archive: Archive;

  /** @param database a connection of its own, which is closed with this */
  constructor(database: ClosableDatabase, archive: Archive) {
    this.#database = database;
    this.#archive = archive;
    database.exec('BEGIN');
    this.head = readOpenHead(database);
  }

  close(): void {
    this.#database.close();
  }

  async *entries(from: number, to: number): AsyncIterable<StoredEntry> {
    const last = Math.min(to, this.head.appliedIndex);
    for (let next = Math.max(1, from); next <= last; next += PAGE_ROWS) {
      yield* await readLog(this.#database, this.#archive, next, Math.min(last, next + PAGE_ROWS - 1));
      await turn();
    }
  }

  async *entriesOfTypes(types: ReadonlySet<string>, from: number, to: number): AsyncIterable<StoredEntry> {
    for await (const entry of this.entries(from, to)) if (types.has(entry.type)) yield entry;
  }

  async transaction(entryId: string): Promise<readonly StoredEntry[]> {
    const row = this.#database.get<{ idx: number; block: number }>(
      'SELECT idx, coalesce(block, idx) AS block FROM log WHERE entry_id = ?',
      entryId,
    );
    if (row === undefined) return [];
    const next = this.#database.get<{ idx: number }>(
      'SELECT idx FROM log WHERE idx > ? AND coalesce(block, idx) <> ? ORDER BY idx LIMIT 1',
      row.idx,
      row.block,
    );
    return readLog(this.#database, this.#archive, row.block, (next?.idx ?? this.head.appliedIndex + 1) - 1);
  }

  async stateRoot(index: number): Promise<Uint8Array | undefined> {
    return readStateRoots(this.#database, index, index)[0]?.root;
  }

  async *state(): AsyncIterable<readonly [key: string, value: Uint8Array]> {
    for (let last = ''; ; ) {
      const page = statePage(this.#database, last);
      for (const { key, value } of page) yield [key, value];
      if (page.length === 0) return;
      last = page.at(-1)!.key;
      await turn();
    }
  }
}
