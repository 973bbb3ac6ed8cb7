import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { QfsError, type StoreModule, WRITER_COMMIT_GROUPS_MAX } from '@qfs/core';
import { openInlineWriter, openSqlite, startWriter, systemClock, systemRandomness } from '../index.ts';
import { echoModule, notesModule } from '../testing/notes-module.ts';
import type { ClosableWriter, WriterHooks } from './queued-writer.ts';

const ENTRY = new URL('../testing/writer-entry.ts', import.meta.url);

function databasePath(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'qfs-writer-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return join(directory, 'qfs.sqlite');
}

const openInline = (path: string, modules: readonly StoreModule[], hooks?: WriterHooks) =>
  openInlineWriter({ path, modules, clock: systemClock, randomness: systemRandomness }, hooks);

const call = (name: string, argument?: unknown) => ({ operation: `notes.${name}`, argument });

const texts = (path: string, table = 'notes'): unknown[] => {
  const reader = openSqlite(path, { readOnly: true });
  const rows = reader.all(`SELECT text FROM ${table} ORDER BY rowid`).map((row) => row.text);
  reader.close();
  return rows;
};

const codes = (answers: readonly PromiseSettledResult<unknown>[]): string[] =>
  answers.map((answer) => (answer.status === 'fulfilled' ? 'ok' : (answer.reason as QfsError).code));

/** The writer in this thread and the one in a worker must not differ in anything a caller sees. */
function bothWays(
  name: string,
  check: (writer: ClosableWriter, path: string, failures: QfsError[]) => Promise<void>,
): void {
  test(`${name}, in this thread`, async (t) => {
    const path = databasePath(t);
    const failures: QfsError[] = [];
    const hooks = { onFailure: (error: QfsError) => failures.push(error) };
    const writer = openInline(path, [notesModule, echoModule], hooks);
    await check(writer, path, failures);
    await writer.close();
  });
  test(`${name}, in a worker`, async (t) => {
    const path = databasePath(t);
    const failures: QfsError[] = [];
    const hooks = { onFailure: (error: QfsError) => failures.push(error) };
    const writer = await startWriter({ path, entry: ENTRY }, hooks);
    await check(writer, path, failures);
    await writer.close();
  });
}

bothWays(
  'results come back in order, and what was published is in the same transaction',
  async (writer, path) => {
    const results = await writer.transact([call('add', 'a'), call('add', 'b')]);
    assert.deepEqual(results, [
      { text: 'a', bytes: new Uint8Array([97]) },
      { text: 'b', bytes: new Uint8Array([98]) },
    ]);
    assert.deepEqual(texts(path), ['a', 'b']);
    assert.deepEqual(texts(path, 'echoes'), ['a', 'b']);
  },
);

bothWays('a group that fails takes its own calls back and no neighbour with it', async (writer, path) => {
  const answers = await Promise.allSettled([
    writer.transact([call('add', 'a'), call('add', 'b')]),
    writer.transact([call('add', 'c'), call('refuse')]),
    writer.transact([call('add', 'd'), call('add', 'deaf')]),
    writer.transact([call('add', 'a')]),
    writer.transact([call('stumble')]),
    writer.transact([call('nothingOfThatName')]),
    writer.transact([call('add', 'e')]),
  ]);
  assert.deepEqual(codes(answers), [
    ...['ok', 'ARTIFACT_EXISTS', 'INTERNAL', 'INTERNAL', 'INTERNAL', 'INTERNAL', 'ok'],
  ]);
  assert.deepEqual(texts(path), ['a', 'b', 'e']);
  assert.equal(writer.statistics().commits, 1);
  assert.equal(writer.statistics().groupsPerCommitMax, 7);
});

bothWays('a QfsError arrives with everything it said', async (writer) => {
  const error = await writer.transact([call('refuse')]).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof QfsError);
  const { code, message, metadata, retryAfterMs, violations } = error;
  assert.deepEqual(
    { code, message, metadata, retryAfterMs, violations },
    {
      code: 'ARTIFACT_EXISTS',
      message: 'It exists.',
      metadata: { name: 'a' },
      retryAfterMs: 7,
      violations: [{ field: 'name', description: 'taken' }],
    },
  );
  assert.match(error.cause instanceof Error ? error.cause.message : String(error.cause), /the cause/);
});

bothWays(
  'a full disk refuses, loses nothing acknowledged, and ends when there is room',
  async (writer, path) => {
    await writer.transact([call('add', 'before')]);
    await writer.transact([call('limitPages', 16)]);
    const answers = await Promise.allSettled([
      writer.transact([call('add', 'small')]),
      writer.transact([call('addData', 1_000_000)]),
    ]);
    assert.deepEqual(codes(answers), ['STORAGE_FULL', 'STORAGE_FULL']);
    for (const answer of answers) assert.ok((answer as PromiseRejectedResult).reason.retryAfterMs > 0);
    await writer.transact([call('limitPages', 100_000)]);
    await writer.transact([call('addData', 1_000_000), call('add', 'after')]);
    assert.deepEqual([texts(path)[0], texts(path).length], ['before', 3]);
  },
);

