import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAqo, writeAqo, writeAqoProto } from '@qfs/circuit';
import { EIGEN_SOURCE_BYTES_MAX } from '@qfs/core';
import { openRestDoor } from './testing/open-rest-door.ts';

const program = (decorator: string, body = 'ry(0, Param("theta"))'): string => `
from eigen_lang import Ansatz, Param, hybrid_program, load_dataset, ry

@hybrid_program${decorator}
def main():
    ${body}
`;
const FULL = program(
  '(target="emulator:line-16", shots=8192, seed=7, optimization_level=2, noise_model="depolarizing:0.01",\n' +
    '    metadata={"molecule": "H2", "basis": [1, None]})',
  'ry(0, Param("theta", 0.5))',
);

type Body = Readonly<Record<string, unknown>>;
const item = (source: string, more: Body = {}): Body => ({
  language: 'eigen-lang',
  program: source,
  ...more,
});

/** What the kernel is asked for, as far as programs have a word in it. */
async function enqueued(t: Parameters<typeof openRestDoor>[0], body: Body) {
  const { app, rooms } = await openRestDoor(t);
  const answer = await app.inject({ method: 'POST', url: '/api/v1/jobs', payload: body });
  const [held] = rooms.jobs.values();
  if (held === undefined) return `${answer.statusCode} ${answer.json().code}: ${answer.json().detail}`;
  const { target, seed, options, metadataKvs, items } = held.request;
  const asked = items.map(({ shots, compilerOptions }) => ({ shots, ...compilerOptions }));
  return { target, seed, ...options, ...metadataKvs, asked };
}

test('DOOR-32: what a program says fills what the request leaves open', async (t) => {
  assert.deepEqual(await enqueued(t, item(FULL)), {
    ...{ target: 'emulator:line-16', seed: 7n, noise_model: 'depolarizing:0.01' },
    ...{ molecule: 'H2', basis: '[1,null]', asked: [{ shots: 8192, optimization_level: '2' }] },
  });
  assert.deepEqual(await enqueued(t, item(program('(target="simulator")', 'ry(0, 1)'))), {
    ...{ target: 'sim:local', seed: undefined, asked: [{ shots: 0 }] },
  });
});

test('DOOR-32: the request is stronger, its metadata too', async (t) => {
  const request = {
    ...{ target: 'sim:local', seed: 1, shots: 10, options: { noise_model: 'depolarizing:0' } },
    ...{ compiler_options: { optimization_level: '0' }, metadata: { molecule: 'LiH' } },
  };
  assert.deepEqual(await enqueued(t, item(FULL, request)), {
    ...{ target: 'sim:local', seed: 1n, noise_model: 'depolarizing:0', molecule: 'LiH', basis: '[1,null]' },
    asked: [{ shots: 10, optimization_level: '0' }],
  });
  const metadata = { shots: '5', seed: '3', noise_model: 'depolarizing:0.5' };
  assert.deepEqual(await enqueued(t, item(FULL, { metadata })), {
    ...{ target: 'emulator:line-16', ...metadata, molecule: 'H2', basis: '[1,null]' },
    asked: [{ shots: 0, optimization_level: '2' }],
  });
});

test('DOOR-32: programs of one job that want different things of it are told to ask', async (t) => {
  const items = [item(program('(seed=1, shots=5)', 'ry(0, 1)')), item(program('(seed=2)', 'ry(0, 1)'))];
  assert.equal(
    await enqueued(t, { items }),
    "400 JOB_SPEC_INVALID: The programs of the job want different things: seed is '1' and '2'. " +
      'Say in the job which it is.',
  );
  assert.deepEqual(await enqueued(t, { items, seed: 3 }), {
    ...{ target: 'sim:local', seed: 3n, asked: [{ shots: 5 }, { shots: 0 }] },
  });
});

