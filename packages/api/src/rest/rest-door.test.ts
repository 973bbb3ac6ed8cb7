import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { LANGUAGES } from '@qfs/compiler';
import { createCompilationService } from '@qfs/compiler/service';
import { ERRORS } from '@qfs/core';
import { CompilationService, directClient } from '@qfs/rpc';
import { JobState } from '@qfs/rpc/api';
import { BELL, FIRST, openRestDoor } from '../testing/open-rest-door.ts';
import type { MemoryRooms } from '../testing/rooms.ts';
import { assertTranscript, type Step, transcript } from '../testing/transcript.ts';

const UNKNOWN = 'job_0199e1a2b3c47000800000000000ffff';

async function golden(
  t: TestContext,
  name: string,
  stepsOf: (rooms: MemoryRooms) => readonly Step[],
): Promise<void> {
  const { app, rooms } = await openRestDoor(t);
  assertTranscript(name, await transcript(app, stepsOf(rooms)));
}

test('DOOR-10, DOOR-11: tasks are answered to the letter of their contract', (t) =>
  golden(t, 'tasks', (rooms): readonly Step[] => [
    { title: 'a valid program', method: 'POST', url: '/tasks', body: { qc: BELL } },
    { title: 'still at work', method: 'GET', url: `/tasks/${FIRST}` },
    {
      title: 'completed; integer-like keys keep the order of bitstrings',
      method: 'GET',
      url: `/tasks/${FIRST}`,
      before: () => rooms.complete(FIRST, { '11': 500, '10': 8, '01': 4, '00': 512 }),
    },
    { title: 'unknown id', method: 'GET', url: `/tasks/${UNKNOWN}` },
    { title: 'empty program', method: 'POST', url: '/tasks', body: { qc: ' \n' } },
    { title: 'not a program', method: 'POST', url: '/tasks', body: { qc: 'OPENQASM 3.0;\nqubit q;\nh q' } },
    { title: 'no such qubit', method: 'POST', url: '/tasks', body: { qc: 'qubit[2] q;\nreset q[2];' } },
    {
      title: 'unbound input',
      method: 'POST',
      url: '/tasks',
      body: { qc: 'include "stdgates.inc"; input float a; qubit q; bit c; rx(a) q; c = measure q;' },
    },
    { title: 'missing field', method: 'POST', url: '/tasks', body: {} },
    { title: 'wrong type', method: 'POST', url: '/tasks', body: { qc: 5 } },
    { title: 'unknown keys are ignored', method: 'POST', url: '/tasks', body: { qc: BELL, color: 'blue' } },
    {
      title: 'a failed job says why',
      method: 'GET',
      url: `/tasks/${FIRST.slice(0, -1)}2`,
      before: () => rooms.fail(`${FIRST.slice(0, -1)}2`, 'ENGINE_LOST', 'The engine ended three times.'),
    },
    { title: 'a cancelled job says so', method: 'POST', url: '/tasks', body: { qc: BELL } },
    {
      title: 'and when polled',
      method: 'GET',
      url: `/tasks/${FIRST.slice(0, -1)}3`,
      before: () => rooms.advance(`${FIRST.slice(0, -1)}3`, JobState.CANCELLED, { errorReason: 'CANCELLED' }),
    },
  ]));

