import { assert, QfsError, type StoreModule } from '@qfs/core';
import type { SqliteConnection } from '../sqlite.ts';

/** `QFS1` in the header of the file, so that tools and we ourselves know whose it is. */
const APPLICATION_ID = 0x51465331;

/**
 * Brings the file to the schema of every module, in one transaction.
 *
 * @throws QfsError STORE_UNAVAILABLE when the file is another program's or a newer release's.
 */
export function migrate(database: SqliteConnection, path: string, modules: readonly StoreModule[]): void {
  database.exec('BEGIN IMMEDIATE');
  claim(database, path);
  database.exec(`CREATE TABLE IF NOT EXISTS store_versions (
    module TEXT PRIMARY KEY, version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`);
  const names = new Set<string>();
  for (const { name, migrations } of modules) {
    assert(!names.has(name), `two store modules are called ${name}`);
    names.add(name);
    migrateModule(database, path, name, migrations);
  }
  database.exec('COMMIT');
}

function claim(database: SqliteConnection, path: string): void {
  const found = database.get<{ application_id: number }>('PRAGMA application_id')?.application_id;
  if (found === APPLICATION_ID) return;
  const tables = database.get<{ tables: number }>('SELECT count(*) AS tables FROM sqlite_schema')?.tables;
  if (found !== 0 || tables !== 0) {
    throw new QfsError(
      'STORE_UNAVAILABLE',
      `${path} is a database of another program; choose another directory.`,
    );
  }
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
}

function migrateModule(
  database: SqliteConnection,
  path: string,
  module: string,
  migrations: readonly string[],
): void {
  const reached =
    database.get<{ version: number }>('SELECT version FROM store_versions WHERE module = ?', module)
      ?.version ?? 0;
  if (reached > migrations.length) {
    throw new QfsError(
      'STORE_UNAVAILABLE',
      `${path} was written by a newer release (${module} has schema ${reached}, this one knows ` +
        `${migrations.length}); start the newer release.`,
    );
  }
  for (const statements of migrations.slice(reached)) database.exec(statements);
  database.run(
    'INSERT OR REPLACE INTO store_versions (module, version) VALUES (?, ?)',
    module,
    migrations.length,
  );
}
