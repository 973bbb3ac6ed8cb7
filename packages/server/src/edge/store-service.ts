import { deserialize, serialize } from 'node:v8';
import type { SqlDatabase, SqlRow, SqlValue, StoreWriter } from '@qfs/core';
import { type Client, callOptions, type ServiceImpl, type StoreService } from '@qfs/rpc';
import { openSqlite, type SqliteConnection } from '@qfs/storage';
import { decodedCalls, encodedCalls } from './store-calls.ts';

/** The writer of this process, for roles in other processes. */
export const createStoreService = (writer: StoreWriter): ServiceImpl<typeof StoreService> => ({
  async transact({ calls }) {
    const results = await writer.transact(decodedCalls(calls));
    return { results: results.map((result) => new Uint8Array(serialize(result))) };
  },
});

/** Writes in the name of the platform itself; whose artifacts they are is in the calls. */
const STORE_CONTEXT = callOptions({
  identity: { tenantId: '', projectId: '', subject: 'qfs', roles: [] },
  traceparent: '00-00000000000000000000000000000001-0000000000000001-00',
  requestId: 'store',
});

/** The writer of another process. */
export const remoteWriter = (store: Client<typeof StoreService>): StoreWriter => ({
  async transact(calls) {
    const { results } = await store.transact({ calls: encodedCalls(calls) }, STORE_CONTEXT);
    return results.map((result) => deserialize(result) as unknown);
  },
});

/** A reader of a database that another process may still have to found. */
export class LateReader implements SqlDatabase {
  readonly #path: string;
  #connection: SqliteConnection | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  exec(sql: string): void {
    this.#open().exec(sql);
  }

  run(sql: string, ...parameters: SqlValue[]): number {
    return this.#open().run(sql, ...parameters);
  }

  get<Row extends SqlRow = SqlRow>(sql: string, ...parameters: SqlValue[]): Row | undefined {
    return this.#open().get<Row>(sql, ...parameters);
  }

  all<Row extends SqlRow = SqlRow>(sql: string, ...parameters: SqlValue[]): Row[] {
    return this.#open().all<Row>(sql, ...parameters);
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** @throws QfsError STORE_UNAVAILABLE as long as there is no database. */
  #open(): SqliteConnection {
    this.#connection ??= openSqlite(this.#path, { readOnly: true });
    return this.#connection;
  }
}
