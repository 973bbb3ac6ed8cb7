import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { QfsError } from '@qfs/core';
import { type Applied, newJobId } from '@qfs/core/exact';
import { callOptions } from '@qfs/rpc';
import { openSqlite } from '@qfs/storage';
import { RebuiltJobs } from './store/index.ts';
import { settled } from './testing/fake-time.ts';
import { submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);
const EVER_MS = 1e12;

interface Jobs {
  readonly open: string;
  readonly ended: string;
  readonly expired: string;
  readonly deleted: string;
  readonly never: string;
}

function newWorld(t: TestContext): World {
  const world = new World();
  t.after(() => world.remove());
  return world;
}

const start = (world: World): Process => world.start({ timeLimitMs: EVER_MS });

/** One job in each state of its life. */
async function jobsOf(world: World, process: Process): Promise<Jobs> {
  const expired = await submit(process, 'expired');
  await settled();
  await process.store.expire({ endedBeforeMs: world.time.nowMs() + 1, jobsMax: 1 });
  const [deleted, ended] = [await submit(process, 'deleted'), await submit(process, 'ended')];
  await settled();
  await process.gateway.deleteJob({ jobId: deleted }, options);
  world.devices.otherwise = 'hold';
  const open = await submit(process, 'open');
  await settled();
  world.devices.otherwise = 'succeed';
  const never = newJobId(world.time.nowMs(), new Uint8Array(10));
  return { open, ended, expired, deleted, never };
}

/** Every way to read a job. */
const READS: Readonly<Record<string, (process: Process, jobId: string) => Promise<unknown>>> = {
  job: ({ gateway }, jobId) => gateway.getJob({ jobId }, options),
  status: ({ gateway }, jobId) => gateway.getJobStatus({ jobId }, options),
  rationale: ({ gateway }, jobId) => gateway.getDispatchRationale({ jobId }, options),
  outcome: ({ gateway }, jobId) => gateway.getJobResults({ jobId }, options),
  events: ({ gateway }, jobId) =>
    gateway.streamJobUpdates({ jobId }, options)[Symbol.asyncIterator]().next() as Promise<unknown>,
  receipt: ({ gateway }, jobId) => gateway.getReceipt({ jobId }, options),
  artifacts: async ({ gateway, qfs }, jobId) => {
    await gateway.getJobStatus({ jobId }, options);
    return qfs.listArtifacts({ jobId }, options);
  },
  'results.json': ({ qfs }, jobId) => qfs.retrieveArtifact({ jobId, name: 'results.json' }, options),
  'program.qasm': ({ qfs }, jobId) => qfs.retrieveArtifact({ jobId, name: 'program.qasm' }, options),
  'statement.json': ({ qfs }, jobId) => qfs.retrieveArtifact({ jobId, name: 'statement.json' }, options),
};

const answerOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'ok',
    (thrown: unknown) => QfsError.from(thrown).code,
  );

async function tableOf(process: Process, jobs: Jobs): Promise<string> {
  const names = Object.keys(jobs) as (keyof Jobs)[];
  const lines = [row('', names)];
  for (const [name, read] of Object.entries(READS)) {
    const answers = await Promise.all(names.map((job) => answerOf(read(process, jobs[job]))));
    lines.push(row(name, answers));
  }
  const { jobs: listed } = await process.gateway.listJobs({}, options);
  const isListed = (job: keyof Jobs) => listed.some(({ jobId }) => jobId === jobs[job]);
  lines.push(
    row(
      'list',
      names.map((job) => (isListed(job) ? 'listed' : '-')),
    ),
  );
  return `${lines.join('\n')}\n`;
}

const row = (name: string, cells: readonly string[]): string =>
  [name.padEnd(14), ...cells.map((cell) => cell.padEnd(18))].join(' ').trimEnd();

