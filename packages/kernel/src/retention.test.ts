import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { callOptions } from '@qfs/rpc';
import { Retention } from './retention.ts';
import { settled } from './testing/fake-time.ts';
import { submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const RETENTION_S = 3_600;
const MINUTE_MS = 60_000;

/** A process whose operator keeps results for `retention.s` seconds. */
function start(t: TestContext) {
  const world = new World();
  t.after(() => world.remove());
  const retention = { s: RETENTION_S };
  const process = world.start({ timeLimitMs: 1_000 * MINUTE_MS });
  const passes: number[] = [];
  const errors: unknown[] = [];
  const keeper = new Retention({
    store: process.store,
    clock: world.time,
    timers: process.timers,
    retentionS: () => retention.s,
    onExpired: (jobs) => passes.push(jobs),
    onError: (error) => errors.push(error),
  });
  t.after(async () => {
    await keeper.stop();
    await process.stop();
  });
  return { world, process, retention, keeper, passes, errors };
}

const rowOf = ({ store }: Process, jobId: string) => store.find(CONTEXT.identity, jobId)!;

async function ended(process: Process, program: string): Promise<string> {
  const jobId = await submit(process, program);
  await settled();
  assert.equal(rowOf(process, jobId).state, 'DONE');
  return jobId;
}

test('JOB-28: results of ended jobs expire after the retention, the oldest first, and not before; open and deleted jobs stay as they are', async (t) => {
  const { world, process, keeper, passes, errors } = start(t);
  const first = await ended(process, 'one');
  await world.time.pass(1);
  const [second, deleted] = [await ended(process, 'two'), await ended(process, 'three')];
  await process.gateway.deleteJob({ jobId: deleted }, callOptions(CONTEXT));
  world.devices.otherwise = 'hold';
  const open = await submit(process, 'four');
  await world.time.pass(1);
  keeper.start();
  world.devices.otherwise = 'succeed';
  const expiries = () => [first, second].map((jobId) => rowOf(process, jobId).expiredIndex);
  const finishedMs = rowOf(process, first).finishedMs!;
  // The last look at which no job is older than an hour.
  await world.time.pass(RETENTION_S * 1_000 - 3);
  assert.deepEqual(
    [world.time.nowMs() - finishedMs <= RETENTION_S * 1_000, expiries()],
    [true, [null, null]],
  );
  await world.time.pass(MINUTE_MS);
  const [one, two] = expiries();
  assert.ok(one! < two!, `${one} ${two}`);
  assert.deepEqual(passes, [2]);
  assert.deepEqual(
    [open, deleted].map((jobId) => rowOf(process, jobId).expiredIndex),
    [null, null],
  );
  await world.time.pass(10 * MINUTE_MS);
  assert.deepEqual([expiries(), passes, errors], [[one, two], [2], []]);
});

test('JOB-28: more jobs than one transaction takes expire at one look; none does while results are kept for ever', async (t) => {
  const { world, process, retention, keeper, passes } = start(t);
  retention.s = 0;
  for (let job = 0; job < 101; job += 1) await submit(process, `program ${job}`);
  await settled();
  await world.time.pass(MINUTE_MS);
  keeper.start();
  await world.time.pass(RETENTION_S * 2_000);
  assert.deepEqual(passes, []);
  retention.s = RETENTION_S;
  await world.time.pass(MINUTE_MS);
  assert.deepEqual(passes, [101]);
});

test('JOB-28: a store that is away is asked again', async (t) => {
  const { world, process, keeper, passes, errors } = start(t);
  await ended(process, 'one');
  keeper.start();
  const away = new Error('away');
  process.failWrites(away, 'jobs.expire');
  await world.time.pass(RETENTION_S * 1_000 + MINUTE_MS);
  assert.deepEqual(errors.slice(0, 1), [away]);
  process.failWrites(undefined);
  await world.time.pass(MINUTE_MS);
  assert.deepEqual(passes, [1]);
});
