import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { call, type Platform, startPlatform, temporaryDirectory, until } from '../platform/platform.ts';
import { example } from '../platform/programs.ts';
import { assertGolden, type Step, transcript } from '../platform/transcript.ts';

let platform: Platform;

before(async () => {
  platform = await startPlatform({ dataDir: temporaryDirectory() });
});
after(() => platform.end('SIGTERM'));

const golden = (name: string): string => fileURLToPath(new URL(`golden/${name}.http`, import.meta.url));

const compare = async (name: string, steps: readonly Step[]): Promise<void> =>
  assertGolden(golden(name), await transcript(platform.ready.rest, steps));

/** Names a job that never was. */
const UNKNOWN = 'job_00000000000000000000000000000000';
const BELL = example('bell');
const UNBOUND =
  'OPENQASM 3.0; include "stdgates.inc"; input float a; qubit q; bit c; rx(a) q; c = measure q;';
/** Every shot gives the same counts, whatever the seed is. */
const CERTAIN = 'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; x q[0]; c = measure q;';
/** One million bytes, as people count who say "12 MB". */
const MB = 1_000_000;

const post = (title: string, path: string, body: object | string, headers = {}): Step => ({
  title,
  method: 'POST',
  path,
  body,
  headers,
});

test('POST /tasks answers as its contract says, whatever is sent', async () => {
  await compare('tasks', [
    post('a valid program', '/tasks', { qc: BELL }),
    post('unknown keys are ignored', '/tasks', { qc: BELL, shots: 'many', color: 'blue' }),
    { title: 'unknown id', method: 'GET', path: `/tasks/${UNKNOWN}` },
    { title: 'an id of another kind', method: 'GET', path: '/tasks/42' },
    post('malformed JSON', '/tasks', '{"qc": "OPENQASM 3.0;'),
    post('no JSON at all', '/tasks', 'qubit q;'),
    post('no body', '/tasks', ''),
    post('a list', '/tasks', '[]'),
    post('missing field', '/tasks', {}),
    post('a number', '/tasks', { qc: 5 }),
    post('null', '/tasks', { qc: null }),
    post('a list of programs', '/tasks', { qc: [BELL] }),
    post('an empty program', '/tasks', { qc: '' }),
    post('white space', '/tasks', { qc: ' \n\t' }),
    post('not a program', '/tasks', { qc: 'hello' }),
    post('a syntax error', '/tasks', { qc: 'OPENQASM 3.0;\nqubit q;\nh q' }),
    post('a qubit that does not exist', '/tasks', { qc: 'OPENQASM 3.0;\nqubit[2] q;\nreset q[2];' }),
    post('an input without a value', '/tasks', { qc: UNBOUND }),
    post('a program of 12 MB', '/tasks', { qc: `//${'x'.repeat(12 * MB)}` }),
    post('a body of 17 MB', '/tasks', { qc: `//${'x'.repeat(17 * MB)}` }),
    { title: 'another method', method: 'DELETE', path: '/tasks' },
    { title: 'another method on a task', method: 'PUT', path: `/tasks/${UNKNOWN}`, body: {} },
    post('a form', '/tasks', 'qc=h', { 'content-type': 'application/x-www-form-urlencoded' }),
    { title: 'no such address', method: 'GET', path: '/task' },
  ]);
});

test('an idempotency key gives the same answer again, and only to the same request', async () => {
  const headers = { 'idempotency-key': 'once' };
  await compare('idempotency', [
    post('refused, so the key stays free', '/tasks', { qc: 'nonsense' }, headers),
    post('accepted', '/tasks', { qc: BELL }, headers),
    post('repeated', '/tasks', { qc: BELL }, headers),
    post('another program', '/tasks', { qc: CERTAIN }, headers),
    post('through another door', '/api/v1/jobs', { language: 'openqasm3', program: BELL }, headers),
  ]);
});