test('DOOR-3, DOOR-12, DOOR-13: what cannot be read is refused with problem+json', (t) =>
  golden(t, 'refusals', (): readonly Step[] => [
    { title: 'malformed JSON', method: 'POST', url: '/tasks', body: '{"qc":\n "OPENQASM' },
    { title: 'no body', method: 'POST', url: '/tasks', body: '' },
    { title: 'a list', method: 'POST', url: '/tasks', body: '[]' },
    {
      title: 'another content type',
      method: 'POST',
      url: '/tasks',
      body: 'qc=h',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    { title: 'a body of 17 MB', method: 'POST', url: '/tasks', body: { qc: 'x'.repeat(17_000_000) } },
    {
      title: 'a program of 12 MB',
      method: 'POST',
      url: '/tasks',
      body: { qc: `//${'x'.repeat(12_000_000)}` },
    },
    { title: 'no such address', method: 'GET', url: '/tusks' },
    { title: 'another method', method: 'DELETE', url: '/tasks' },
    { title: 'a broken escape', method: 'GET', url: '/tasks/%E0%A4%A' },
    {
      title: 'a query that is not known',
      method: 'GET',
      url: '/api/v1/jobs?limit=ten&state=DONE&colour=blue',
    },
    { title: 'a limit out of range', method: 'GET', url: '/api/v1/jobs?limit=0' },
    {
      title: 'several faults at once',
      method: 'POST',
      url: '/api/v1/jobs',
      body: { language: 'cobol', program: 7, shots: '100', priority: 500, nonsense: true },
    },
    { title: 'neither items nor a program', method: 'POST', url: '/api/v1/jobs', body: { name: 'empty' } },
    {
      title: 'items and a program',
      method: 'POST',
      url: '/api/v1/jobs',
      body: { program: BELL, items: [{ language: 'openqasm3', program: BELL }] },
    },
    {
      title: 'a compiler option that is not known',
      method: 'POST',
      url: '/api/v1/jobs',
      body: { language: 'openqasm3', program: BELL, compiler_options: { level: '3' } },
    },
    {
      title: 'an observable for another program',
      method: 'POST',
      url: '/api/v1/jobs',
      body: {
        language: 'openqasm3',
        program: BELL,
        observables: [{ name: 'parity', terms: [{ coefficient: 1, paulis: 'ZZZ' }] }],
      },
    },
    {
      title: 'the second item is wrong',
      method: 'POST',
      url: '/api/v1/jobs',
      body: {
        items: [
          { language: 'openqasm3', program: BELL },
          { language: 'openqasm3', program: 'qubit q' },
        ],
      },
    },
  ]));

test('an estimate is that of the job as it would be submitted', async (t) => {
  const { app } = await openRestDoor(t);
  const body = { language: 'openqasm3', program: BELL, target: 'sim:local', options: { unit: 'credits' } };
  const answer = await app.inject({ method: 'POST', url: '/api/v1/estimate', payload: body });
  assert.equal(answer.statusCode, 200, answer.body);
  assert.deepEqual(answer.json(), {
    target: 'sim:local',
    shots: 5,
    method: 'state_vector',
    memory_bytes: 64,
    cost: 0.25,
    cost_unit: 'credits',
  });
  const broken = { ...body, program: 'qubit q;\nh q' };
  assert.equal(
    (await app.inject({ method: 'POST', url: '/api/v1/estimate', payload: broken })).statusCode,
    400,
  );
});

test('inputs are numbers, truth values, bits as text, and arrays as lists', async (t) => {
  const { app, rooms } = await openRestDoor(t);
  const program = 'input array[float, 2] angles; input bit[2] word; input int k; input bool b; qubit q;';
  const inputs = { angles: [0.5, 1], word: '10', k: 3, b: true };
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/jobs',
    payload: { language: 'openqasm3', program, inputs },
  });
  assert.equal(answer.statusCode, 202, answer.body);
  const given = rooms.jobs.get(FIRST)!.request.items[0]!.inputs;
  assert.deepEqual(
    Object.entries(given).map(([name, { value }]) => [name, value.case, value.value]),
    [
      ['angles', 'bits', '[0.5,1]'],
      ['word', 'bits', '10'],
      ['k', 'integer', 3n],
      ['b', 'boolean', true],
    ],
  );
});