bothWays(
  'a broken invariant stops the writer for good, and the host is told once',
  async (writer, path, failures) => {
    await writer.transact([call('add', 'before')]);
    const answers = await Promise.allSettled([
      writer.transact([call('add', 'with it')]),
      writer.transact([call('breakInvariant')]),
    ]);
    assert.deepEqual(codes(answers), ['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE']);
    assert.deepEqual(codes(await Promise.allSettled([writer.transact([call('add', 'later')])])), [
      'STORE_UNAVAILABLE',
    ]);
    assert.equal(failures.length, 1);
    assert.match(failures[0]!.message, /two and two are five; restart the process/);
    assert.deepEqual(texts(path), ['before']);
  },
);

bothWays('closing commits what is queued and refuses what comes later', async (writer, path) => {
  const queued = writer.transact([call('add', 'queued')]);
  const closing = writer.close();
  const later = writer.transact([call('add', 'later')]);
  assert.deepEqual(codes(await Promise.allSettled([queued, later, closing])), ['ok', 'SHUTTING_DOWN', 'ok']);
  assert.deepEqual(texts(path), ['queued']);
});

test('what was answered is in the files as they are at that moment, without any close', async (t) => {
  const path = databasePath(t);
  const writer = await startWriter({ path, entry: ENTRY });
  for (let round = 0; round < 20; round += 1) {
    await writer.transact([call('add', `${round}`)]);
    const copy = `${path}-${round}`;
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    const reopened = openSqlite(copy);
    assert.equal(reopened.get('SELECT count(*) AS notes FROM notes')?.notes, round + 1);
    reopened.close();
  }
  await writer.close();
});

test('readers on their own connections go on while the writer writes, each seeing whole transactions', async (t) => {
  const path = databasePath(t);
  const writer = await startWriter({ path, entry: ENTRY });
  const readers = [1, 2, 3].map(() => openSqlite(path, { readOnly: true }));
  let writing = true;
  const written = (async () => {
    for (let pair = 0; pair < 50; pair += 1) {
      await writer.transact([call('add', `${pair} left`), call('add', `${pair} right`)]);
    }
    writing = false;
  })();
  while (writing) {
    for (const reader of readers) {
      const count = reader.get<{ notes: number }>('SELECT count(*) AS notes FROM notes')?.notes ?? 0;
      assert.equal(count % 2, 0, `${count} notes: half a transaction was seen`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await written;
  assert.equal(readers[0]!.get('SELECT count(*) AS notes FROM notes')?.notes, 100);
  for (const reader of readers) reader.close();
  await writer.close();
});

test('one transaction takes a bounded number of groups', async (t) => {
  const writer = openInline(databasePath(t), [notesModule]);
  const groups = WRITER_COMMIT_GROUPS_MAX + 1;
  await Promise.all(Array.from({ length: groups }, (_, at) => writer.transact([call('add', `${at}`)])));
  assert.deepEqual(
    [writer.statistics().groupsPerCommitMax, writer.statistics().commits, writer.statistics().groups],
    [WRITER_COMMIT_GROUPS_MAX, 2, groups],
  );
  assert.equal(writer.statistics().pendingGroups, 0);
  await writer.close();
});

test('a store of a newer release, or of another program, is refused with the reason', (t) => {
  const path = databasePath(t);
  const newer = { ...notesModule, migrations: [...notesModule.migrations, 'CREATE TABLE more (n INTEGER)'] };
  openInline(path, [newer]).close();
  assert.throws(() => openInline(path, [notesModule]), {
    code: 'STORE_UNAVAILABLE',
    message: /newer release \(notes has schema 2, this one knows 1\)/,
  });
  const foreign = `${path}-foreign`;
  const other = openSqlite(foreign);
  other.exec('CREATE TABLE theirs (n INTEGER)');
  other.close();
  assert.throws(() => openInline(foreign, [notesModule]), { message: /is a database of another program/ });
});

test('a later schema is reached from an earlier one, once, with its rows', async (t) => {
  const path = databasePath(t);
  const first = openInline(path, [notesModule, echoModule]);
  await first.transact([call('add', 'kept')]);
  await first.close();
  const later = {
    ...notesModule,
    migrations: [...notesModule.migrations, 'ALTER TABLE notes ADD COLUMN mark TEXT'],
  };
  for (const _start of [1, 2]) {
    const writer = openInline(path, [later, echoModule]);
    await writer.close();
  }
  assert.deepEqual(texts(path), ['kept']);
});

test('a worker that cannot start says why', async (t) => {
  const path = databasePath(t);
  await assert.rejects(startWriter({ path: join(path, 'below', 'a', 'file'), entry: ENTRY }), {
    code: 'STORE_UNAVAILABLE',
    message: /cannot be used: unable to open database file/,
  });
  await assert.rejects(startWriter({ path, entry: ENTRY, settings: 'no module' }), (error: QfsError) =>
    /the modules cannot be built/.test(String(error.cause)),
  );
});