test('POST /api/v1/jobs answers as it is documented', async () => {
  const job = { language: 'openqasm3', program: BELL };
  await compare('jobs', [
    post('a valid job', '/api/v1/jobs', { ...job, shots: 10, seed: 1, name: 'bell', tags: ['lab'] }),
    post('several faults at once', '/api/v1/jobs', { language: 'cobol', program: 7, shots: '10', odd: 1 }),
    post('neither items nor a program', '/api/v1/jobs', { name: 'empty' }),
    post('no shots', '/api/v1/jobs', { ...job, shots: 0 }),
    post('more shots than allowed', '/api/v1/jobs', { ...job, shots: 10_000_001 }),
    post('a seed that is no whole number', '/api/v1/jobs', { ...job, seed: 1.5 }),
    post('an input without a value', '/api/v1/jobs', { ...job, program: UNBOUND }),
    post('an observable of the wrong width', '/api/v1/jobs', {
      ...job,
      observables: [{ terms: [{ coefficient: 1, paulis: 'ZZZ' }] }],
    }),
    post('a device that does not exist', '/api/v1/jobs', { ...job, target: 'sim:remote' }),
    { title: 'unknown id', method: 'GET', path: `/api/v1/jobs/${UNKNOWN}` },
    { title: 'results of an unknown id', method: 'GET', path: `/api/v1/jobs/${UNKNOWN}/results` },
    { title: 'events of an unknown id', method: 'GET', path: `/api/v1/jobs/${UNKNOWN}/events` },
    { title: 'cancelling an unknown id', method: 'POST', path: `/api/v1/jobs/${UNKNOWN}/cancel` },
    { title: 'a page that is no number', method: 'GET', path: '/api/v1/jobs?limit=ten' },
  ]);
});

test('programs are checked and drawn as documented', async () => {
  const language = 'openqasm3';
  await compare('programs', [
    post('valid', '/api/v1/validate', { language, source: CERTAIN, level: 'semantic' }),
    post('invalid', '/api/v1/validate', { language, source: 'qubit q;\nh q', level: 'syntax' }),
    post('an input is no fault', '/api/v1/validate', { language, source: UNBOUND, level: 'semantic' }),
    post('nothing that can be run', '/api/v1/validate', {
      language,
      source: 'OPENQASM 3.0; extern f(int) -> int; qubit q; int a = f(3);',
      level: 'semantic',
    }),
    post('missing level and source', '/api/v1/validate', { language }),
    post('drawn', '/api/v1/draw', { language, source: CERTAIN, format: 'text' }),
    post('not to be drawn', '/api/v1/draw', { language, source: 'qubit q', format: 'text' }),
  ]);
});

/** Waits until polling says something else than pending. */
const settled = (rest: string, id: string) =>
  until(`the end of ${id}`, 30_000, async () => {
    const { text } = await call(`${rest}/tasks/${id}`);
    return text.includes('"pending"') ? undefined : text;
  });

/** What only the device can tell, and how a task then says it. */
const TOO_MUCH: readonly [what: string, program: string][] = [
  ['a loop without end', 'OPENQASM 3.0; qubit q; bit c; c = measure q; while (!c) { int[8] n = 1; }'],
  ['a division by zero', 'OPENQASM 3.0; qubit q; bit c; c = measure q; int[8] n = 1; n = n / int[8](c);'],
];

test('a program that fails only when it is run ends as a task in error, with the reason', async () => {
  const { rest } = platform.ready;
  const steps: Step[] = [];
  for (const [title, qc] of TOO_MUCH) {
    const answer = await call(`${rest}/tasks`, 'POST', { qc });
    const { task_id: id } = answer.json<{ task_id: string }>();
    assert.ok(id, answer.text);
    await settled(rest, id);
    steps.push({ title, method: 'GET', path: `/tasks/${id}` });
  }
  await compare('failed', steps);
});

test('the life of a task: pending or completed, then completed with its counts, for ever', async () => {
  const { rest } = platform.ready;
  const { task_id: id } = (await call(`${rest}/tasks`, 'POST', { qc: CERTAIN })).json<{ task_id: string }>();
  await settled(rest, id);
  await compare('completed', [
    { title: 'the task', method: 'GET', path: `/tasks/${id}` },
    { title: 'what was run', method: 'GET', path: `/api/v1/jobs/${id}/artifacts/compiled.qasm` },
    { title: 'no such artifact', method: 'GET', path: `/api/v1/jobs/${id}/artifacts/none.json` },
    { title: 'too late to cancel', method: 'POST', path: `/api/v1/jobs/${id}/cancel` },
    {
      title: 'a cursor from the future',
      method: 'GET',
      path: `/api/v1/jobs/${id}/events`,
      headers: { 'last-event-id': '99' },
    },
  ]);
});