const TABLE = `\
               open               ended              expired            deleted            never
job            ok                 ok                 ok                 JOB_DELETED        JOB_NOT_FOUND
status         ok                 ok                 ok                 JOB_DELETED        JOB_NOT_FOUND
rationale      ok                 ok                 ok                 JOB_DELETED        JOB_NOT_FOUND
outcome        JOB_NOT_TERMINAL   ok                 ok                 JOB_DELETED        JOB_NOT_FOUND
events         ok                 ok                 ok                 JOB_DELETED        JOB_NOT_FOUND
receipt        JOB_NOT_TERMINAL   ok                 ok                 JOB_DELETED        JOB_NOT_FOUND
artifacts      ok                 ok                 ok                 JOB_DELETED        JOB_NOT_FOUND
results.json   ARTIFACT_NOT_FOUND ok                 ARTIFACT_EXPIRED   JOB_DELETED        ARTIFACT_NOT_FOUND
program.qasm   ok                 ok                 ARTIFACT_EXPIRED   JOB_DELETED        ARTIFACT_NOT_FOUND
statement.json ARTIFACT_NOT_FOUND ok                 ok                 JOB_DELETED        ARTIFACT_NOT_FOUND
list           listed             listed             listed             -                  -
`;

test('REC-14: the states of a job stay distinct for ever: in one process, after a restart, and once the log is in the archive', async (t) => {
  const world = newWorld(t);
  let process = start(world);
  const jobs = await jobsOf(world, process);
  await process.checkpoint();
  assert.equal(await tableOf(process, jobs), TABLE);
  await process.stop();

  process = start(world);
  await settled();
  assert.equal(await tableOf(process, jobs), TABLE);
  await archive(process);
  assert.equal(await tableOf(process, jobs), TABLE);
  await process.stop();

  process = start(world);
  await settled();
  assert.equal(await tableOf(process, jobs), TABLE);
  await process.stop();
});

/** Writes until the entries of all jobs are old, and moves them into the archive. */
async function archive({ log, reader, checkpoint }: Process): Promise<void> {
  const [{ account_id: admin }] = reader.all<{ account_id: string }>('SELECT account_id FROM accounts') as [
    { account_id: string },
  ];
  const { appliedIndex } = await log.status();
  const body = { on_behalf_of: admin, key: 'archive_after_entries', value: 1_000 };
  const [set] = await log.propose([{ type: 'CONFIG_SET', body, signed: true }]);
  assert.equal(set?.outcome, 'ACCEPTED');
  for (let block = 0; block < 3; block += 1) {
    await log.propose(Array.from({ length: 400 }, () => ({ type: 'NOOP', body: {} })));
  }
  await checkpoint();
  const { archivedIndex } = await log.compact();
  assert.ok(archivedIndex > appliedIndex);
}

test('LOG-32: the job table that the log alone gives knows what expired and what was deleted', async (t) => {
  const world = newWorld(t);
  const process = start(world);
  const jobs = await jobsOf(world, process);
  const writable = openSqlite(':memory:');
  const rebuilt = new RebuiltJobs(writable, world.time);
  const { appliedIndex } = await process.log.status();
  await process.log.replay({
    onApplied: ({ index, term, type, entryId, tick }, { outcome, entry }: Applied) =>
      rebuilt.apply({ index, term, type, entryId, tick, outcome, body: entry?.body }),
  });
  assert.deepEqual(rebuilt.compare(process.reader), { jobs: 4 });
  // What came after the entries that were applied here is no difference.
  await process.gateway.deleteJob({ jobId: jobs.ended }, options);
  assert.deepEqual(rebuilt.compare(process.reader), { jobs: 4 });
  for (const [column, jobId] of [
    ['expired_index', jobs.expired],
    ['deleted_index', jobs.deleted],
  ] as const) {
    const live = alteredCopy(process, `UPDATE jobs SET ${column} = NULL WHERE job_id = '${jobId}'`);
    const { difference } = rebuilt.compare(live);
    assert.match(difference ?? '', new RegExp(`^${jobId} has ${column} null; the log says \\d+$`));
    live.close();
  }
  const later = alteredCopy(process, `UPDATE jobs SET expired_index = 2 WHERE job_id = '${jobs.ended}'`);
  assert.match(rebuilt.compare(later).difference ?? '', /has expired_index 2; the log says null$/);
  later.close();
  assert.ok(appliedIndex > 0);
  await process.stop();
  writable.close();
});

