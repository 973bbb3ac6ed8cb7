import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { callOptions } from '@qfs/rpc';
import { settled } from './testing/fake-time.ts';
import { submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);

function worldOf(t: TestContext): World {
  const world = new World();
  t.after(() => world.remove());
  return world;
}

type Wanted = Parameters<Process['gateway']['listJobs']>[0];

async function listed({ gateway }: Process, wanted: Wanted): Promise<string[]> {
  const { jobs, nextCursor } = await gateway.listJobs(wanted, options);
  assert.equal(nextCursor, '');
  return jobs.map(({ name }) => name);
}

test('DOOR-14: lists are narrowed by name, tags, target, parent and time', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const parentJobId = await submit(process, 'a', { name: 'a', tags: ['x'] });
  await world.time.pass(60_000);
  const sinceMs = world.time.nowMs();
  await submit(process, 'b', { name: 'b', tags: ['x', 'y'], parentJobId });
  await submit(process, 'c', { name: 'c', tags: ['y'], parentJobId });
  await settled();
  const since = { seconds: BigInt(Math.floor(sinceMs / 1_000)), nanos: (sinceMs % 1_000) * 1e6 };
  assert.deepEqual(await listed(process, {}), ['c', 'b', 'a']);
  assert.deepEqual(await listed(process, { name: 'b' }), ['b']);
  assert.deepEqual(await listed(process, { name: "b' OR '1" }), []);
  assert.deepEqual(await listed(process, { tags: ['x'] }), ['b', 'a']);
  assert.deepEqual(await listed(process, { tags: ['x', 'y'] }), ['b']);
  assert.deepEqual(await listed(process, { target: 'sim:local', since }), ['c', 'b']);
  assert.deepEqual(await listed(process, { target: 'sim:other' }), []);
  assert.deepEqual(await listed(process, { parentJobId }), ['c', 'b']);
  assert.deepEqual(await listed(process, { parentJobId, tags: ['x'], states: [5] }), ['b']);
  await process.stop();
});

test('JOB-27: of deleted jobs a list shows the id and the entry, and nothing that was written in them', async (t) => {
  const process = worldOf(t).start();
  const jobId = await submit(process, 'a', { name: 'secret', tags: ['secret'] });
  await submit(process, 'b', { name: 'b' });
  await settled();
  const { logIndex } = await process.gateway.deleteJob({ jobId }, options);
  assert.deepEqual(await listed(process, {}), ['b']);
  const { jobs } = await process.gateway.listJobs({ deleted: true }, options);
  assert.deepEqual(
    jobs.map((job) => [job.jobId, job.deletedIndex, job.name, job.tags]),
    [[jobId, logIndex, jobId, []]],
  );
  await process.stop();
});

test('DOOR-14: a page that looks for rare jobs ends after a bounded number of others, and the next one goes on', async (t) => {
  const process = worldOf(t).start();
  const sought = await submit(process, 'sought', { name: 'sought' });
  for (let count = 0; count < 8; count++) await submit(process, 'other', { name: 'other' });
  const found: string[] = [];
  let pages = 0;
  for (let cursor = ''; ; pages += 1) {
    const page = await process.gateway.listJobs({ name: 'other', limit: 3, cursor }, options);
    found.push(...page.jobs.map(({ name }) => name));
    if (page.nextCursor === '') break;
    cursor = page.nextCursor;
  }
  assert.deepEqual([found.length, new Set(found).size, pages], [8, 1, 2]);
  assert.deepEqual(await listed(process, { name: 'sought', limit: 3 }), ['sought']);
  assert.ok(sought);
  await process.stop();
});
