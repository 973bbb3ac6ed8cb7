import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf, utf8 } from '@qfs/core/exact';
import { readStatement } from '@qfs/receipts';
import { callOptions } from '@qfs/rpc';
import { settled } from './testing/fake-time.ts';
import { submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);

async function statementOf(process: Process, jobId: string) {
  const { data } = await process.qfs.retrieveArtifact({ jobId, name: 'statement.json' }, options);
  const read = readStatement(data);
  assert.ok(read.ok);
  return read.value;
}

test('REC-1, REC-2: the statement of a finished job names its acceptance, inputs, outputs and what ran it', async (t) => {
  const world = new World();
  t.after(() => world.remove());
  const process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  const { job } = await process.gateway.getJob({ jobId }, options);
  const facts = await statementOf(process, jobId);
  const row = process.store.find(CONTEXT.identity, jobId)!;
  assert.equal(facts.jobId, jobId);
  assert.equal(facts.acceptedIndex, row.acceptedIndex);
  assert.equal(facts.state, 'DONE');
  assert.equal(facts.seed, row.seed);
  assert.equal(facts.compiledDigest, row.compiledDigest);
  assert.equal(facts.resultsDigest, job?.digests['results.json']);
  assert.deepEqual([...facts.inputs.keys()], ['job.yaml', 'program.qasm']);
  for (const [name, digest] of [...facts.inputs, ...facts.outputs])
    assert.equal(`sha256:${digest}`, job?.digests[name], name);
  assert.equal(facts.outputs.size + facts.inputs.size + 1, Object.keys(job?.digests ?? {}).length);
  assert.equal(facts.execution.get('driver'), 'scripted');
  await process.stop();
});

test('REC-1: a job that fails leaves a statement of its end and reason too', async (t) => {
  const world = new World();
  t.after(() => world.remove());
  const process = world.start();
  const jobId = await submit(process, 'error QASM_SEMANTIC');
  await settled();
  const facts = await statementOf(process, jobId);
  assert.deepEqual([facts.state, facts.reason, facts.resultsDigest], ['ERROR', 'QASM_SEMANTIC', undefined]);
  assert.deepEqual([...facts.outputs.keys()], ['error.json']);
  await process.stop();
});

test('REC-2: an option of the device is stated as it was given, a long one by its digest', async (t) => {
  const world = new World();
  t.after(() => world.remove());
  const process = world.start();
  const [short, long] = ['x'.repeat(128), 'x'.repeat(129)];
  const jobId = await submit(process, 'bell', { options: { short, long } });
  await settled();
  const stated = (await statementOf(process, jobId)).options;
  assert.deepEqual([...stated].sort(), [
    ['long', digestOf(utf8(long))],
    ['short', short],
  ]);
  await process.stop();
});
