import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '@qfs/core/exact';
import { settled } from './testing/fake-time.ts';
import { artifactNames, outcome, submission, submit } from './testing/submit.ts';
import { World } from './testing/world.ts';

function worldOf(t: { after(run: () => void): void }): World {
  const world = new World();
  t.after(() => world.remove());
  return world;
}

test('JOB-10: a program is compiled for what its device says, and the target is kept beside the circuit', async (t) => {
  const world = worldOf(t);
  world.devices.target = utf8('{"a":"target"}');
  const process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  assert.deepEqual([outcome(process, jobId), world.compiler.targets], ['DONE', ['{"a":"target"}']]);
  assert.ok((await artifactNames(process, jobId)).includes('target.json'));
  const asWritten = await submit(process, 'bell', { compilerOptions: { target: 'none' } });
  await settled();
  assert.deepEqual([outcome(process, asWritten), world.compiler.targets.at(-1)], ['DONE', '']);
  assert.ok(!(await artifactNames(process, asWritten)).includes('target.json'));
  await process.stop();
});

test('JOB-10: the target of the first compilation holds for the later ones of a job', async (t) => {
  const world = worldOf(t);
  world.devices.target = utf8('{"calibrated":1}');
  world.devices.script = ['fail ENGINE_LOST'];
  const process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  world.devices.target = utf8('{"calibrated":2}');
  await world.time.pass(20_000);
  assert.equal(outcome(process, jobId), 'DONE');
  assert.deepEqual(world.compiler.targets, ['{"calibrated":1}', '{"calibrated":1}']);
  await process.stop();
});

test('JOB-10: the observables of a job follow its qubits to where they are on the device', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const observables = [{ name: 'o', terms: [{ coefficient: 1, paulis: 'ZX' }] }];
  const { program } = submission('bell\nlaid_out yes');
  const items = [{ language: 'openqasm3', program, observables, parameters: [{ values: {} }] }];
  const jobId = await submit(process, 'unused', { items } as never);
  await settled();
  assert.equal(outcome(process, jobId), 'DONE');
  const [execution] = world.devices.executions.values();
  // Qubit 0, the rightmost letter, ends on 2; qubit 1 on 0.
  assert.equal(execution?.request.items[0]?.observables[0]?.terms[0]?.paulis, 'XIZ');
  await process.stop();
});