test('DOOR-31: mistakes end the job, limits and options are refused at the door', async (t) => {
  for (const wrong of [
    'x = (',
    'import os',
    'pass',
    program('', 'load_dataset("a")'),
    program('(shots=0)'),
  ]) {
    assert.equal(typeof (await enqueued(t, item(wrong))), 'object', wrong);
  }
  const comment = (bytes: number) => `#${'x'.repeat(bytes - 1)}`;
  assert.equal(typeof (await enqueued(t, item(comment(EIGEN_SOURCE_BYTES_MAX)))), 'object');
  for (const [refused, expected] of [
    [item(comment(EIGEN_SOURCE_BYTES_MAX + 1)), /^413 PAYLOAD_TOO_LARGE: .*at most 262144/],
    [item(`x = ${'['.repeat(300)}`), /^413 EIGEN_LIMIT: program cannot be run. Line 1, column \d+: /],
    [
      item('pass', { compiler_options: { level: '1' } }),
      /^400 JOB_SPEC_INVALID: There is no compiler option/,
    ],
    [item(program('')), /^400 PARAMETER_UNBOUND: program declares input 'theta'/],
  ] as const) {
    assert.match((await enqueued(t, refused)) as string, expected);
  }
  assert.equal(typeof (await enqueued(t, item(program(''), { inputs: { theta: 1 } }))), 'object');
});

test('DOOR-17, DOOR-31: Eigen-Lang is validated and drawn like every language', async (t) => {
  const { app } = await openRestDoor(t);
  const post = async (url: string, payload: Body) => app.inject({ method: 'POST', url, payload });
  const good = (await post('/api/v1/validate', { language: 'eigen-lang', source: FULL })).json();
  assert.deepEqual(
    [good.valid, good.executable, good.metrics.parameters, good.defaults.shots],
    [true, true, ['theta'], '8192'],
  );
  const wrong = { language: 'eigen-lang', source: 'import os\nx = lambda: 1\n' };
  const verdict = (await post('/api/v1/validate', wrong)).json();
  assert.equal(verdict.reason, 'EIGEN_FORBIDDEN');
  assert.deepEqual(
    verdict.diagnostics.map(({ line, column }: { line: number; column: number }) => [line, column]),
    [
      [1, 1],
      [2, 5],
    ],
  );
  const other = { language: 'eigen-lang', source: FULL, entrypoint: 'other' };
  assert.equal((await post('/api/v1/validate', other)).json().reason, 'EIGEN_MEANING');
  const drawn = await post('/api/v1/draw', { language: 'eigen-lang', source: FULL });
  assert.match(drawn.body, /Ry\(theta\)/i);
});

test('AQO-17, DOOR-17: an AQO message is validated, drawn and submitted over REST in base64', async (t) => {
  const { app, rooms } = await openRestDoor(t);
  const document = readAqo(Buffer.from('{"operations":[{"op":"H","q":[0]}],"qubits":1,"version":"1.0.0"}'));
  assert.ok(document.ok);
  const text = Buffer.from(writeAqoProto(document.value)).toString('base64');
  const post = async (url: string, payload: Body) => app.inject({ method: 'POST', url, payload });
  const message = { language: 'aqo', encoding: 'base64' };
  const verdict = await post('/api/v1/validate', { ...message, source: text });
  assert.deepEqual([verdict.json().executable, verdict.json().metrics.gates], [true, { h: 1 }]);
  assert.match((await post('/api/v1/draw', { ...message, source: text })).body, /H/);
  assert.equal((await post('/api/v1/jobs', { ...message, program: text })).statusCode, 202);
  const [only] = rooms.jobs.values();
  assert.deepEqual(Buffer.from(only!.request.items[0]!.program), Buffer.from(writeAqo(document.value)));
  for (const wrong of ['CgUx*', 'CgU', 'CgUx=']) {
    const refused = await post('/api/v1/jobs', { ...message, program: wrong });
    assert.deepEqual([refused.statusCode, refused.json().code], [422, 'BODY_INVALID'], wrong);
  }
});
