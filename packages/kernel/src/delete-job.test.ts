import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callOptions } from '@qfs/rpc';
import { settled } from './testing/fake-time.ts';
import { submit } from './testing/submit.ts';
import { CONTEXT, World } from './testing/world.ts';

const options = callOptions(CONTEXT);

test('LOG-34, REC-14: a deleted job answers so on every path, for ever, and deleting it again changes nothing', async (t) => {
  const world = new World();
  t.after(() => world.remove());
  const first = world.start();
  const jobId = await submit(first, 'bell');
  const kept = await submit(first, 'ghz');
  await settled();
  const { logIndex } = await first.gateway.deleteJob({ jobId }, options);
  assert.equal((await first.gateway.deleteJob({ jobId }, options)).logIndex, logIndex);
  await first.stop();

  const { gateway, store, stop } = world.start();
  const calls = [
    () => gateway.getJob({ jobId }, options),
    () => gateway.getJobStatus({ jobId }, options),
    () => gateway.getJobResults({ jobId }, options),
    () => gateway.getReceipt({ jobId }, options),
    () => gateway.redriveJob({ jobId }, options),
    () => gateway.streamJobUpdates({ jobId }, options)[Symbol.asyncIterator]().next(),
  ];
  for (const call of calls) await assert.rejects(call, { code: 'JOB_DELETED' });
  const { jobs } = await gateway.listJobs({}, options);
  assert.deepEqual(
    jobs.map((job) => job.jobId),
    [kept],
  );
  const row = store.find(CONTEXT.identity, jobId)!;
  assert.deepEqual([row.state, row.name, row.deletedIndex], ['DONE', '', Number(logIndex)]);
  assert.equal(store.spec(CONTEXT.identity, jobId), undefined);
  await stop();
});

test('LOG-34: a job that runs is not deleted', async (t) => {
  const world = new World();
  t.after(() => world.remove());
  const process = world.start();
  world.devices.otherwise = 'hold';
  const jobId = await submit(process, 'bell');
  await settled();
  await assert.rejects(process.gateway.deleteJob({ jobId }, options), { code: 'JOB_NOT_TERMINAL' });
  await process.stop();
});
