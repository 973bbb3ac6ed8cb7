import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compileSource } from '@qfs/compiler';
import { utf8 } from '@qfs/core/exact';
import { ENGINE_VERSION } from '@qfs/simulator';
import { eigenCli } from '../platform/eigen-cli.ts';
import {
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';
import { example } from '../platform/programs.ts';

const TELEPORT = example('teleport');
const PARAMETRIC =
  'OPENQASM 3.0; include "stdgates.inc"; input float theta; input array[float, 2] angles; input bit[2] word;' +
  'qubit[2] q; bit[2] c; rx(theta) q[0]; ry(angles[0]) q[1]; cx q[0], q[1]; rz(angles[1]) q[1];' +
  'if (word == "10") { x q[0]; } c = measure q;';
const UNIFORM = 'OPENQASM 3.0; include "stdgates.inc"; qubit[3] q; bit[3] c; h q; c = measure q;';
const INPUTS = { angles: [0.25, -1], word: '10' };
const SETS = [{ theta: 0.5 }, { theta: 1 }, { theta: -2.25 }];
const ENERGY = {
  name: 'energy',
  terms: [
    { coefficient: -1.5, paulis: 'ZZ' },
    { coefficient: 0.5, paulis: 'XI' },
  ],
};
const OLD =
  'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; creg c[2]; h q[0]; cx q[0],q[1]; measure q -> c; if(c==3) x q[1];';
const BRAKET = 'OPENQASM 3.0; qubit[2] q; bit[2] c; h q[0]; cnot q[0], q[1]; c = measure q;';

function aqo(): string {
  const compiled = compileSource({ language: 'openqasm3', source: utf8(TELEPORT) });
  assert.ok(compiled.ok);
  return new TextDecoder().decode(compiled.value.aqo);
}

const item = (fields: object): object => ({ language: 'openqasm3', shots: 300, ...fields });

/** Everything that a submission can say. */
const JOBS: Readonly<Record<string, object>> = {
  'feed-forward': item({ program: TELEPORT }),
  'inputs and parameter sets': item({ program: PARAMETRIC, inputs: INPUTS, parameters: SETS }),
  observables: item({ program: PARAMETRIC, inputs: INPUTS, parameters: SETS, observables: [ENERGY] }),
  'every shot': item({ program: TELEPORT, memory: true }),
  'single precision': { ...item({ program: example('qft') }), precision: 'single' },
  'OpenQASM 2': item({ program: OLD, language: 'openqasm2' }),
  'the dialect of Braket': item({ program: BRAKET, language: 'openqasm3-braket' }),
  'a dialect by its name': item({ program: BRAKET, dialect: 'braket' }),
  'a compiled circuit': item({ program: aqo(), language: 'aqo' }),
  'a batch of all that': {
    items: [
      item({ program: PARAMETRIC, inputs: { ...INPUTS, theta: 3 } }),
      item({ program: PARAMETRIC, inputs: INPUTS, parameters: SETS, memory: true, shots: 7 }),
      item({ program: OLD, language: 'openqasm2' }),
      item({ program: aqo(), language: 'aqo' }),
    ],
  },
};

interface Replayed {
  readonly consistent: boolean;
  readonly equal: boolean;
  readonly compiled_equal: boolean;
  readonly engine_version: string;
  readonly engine_version_now: string;
  readonly total_variation_distance: number;
  readonly noise: number;
}

let platform: Platform;
before(async () => {
  platform = await startPlatform({ dataDir: temporaryDirectory(), args: ['--drivers', 'sim,fault'] });
});
after(async () => {
  assert.equal(await platform.end('SIGTERM'), 0);
});

async function ended({ ready }: Platform, fields: object): Promise<string> {
  const id = await submit(ready.rest, { seed: 41, ...fields });
  const job = await terminalJob(ready.rest, id);
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  return id;
}

for (const [title, fields] of Object.entries(JOBS)) {
  test(`REC-13: replayed bit for bit: ${title}`, async () => {
    const id = await ended(platform, fields);
    const { code, stderr, stdout } = await eigenCli(platform, 'replay', id, '--json');
    assert.equal(code, 0, stderr + stdout);
    const { equal, compiled_equal } = JSON.parse(stdout) as Replayed;
    assert.deepEqual([equal, compiled_equal, stderr], [true, true, '']);
  });
}

test('REC-13: the server runs it again as a job of its own', async () => {
  const id = await ended(platform, JOBS['a batch of all that']!);
  const { code, stderr, stdout } = await eigenCli(platform, 'replay', id, '--on-server');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^job_\w+: the receipt is valid, its program and seed 41 were taken\.\n/);
  assert.match(stdout, /\nCompiled again to the same bytes, sha256:\w{64}\.\n/);
  assert.match(stdout, /\nRun again, the results are equal, bit for bit: sha256:\w{64}\.\n$/);
});

test('what has no counts is not replayed', async () => {
  const id = await submit(
    platform.ready.rest,
    item({ program: TELEPORT, target: 'fault:fail' }) as { target: string },
  );
  await terminalJob(platform.ready.rest, id);
  const failed = await eigenCli(platform, 'replay', id);
  assert.notEqual(failed.code, 0);
  assert.match(failed.stderr, /ended in ERROR; only DONE jobs have counts/);
  const unknown = await eigenCli(platform, 'replay', `job_${'0'.repeat(32)}`);
  assert.notEqual(unknown.code, 0);
  assert.match(unknown.stderr, /There is no job/);
});

test('REC-13: another engine version is compared by distance, and the same version never is', async () => {
  const other = await startPlatform({
    dataDir: temporaryDirectory(),
    environment: { NODE_OPTIONS: `--import ${new URL('./replay/another-engine.ts', import.meta.url).href}` },
  });
  const id = await ended(other, item({ program: UNIFORM, shots: 2_000 }));
  const { code, stderr, stdout } = await eigenCli(other, 'replay', id, '--json');
  const replayed = JSON.parse(stdout) as Replayed;
  assert.equal(code, 0, stderr + stdout);
  assert.deepEqual(
    [replayed.equal, replayed.consistent, replayed.engine_version, replayed.engine_version_now],
    [false, true, `0.0.0-${ENGINE_VERSION}`, ENGINE_VERSION],
  );
  assert.ok(
    replayed.total_variation_distance > 0 && replayed.total_variation_distance <= replayed.noise,
    stdout,
  );
  const text = await eigenCli(other, 'replay', id);
  assert.match(
    text.stdout,
    /total variation distance is 0\.\d+, no more than the 0\.\d+ that chance explains/,
  );
  assert.equal((await eigenCli(other, 'replay', id, '--on-server')).code, 0);
  assert.equal(await other.end('SIGTERM'), 0);
});
