import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { CallContext, IdentityLimits } from '@qfs/rpc';
import { ExecutionState } from '@qfs/rpc/internal';
import { settled } from './testing/fake-time.ts';
import { submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

function holding(t: TestContext): World {
  const world = new World();
  t.after(() => world.remove());
  world.devices.otherwise = 'hold';
  return world;
}

const bounded = (limits: IdentityLimits, other: Partial<CallContext['identity']> = {}): CallContext => ({
  ...CONTEXT,
  identity: { ...CONTEXT.identity, ...other, limits },
});

/** How many of so many submissions at the same moment are accepted; the others must say why. */
async function acceptedOf(process: Process, count: number, context: CallContext): Promise<number> {
  const answers = await Promise.allSettled(
    Array.from({ length: count }, (_, number) => submit(process, `bell ${number}`, {}, context)),
  );
  const refused = answers.filter((answer) => answer.status === 'rejected');
  for (const { reason } of refused) {
    assert.deepEqual([reason.code, reason.retryAfterMs], ['QUOTA_EXCEEDED', 1_000]);
  }
  return count - refused.length;
}

test('JOB-33: submissions at the same moment do not exceed a quota together', async (t) => {
  const process = holding(t).start();
  const context = bounded({ tenantOpenJobsMax: 5 });
  assert.equal(await acceptedOf(process, 20, context), 5);
  const elsewhere = bounded({ tenantOpenJobsMax: 5 }, { tenantId: 'tenant-b' });
  assert.equal(await acceptedOf(process, 3, elsewhere), 3, 'another tenant has its own');
  assert.equal(await acceptedOf(process, 3, CONTEXT), 3, 'who has no bound has none');
  await process.stop();
});

test('JOB-33: tenant and project are bounded apart, and a job that has ended counts no more', async (t) => {
  const world = holding(t);
  const process = world.start();
  const limits = { tenantOpenJobsMax: 3, projectOpenJobsMax: 2 };
  const [one, two] = [bounded(limits), bounded(limits, { projectId: 'project-b' })];
  assert.deepEqual([await acceptedOf(process, 5, one), await acceptedOf(process, 5, two)], [2, 1]);
  await assert.rejects(
    submit(process, 'more', {}, one),
    /The tenant tenant-default has 3 jobs that have not ended/,
  );
  world.devices.otherwise = 'succeed';
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  await settled();
  await settled();
  assert.deepEqual([await acceptedOf(process, 1, one), await acceptedOf(process, 1, two)], [1, 1]);
  await process.stop();
});

test('JOB-33: what a request asks for lowers a quota and does not raise it', async (t) => {
  const process = holding(t).start();
  const wish = { tenantOpenJobsMax: 100, projectOpenJobsMax: 1 };
  const context = bounded({ tenantOpenJobsMax: 2 });
  await submit(process, 'first', wish, context);
  await assert.rejects(submit(process, 'second', wish, context), {
    code: 'QUOTA_EXCEEDED',
    metadata: { scope: 'project', open_jobs: '1', open_jobs_max: '1' },
  });
  await submit(process, 'third', {}, context);
  await assert.rejects(submit(process, 'fourth', { tenantOpenJobsMax: 100 }, context), {
    code: 'QUOTA_EXCEEDED',
  });
  await process.stop();
});