/** The job table as it stands, with a change that the log does not know. */
function alteredCopy({ reader }: Process, change: string): ReturnType<typeof openSqlite> {
  const copy = openSqlite(':memory:');
  const { sql } = reader.get<{ sql: string }>("SELECT sql FROM sqlite_schema WHERE name = 'jobs'")!;
  copy.exec(sql);
  for (const row of reader.all('SELECT * FROM jobs')) {
    const names = Object.keys(row);
    const places = names.map(() => '?').join(', ');
    copy.run(`INSERT INTO jobs (${names.join(', ')}) VALUES (${places})`, ...Object.values(row));
  }
  copy.exec(change);
  return copy;
}

test('JOB-27: a repeated request whose job was deleted is answered with that job', async (t) => {
  const process = start(newWorld(t));
  const again = { idempotencyKey: 'key', requestFingerprint: new Uint8Array(32) };
  const jobId = await submit(process, 'bell', again);
  await settled();
  await process.gateway.deleteJob({ jobId }, options);
  assert.equal(await submit(process, 'bell', again), jobId);
  const child = submit(process, 'bell', { parentJobId: jobId });
  await assert.rejects(child, { code: 'JOB_DELETED' });
  await process.stop();
});

test('JOB-28: a job whose inputs expired is not run again', async (t) => {
  const world = newWorld(t);
  const process = start(world);
  const { expired } = await jobsOf(world, process);
  await assert.rejects(process.gateway.redriveJob({ jobId: expired }, options), { code: 'ARTIFACT_EXPIRED' });
  await process.stop();
});

test('JOB-27: somebody who reads the events of a job while it is deleted is told so', async (t) => {
  const world = newWorld(t);
  // More events than are read at once.
  const process = world.start({ timeLimitMs: EVER_MS, retriesMax: 100 });
  world.devices.otherwise = 'fail BACKEND_UNAVAILABLE';
  const jobId = await submit(process, 'bell');
  await world.time.pass(1_000_000);
  assert.equal(process.store.find(CONTEXT.identity, jobId)?.errorCode, 'ATTEMPTS_EXHAUSTED');
  const events = process.gateway.streamJobUpdates({ jobId }, options)[Symbol.asyncIterator]();
  await events.next();
  await process.gateway.deleteJob({ jobId }, options);
  const drained = (async () => {
    for (let next = await events.next(); next.done !== true; next = await events.next());
  })();
  await assert.rejects(drained, { code: 'JOB_DELETED' });
  await process.stop();
});

test('JOB-27: only the owner and admins of the log delete a job', async (t) => {
  const process = start(newWorld(t));
  const other = { ...CONTEXT, identity: { ...CONTEXT.identity, subject: 'somebody else' } };
  const [mine, theirs] = [await submit(process, 'mine'), await submit(process, 'theirs', {}, other)];
  await settled();
  const denied = process.gateway.deleteJob({ jobId: mine }, callOptions(other));
  await assert.rejects(denied, { code: 'AUTH_DENIED' });
  const stranger = { ...CONTEXT, identity: { ...CONTEXT.identity, tenantId: 'another' } };
  const unseen = process.gateway.deleteJob({ jobId: mine }, callOptions(stranger));
  await assert.rejects(unseen, { code: 'JOB_NOT_FOUND' });
  const admin = { ...other, identity: { ...other.identity, subject: 'an admin', roles: ['admin'] } };
  await process.gateway.deleteJob({ jobId: theirs }, callOptions(admin));
  await process.gateway.deleteJob({ jobId: mine }, options);
  await process.stop();
});