const REFUSALS = [
  ['GET', '/tusks', {}, 404, 'ROUTE_NOT_FOUND'],
  ['DELETE', '/tasks', {}, 405, 'METHOD_NOT_ALLOWED'],
  ['POST', '/tasks', { 'content-type': 'text/plain' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
  ['POST', '/tasks', { 'content-type': 'application/json' }, 422, 'BODY_INVALID'],
  ['GET', '/api/v1/jobs?limit=x', {}, 400, 'REQUEST_INVALID'],
] as const;

test('DOOR-13: each kind of fault has its status and code', async (t) => {
  const { app } = await openRestDoor(t);
  for (const [method, url, headers, status, code] of REFUSALS) {
    const payload = method === 'POST' ? 'text' : undefined;
    const answer = await app.inject({ method, url, headers, ...(payload && { payload }) });
    assert.deepEqual([answer.statusCode, answer.json().code], [status, code], `${method} ${url}`);
    if (code === 'METHOD_NOT_ALLOWED') assert.equal(answer.headers.allow, 'POST');
  }
});

test('DOOR-5, DOOR-7, DOOR-12, DOOR-14, DOOR-15, DOOR-16, DOOR-26: a job is submitted, watched, read and cancelled over REST', (t) =>
  golden(t, 'jobs', (rooms): readonly Step[] => [
    {
      title: 'submit a batch with everything',
      method: 'POST',
      url: '/api/v1/jobs',
      headers: { 'x-request-id': 'my-request', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
      body: {
        name: 'sweep',
        seed: 42,
        priority: 70,
        tags: ['lab'],
        items: [
          {
            language: 'openqasm3',
            program: 'include "stdgates.inc"; input float a; qubit q; bit c; rx(a) q; c = measure q;',
            shots: 100,
            parameters: [{ a: 0.5 }, { a: 1 }],
            observables: [{ terms: [{ coefficient: 1, paulis: 'Z' }] }],
          },
        ],
      },
    },
    { title: 'the job', method: 'GET', url: `/api/v1/jobs/${FIRST}` },
    { title: 'results before the end', method: 'GET', url: `/api/v1/jobs/${FIRST}/results` },
    {
      title: 'results',
      method: 'GET',
      url: `/api/v1/jobs/${FIRST}/results`,
      before: () => {
        rooms.advance(FIRST, JobState.RUNNING, { attempts: 1 });
        rooms.complete(FIRST, { '10': 3, '0': 1, '1': 2 });
      },
    },
    { title: 'artifacts', method: 'GET', url: `/api/v1/jobs/${FIRST}/artifacts` },
    { title: 'an artifact', method: 'GET', url: `/api/v1/jobs/${FIRST}/artifacts/results.json` },
    { title: 'no such artifact', method: 'GET', url: `/api/v1/jobs/${FIRST}/artifacts/nothing/here.json` },
    { title: 'every event', method: 'GET', url: `/api/v1/jobs/${FIRST}/events` },
    {
      title: 'the events that are left',
      method: 'GET',
      url: `/api/v1/jobs/${FIRST}/events`,
      headers: { 'last-event-id': '2' },
    },
    {
      title: 'no events are left',
      method: 'GET',
      url: `/api/v1/jobs/${FIRST}/events`,
      headers: { 'last-event-id': '3' },
    },
    {
      title: 'a cursor from the future',
      method: 'GET',
      url: `/api/v1/jobs/${FIRST}/events`,
      headers: { 'last-event-id': '9' },
    },
    { title: 'a stream has no head of its own', method: 'HEAD', url: `/api/v1/jobs/${FIRST}/events` },
    { title: 'too late to cancel', method: 'POST', url: `/api/v1/jobs/${FIRST}/cancel` },
    {
      title: 'submit one more',
      method: 'POST',
      url: '/api/v1/jobs',
      body: { language: 'openqasm3', program: BELL },
    },
    { title: 'cancel it', method: 'POST', url: `/api/v1/jobs/${FIRST.slice(0, -1)}2/cancel` },
    { title: 'its results', method: 'GET', url: `/api/v1/jobs/${FIRST.slice(0, -1)}2/results` },
    { title: 'redrive', method: 'POST', url: `/api/v1/jobs/${FIRST.slice(0, -1)}2/redrive` },
    { title: 'a page of the list', method: 'GET', url: '/api/v1/jobs?limit=1&state=DONE&state=CANCELLED' },
    { title: 'no such job', method: 'GET', url: `/api/v1/jobs/${UNKNOWN}` },
    { title: 'no events of no job', method: 'GET', url: `/api/v1/jobs/${UNKNOWN}/events` },
    { title: 'devices', method: 'GET', url: '/api/v1/devices?backend_type=simulator' },
    { title: 'a device', method: 'GET', url: '/api/v1/devices/sim:local/status' },
    { title: 'no such device', method: 'GET', url: '/api/v1/devices/ibm:none' },
    { title: 'health', method: 'GET', url: '/healthz' },
    { title: 'readiness', method: 'GET', url: '/readyz' },
    { title: 'the page', method: 'GET', url: '/' },
  ]));

test('DOOR-17: programs are checked and drawn without a job', (t) =>
  golden(t, 'programs', (): readonly Step[] => [
    {
      title: 'a valid program',
      method: 'POST',
      url: '/api/v1/validate',
      body: { language: 'openqasm3', source: BELL },
    },
    {
      title: 'an invalid one',
      method: 'POST',
      url: '/api/v1/validate',
      body: { language: 'openqasm3', source: 'qubit q;\nhh q;', level: 'semantic' },
    },
    {
      title: 'valid as far as syntax goes',
      method: 'POST',
      url: '/api/v1/validate',
      body: { language: 'openqasm3', source: 'qubit q;\nhh q;', level: 'syntax' },
    },
    { title: 'drawn', method: 'POST', url: '/api/v1/draw', body: { language: 'openqasm3', source: BELL } },
    {
      title: 'not drawn',
      method: 'POST',
      url: '/api/v1/draw',
      body: { language: 'openqasm3', source: 'qubit', format: 'svg' },
    },
    {
      title: 'OpenQASM 2 that was not announced',
      method: 'POST',
      url: '/api/v1/validate',
      body: { language: 'openqasm3', source: 'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; h q;' },
    },
    {
      title: 'the gates of a dialect',
      method: 'POST',
      url: '/api/v1/draw',
      body: { language: 'openqasm3', dialect: 'braket', source: 'qubit[2] q; h q[0]; cnot q[0], q[1];' },
    },
    {
      title: 'a dialect of another language',
      method: 'POST',
      url: '/api/v1/validate',
      body: { language: 'openqasm2', dialect: 'braket', source: 'qreg q[1];' },
    },
  ]));

test('DOOR-6: an idempotency key makes a repetition harmless', (t) =>
  golden(t, 'idempotency', (): readonly Step[] => {
    const headers = { 'idempotency-key': 'k-1' };
    return [
      {
        title: 'refused, so the key stays free',
        method: 'POST',
        url: '/tasks',
        headers,
        body: { qc: 'nonsense' },
      },
      { title: 'accepted', method: 'POST', url: '/tasks', headers, body: { qc: BELL } },
      { title: 'repeated: the same answer', method: 'POST', url: '/tasks', headers, body: { qc: BELL } },
      { title: 'another body', method: 'POST', url: '/tasks', headers, body: { qc: `${BELL}// again` } },
      {
        title: 'another door',
        method: 'POST',
        url: '/api/v1/jobs',
        headers,
        body: { language: 'openqasm3', program: BELL },
      },
      {
        title: 'a key that is too long',
        method: 'POST',
        url: '/tasks',
        headers: { 'idempotency-key': 'k'.repeat(256) },
        body: { qc: BELL },
      },
    ];
  }));

test('DOOR-6: a second request with a key that is being answered is told to come again', async (t) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const validateCircuit = () => held.then(() => ({ valid: true, executable: true }));
  const compiler = directClient(CompilationService, { ...createCompilationService(), validateCircuit });
  const { app } = await openRestDoor(t, { compiler });
  const send = () =>
    app.inject({ method: 'POST', url: '/tasks', headers: { 'idempotency-key': 'k' }, payload: { qc: BELL } });
  const first = send().then((answer) => answer);
  await new Promise((resolve) => setImmediate(resolve));
  const second = await send();
  assert.equal(second.statusCode, 409);
  assert.equal(second.json().code, 'IDEMPOTENCY_IN_FLIGHT');
  assert.equal(second.headers['retry-after'], '1');
  release();
  assert.equal((await first).statusCode, 200);
});

test('DOOR-16: an artifact that the client has is not sent again', async (t) => {
  const { app } = await openRestDoor(t);
  await app.inject({ method: 'POST', url: '/tasks', payload: { qc: BELL } });
  const url = `/api/v1/jobs/${FIRST}/artifacts/program.qasm`;
  const { etag } = (await app.inject({ method: 'GET', url })).headers;
  const again = await app.inject({ method: 'GET', url, headers: { 'if-none-match': `"x", ${etag}` } });
  assert.equal(again.statusCode, 304);
  assert.equal(again.body, '');
});

test('DOOR-15: events arrive while the job runs, and heartbeats do not disturb them', async (t) => {
  const { app, rooms } = await openRestDoor(t);
  await app.inject({ method: 'POST', url: '/tasks', payload: { qc: BELL } });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const answer = await fetch(`${address}/api/v1/jobs/${FIRST}/events`);
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  rooms.advance(FIRST, JobState.RUNNING);
  rooms.complete(FIRST, { '00': 1024 });
  const text = await answer.text();
  assert.deepEqual(text.match(/^id: \d+$/gm), ['id: 1', 'id: 2', 'id: 3']);
  assert.match(text, /"state":"DONE"[^\n]*\n\n$/);
});

test('DOOR-18: the documentation is OpenAPI 3.1, and its page works without the network', async (t) => {
  const { app } = await openRestDoor(t);
  const document = (await app.inject({ method: 'GET', url: '/openapi.json' })).json();
  assert.equal(document.openapi, '3.1.0');
  const paths = Object.keys(document.paths);
  assert(paths.includes('/tasks') && paths.includes('/api/v1/jobs/{id}/events'), paths.join());
  const { schema } = document.paths['/api/v1/validate'].post.requestBody.content['application/json'];
  assert.deepEqual(schema.properties.language.enum, Object.keys(LANGUAGES));
  const docs = await app.inject({ method: 'GET', url: '/docs' });
  assert.equal(docs.statusCode, 200);
  assert.doesNotMatch(docs.body, /https?:\/\//);
  const errors = (await app.inject({ method: 'GET', url: '/docs/errors' })).body;
  for (const code of Object.keys(ERRORS)) assert(errors.includes(`id="${code}"`), code);
});

test('DOOR-12: every problem of the golden transcripts names its request', () => {
  const text = readFileSync(new URL('../golden/refusals.http', import.meta.url), 'utf8');
  const problems = text.match(/"type":"\/docs\/errors#/g) ?? [];
  assert.equal(text.match(/"request_id":"req_/g)?.length, problems.length);
  assert(problems.length > 10);
});
