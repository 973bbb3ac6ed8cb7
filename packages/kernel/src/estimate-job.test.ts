import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '@qfs/core/exact';
import { callOptions } from '@qfs/rpc';
import { submission } from './testing/submit.ts';
import { CONTEXT, World } from './testing/world.ts';

const options = callOptions(CONTEXT);

test('JOB-36: a job is compiled and shown to its device, and nothing of it is kept', async (t) => {
  const world = new World();
  t.after(() => world.remove());
  const process = world.start();
  const item = (program: string) => ({ language: 'openqasm3', program: utf8(program), shots: 10 });
  const job = submission('', { method: 'state_vector' });
  const items = [item('one'), { ...item('two'), parameters: [{ values: { x: 1 } }, { values: { x: 2 } }] }];
  const estimated = await process.gateway.estimateJob({ job: { ...job, items } }, options);
  const { target, shots, method, cost, costUnit, memoryBytes } = estimated;
  assert.deepEqual([target, shots, method, cost, costUnit], ['sim:local', 30n, 'state_vector', 2, 'credits']);
  assert.ok(memoryBytes > 0n);
  assert.deepEqual(
    process.store.list(CONTEXT.identity, { states: [], beforeIndex: 99, limit: 9, deleted: false, tags: [] })
      .jobs,
    [],
  );
  await process.stop();
});

test('JOB-36: what would keep the job from running is said at once', async (t) => {
  const world = new World();
  t.after(() => world.remove());
  const process = world.start();
  const refused = (extra: Parameters<typeof submission>[1], program = 'bell') =>
    process.gateway.estimateJob({ job: submission(program, extra) }, options);
  await assert.rejects(refused({}, 'error QASM_SEMANTIC'), { code: 'QASM_SEMANTIC' });
  await assert.rejects(refused({ target: 'nobody:nothing' }), { code: 'DEVICE_NOT_FOUND' });
  await assert.rejects(refused({ activeQubits: 28 }), { code: 'CIRCUIT_TOO_LARGE' });
  await assert.rejects(refused({ priority: 101 }), { code: 'JOB_SPEC_INVALID' });
  await assert.rejects(process.gateway.estimateJob({}, options), { code: 'JOB_SPEC_INVALID' });
  await process.stop();
});
