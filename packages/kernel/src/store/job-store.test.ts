import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SqlDatabase, SqlValue } from '@qfs/core';
import { openSqlite } from '@qfs/storage';
import { FakeTime } from '../testing/fake-time.ts';
import { SqliteJobStore } from './job-store.ts';
import { OPEN_JOBS } from './rows.ts';
import { JOB_STORE_MIGRATIONS } from './schema.ts';

const OWNER = { tenantId: 't', projectId: 'p', subject: 's' };

/** A database that remembers how each statement would be carried out. */
function explaining(database: SqlDatabase, plans: string[]): SqlDatabase {
  const explain = (sql: string, parameters: readonly SqlValue[]): void => {
    for (const { detail } of database.all(`EXPLAIN QUERY PLAN ${sql}`, ...parameters))
      plans.push(String(detail));
  };
  return {
    exec: (sql) => database.exec(sql),
    run: (sql, ...parameters) => database.run(sql, ...parameters),
    get: (sql, ...parameters) => {
      explain(sql, parameters);
      return database.get(sql, ...parameters);
    },
    all: (sql, ...parameters) => {
      explain(sql, parameters);
      return database.all(sql, ...parameters);
    },
  };
}

const ALL = { states: [], beforeIndex: 9, limit: 1 };

const READS: Readonly<Record<string, (store: SqliteJobStore) => unknown>> = {
  'a job': (store) => store.find(OWNER, 'j'),
  'the list of jobs': (store) => store.list(OWNER, ALL),
  'the list of open jobs': (store) => store.list(OWNER, { ...ALL, states: ['QUEUED'] }),
  'the list of failed jobs': (store) => store.list(OWNER, { ...ALL, states: ['ERROR'] }),
  'the list of dead letters': (store) => store.list(OWNER, { ...ALL, deadLettersOnly: true }),
  'the children of a job': (store) => store.list(OWNER, { ...ALL, parentJobId: 'p' }),
  'the events of a job': (store) => store.events(OWNER, 'j', 0, 1),
  'the attempts of a job': (store) => store.attempts(OWNER, 'j'),
  'the manifest of a job': (store) => store.manifest(OWNER, 'j', 'inputs'),
  'the diagnostics of a job': (store) => store.diagnostics(OWNER, 'j'),
  'the specification of a job': (store) => store.spec(OWNER, 'j'),
  'an idempotency key': (store) => store.findIdempotent(OWNER, 'k'),
};

for (const [name, read] of Object.entries(READS)) {
  test(`${name} is found by an index, without a scan or a sort`, () => {
    const database = openSqlite(':memory:');
    for (const sql of JOB_STORE_MIGRATIONS) database.exec(sql);
    const plans: string[] = [];
    const writer = { transact: async () => [] };
    read(new SqliteJobStore(writer, explaining(database, plans), new FakeTime()));
    database.close();
    assert.ok(plans.length > 0);
    for (const plan of plans) assert.match(plan, /^SEARCH .* USING .*(INDEX|PRIMARY KEY)/);
  });
}

test('rare jobs are found by the index of their kind', () => {
  const database = openSqlite(':memory:');
  for (const sql of JOB_STORE_MIGRATIONS) database.exec(sql);
  const plans: string[] = [];
  const store = new SqliteJobStore({ transact: async () => [] }, explaining(database, plans), new FakeTime());
  store.list(OWNER, { ...ALL, states: ['QUEUED'] });
  store.list(OWNER, { ...ALL, deadLettersOnly: true });
  store.list(OWNER, { ...ALL, parentJobId: 'p' });
  database.close();
  assert.deepEqual(
    plans.map((plan) => /jobs_\w+/.exec(plan)?.[0]),
    ['jobs_open', 'jobs_dead_letters', 'jobs_children'],
  );
});

test('the jobs to take up, and the jobs that count against a quota, are looked for among open jobs alone', () => {
  const database = openSqlite(':memory:');
  for (const sql of JOB_STORE_MIGRATIONS) database.exec(sql);
  const plans: string[] = [];
  const reader = explaining(database, plans);
  new SqliteJobStore({ transact: async () => [] }, reader, new FakeTime()).open(0, 1);
  reader.get(`SELECT count(*) AS open FROM jobs WHERE ${OPEN_JOBS} AND tenant_id = ?`, 't');
  database.close();
  const reads = plans.filter((plan) => /^(SCAN|SEARCH) jobs/.test(plan));
  for (const plan of reads) assert.match(plan, /COVERING INDEX jobs_open|PRIMARY KEY/);
});
