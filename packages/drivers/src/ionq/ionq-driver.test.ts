import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { readResults } from '@qfs/circuit';
import {
  IONQ_SHOTS_KEPT_MAX,
  type QfsError,
  REMOTE_ANSWER_BYTES_MAX,
  REMOTE_CIRCUITS_MAX,
  type Timers,
} from '@qfs/core';
import type { Driver, ExecutionItem, ExecutionRequest, ExecutionStatus } from '../contract.ts';
import { guardDriver } from '../resilience/guarded-driver.ts';
import { FakeTime } from '../testing/fake-time.ts';
import { ScriptedBackend } from '../testing/scripted-backend.ts';
import { createIonqDriver } from './ionq-driver.ts';

const DEVICE = 'remote:simulator';
const TEXT = 'OPENQASM 3.0;\ninput float[64] t;\nqubit[2] q;\nbit[2] c;\nrx(t) q[0];\nc[0] = measure q[0];\n';
const BACKENDS = [
  { backend: 'simulator', status: 'available', qubits: 27, idempotent_submission: true },
  { backend: 'qpu.old', status: 'retired', qubits: 5 },
];

const item = (change: Partial<ExecutionItem> = {}): ExecutionItem => ({
  ...{ format: 'qasm3_text', circuit: new TextEncoder().encode(TEXT), parameters: [new Map([['t', 0.5]])] },
  ...{ shots: 10, seed: 7, observables: [], memory: false },
  ...change,
});
const request = (...items: readonly ExecutionItem[]): ExecutionRequest => ({
  ...{ jobId: 'job_1', attempt: 1, deviceId: DEVICE, options: {} },
  items: items.length === 0 ? [item()] : items,
});

/** Pauses are skipped; time limits are kept. */
const hurried: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs < 5_000 ? 0 : delayMs).unref();
    return () => clearTimeout(timer);
  },
};

async function open(
  t: TestContext,
  backends: unknown = BACKENDS,
): Promise<{ driver: Driver; backend: ScriptedBackend }> {
  const backend = new ScriptedBackend();
  backend.on('GET /backends', backends);
  const url = await backend.listen();
  t.after(() => backend.close());
  const driver = await createIonqDriver({ url, apiKey: 'secret', prefix: 'remote', timers: hurried });
  return { driver, backend };
}

async function statuses(driver: Driver, remoteId: string): Promise<ExecutionStatus[]> {
  const seen: ExecutionStatus[] = [];
  for await (const status of driver.watch!(remoteId, new AbortController().signal)) seen.push(status);
  return seen;
}

const job = (id: string, status: string, note?: object): object => ({
  ...{ id, status, backend: 'simulator', execution_duration_ms: 3 },
  ...(note === undefined ? {} : { metadata: { qfs_circuit: JSON.stringify(note) } }),
});

test('backends are devices below the prefix, without those that are retired', async (t) => {
  const { driver } = await open(t);
  assert.deepEqual(
    driver.devices().map(({ id, qubitsMax, formats }) => [id, qubitsMax, formats]),
    [[DEVICE, 27, ['qasm3_text']]],
  );
  assert.equal(driver.findDevice('remote:nobody'), undefined);
  assert.equal(driver.capabilities.idempotentSubmission, true);
});

test('a backend that promises nothing about repetition is not asked twice', async (t) => {
  const { driver } = await open(t, [{ backend: 'simulator', status: 'available', qubits: 29 }]);
  assert.equal(driver.capabilities.idempotentSubmission, false);
});

test('while the backend has never answered, devices are found and not listed', async (t) => {
  const { driver, backend } = await open(t, { message: 'what is this?' });
  assert.deepEqual(driver.devices(), []);
  assert.equal(driver.findDevice(DEVICE)?.id, DEVICE);
  assert.equal(driver.findDevice('sim:local'), undefined);
  backend.on('GET /backends/simulator', BACKENDS[0]);
  assert.equal((await driver.status(DEVICE)).availability, 'online');
});

test('a circuit goes as OpenQASM 3 with its inputs bound, under a key of its own', async (t) => {
  const { driver, backend } = await open(t);
  backend.on('POST /jobs', { id: 'a' }, { id: 'b' });
  const sweep = item({ parameters: [new Map([['t', 0.5]]), new Map([['t', 1]])] });
  const prepared = await driver.prepare(request(sweep));
  assert.equal(await prepared.submit('token'), 'a,b');
  const [first, second] = backend.received.filter(({ method }) => method === 'POST');
  assert.equal(first!.headers.authorization, 'apiKey secret');
  assert.notEqual(first!.headers['idempotency-key'], second!.headers['idempotency-key']);
  const { metadata, ...body } = first!.body as { metadata: object };
  assert.deepEqual(body, {
    ...{
      type: 'ionq.qasm3.v1',
      backend: 'simulator',
      name: 'job_1',
      shots: 10,
      noise: { model: 'ideal', seed: 7 },
    },
    input: { qubits: 2, data: TEXT.replace('input float[64] t;', 'const float[64] t = 0.5;') },
  });
  assert.deepEqual(metadata, {
    qfs_circuit: '{"item":0,"shots":10,"seed":7,"memory":false,"qubits":2,"groups":[2]}',
  });
});

test('a backend that does not read OpenQASM gets gates, and its qubits become bits again', async (t) => {
  const { driver, backend } = await open(t);
  const created = { status: 201, body: { id: 'a' } };
  backend.answer('POST /jobs', { status: 400, body: { message: 'unknown type' } }, created);
  const text = 'OPENQASM 3.0;\nqubit[3] q;\nbit[2] c;\nx q[2];\nc[0] = measure q[2];\nc[1] = measure q[0];\n';
  const prepared = await driver.prepare(
    request(item({ circuit: new TextEncoder().encode(text), parameters: [] })),
  );
  assert.equal(await prepared.submit('token'), 'a');
  const { type, input, metadata } = backend.received.at(-1)!.body as Record<string, object>;
  assert.deepEqual(
    [type, input],
    ['ionq.circuit.v1', { gateset: 'qis', qubits: 3, circuit: [{ gate: 'x', targets: [2] }] }],
  );
  backend.on('GET /jobs/a', { ...job('a', 'completed'), metadata });
  // Qubit 2 is 1, and so is qubit 1, which is not measured, in some shots.
  backend.on('GET /jobs/a/results/histogram', { 4: 6, 6: 4 });
  const read = readResults((await driver.fetch('a')).results);
  assert.ok(read.ok);
  assert.deepEqual([...read.value.items[0]!.results[0]!.counts], [['01', 10]]);
});

test('results are put together from every job, in the order of items', async (t) => {
  const { driver, backend } = await open(t);
  const note = { item: 0, shots: 10, seed: 7, memory: true, qubits: 2, groups: [2] };
  backend.on('GET /jobs/a', job('a', 'completed', note));
  backend.on('GET /jobs/b', job('b', 'completed', { ...note, item: 1, memory: false, groups: [1, 1] }));
  backend.on('GET /jobs/a/results/histogram', { 1: 6, 2: 4 });
  backend.on('GET /jobs/a/results/shots', ['1', '1', '1', '1', '1', '1', '2', '2', '2', '2']);
  // A simulator that knows probabilities alone.
  backend.on('GET /jobs/b/results/probabilities', { 0: 1 / 3, 3: 2 / 3 });
  const { results, metadata } = await driver.fetch('a,b');
  const read = readResults(results);
  assert.ok(read.ok);
  const [first, second] = read.value.items.map((one) => one.results[0]!);
  assert.deepEqual(
    [...first!.counts],
    [
      ['01', 6],
      ['10', 4],
    ],
  );
  assert.deepEqual(first!.memory, [...Array(6).fill('01'), ...Array(4).fill('10')]);
  assert.deepEqual(
    [...second!.counts],
    [
      ['0 0', 3],
      ['1 1', 7],
    ],
  );
  assert.deepEqual(
    [metadata.driver, metadata.engine, metadata.execution_time_ms],
    ['qfs-remote', 'simulator', '6.000'],
  );
});

test('counts that are fewer than the shots are no results', async (t) => {
  const { driver, backend } = await open(t);
  const note = { item: 0, shots: 10, seed: 7, memory: false, qubits: 2, groups: [2] };
  backend.on('GET /jobs/a', job('a', 'completed', note));
  for (const histogram of [{ 1: 6 }, { x: 10 }, { 1: -10 }, { 4: 10 }, [], null]) {
    backend.on('GET /jobs/a/results/histogram', histogram);
    await assert.rejects(driver.fetch('a'), { code: 'RESULT_INCOMPLETE' }, JSON.stringify(histogram));
  }
});

test('a note that the backend has spoilt is no circuit of ours', async (t) => {
  const { driver, backend } = await open(t);
  const note = { item: 0, shots: 10, seed: 7, memory: false, qubits: 2, groups: [2] };
  const spoilt = [
    ...[
      { item: -1 },
      { item: REMOTE_CIRCUITS_MAX + 1 },
      { shots: 1e9 },
      { groups: [1e9] },
      { groups: Array(9).fill(60_000) },
    ],
    { groups: 2 },
    ...[{ memory: 'no' }, { measured: [-1] }, { measured: {} }, { seed: null }, { qubits: 0.5 }],
  ];
  for (const change of spoilt) {
    backend.on('GET /jobs/a', job('a', 'completed', { ...note, ...change }));
    await assert.rejects(driver.fetch('a'), { code: 'RESULT_INCOMPLETE' }, JSON.stringify(change));
  }
  backend.on('GET /jobs/a', { ...job('a', 'completed'), metadata: { qfs_circuit: '{' } });
  await assert.rejects(driver.fetch('a'), { code: 'RESULT_INCOMPLETE' });
});

test('an execution has the state of its jobs together', async (t) => {
  const { driver, backend } = await open(t);
  backend.on(
    'GET /jobs/a',
    job('a', 'submitted'),
    job('a', 'ready'),
    job('a', 'started'),
    job('a', 'completed'),
  );
  backend.on('GET /jobs/b', job('b', 'submitted'), job('b', 'submitted'), job('b', 'completed'));
  assert.deepEqual(
    (await statuses(driver, 'a,b')).map(({ state, progress }) => [state, progress]),
    [
      ['queued', 0],
      ['running', 0.5],
      ['succeeded', 1],
    ],
  );
  backend.on('GET /jobs/a', job('a', 'canceled'));
  assert.equal((await driver.poll!('a,b')).state, 'cancelled');
  assert.equal((await driver.poll!('a,nobody')).state, 'lost');
  backend.on('GET /jobs/b', {
    ...job('b', 'failed'),
    failure: { code: 'NotEnoughQubits', error: 'too wide' },
  });
  const { state, error } = await driver.poll!('a,b');
  assert.deepEqual([state, error?.code], ['failed', 'JOB_SPEC_INVALID']);
  assert.match(error!.message, /NotEnoughQubits: too wide/);
});

test('an execution is watched through times in which the backend is silent, and not for ever', async (t) => {
  const { driver, backend } = await open(t);
  const down = { status: 503, body: {} };
  const running = { status: 200, body: job('a', 'started') };
  backend.answer('GET /jobs/a', running, 'drop', down, { status: 429, body: {} }, running, {
    ...running,
    body: job('a', 'completed'),
  });
  assert.deepEqual(
    (await statuses(driver, 'a')).map(({ state }) => state),
    ['running', 'succeeded'],
  );
  backend.answer('GET /jobs/a', down);
  await assert.rejects(statuses(driver, 'a'), { code: 'BACKEND_UNAVAILABLE' });
});

/** Answers of a backend that is in trouble, and what each is here. */
const FAULTS: readonly (readonly [Parameters<ScriptedBackend['answer']>[1], QfsError['code'], number?])[] = [
  [{ status: 500, body: { message: 'broken' } }, 'BACKEND_UNAVAILABLE', 1000],
  [{ status: 502, body: null }, 'BACKEND_UNAVAILABLE', 1000],
  [{ status: 503, body: {}, headers: { 'retry-after': '7' } }, 'BACKEND_UNAVAILABLE', 7000],
  [{ status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '3' } }, 'RATE_LIMITED', 3000],
  [{ status: 429, body: { message: 'quota exhausted' } }, 'RATE_LIMITED', 5000],
  [{ status: 504, body: {} }, 'DEADLINE_EXCEEDED', 2000],
  [{ status: 401, body: {} }, 'BACKEND_CREDENTIALS'],
  [{ status: 403, body: {} }, 'BACKEND_CREDENTIALS'],
  [{ status: 400, body: { message: 'no such gate' } }, 'JOB_SPEC_INVALID'],
  [{ status: 422, body: { message: 'no such gate' } }, 'JOB_SPEC_INVALID'],
  [{ status: 501, body: {} }, 'NOT_IMPLEMENTED'],
  [{ status: 404, body: {} }, 'DEVICE_NOT_FOUND'],
  ['drop', 'BACKEND_UNAVAILABLE', 1000],
  ['cut', 'BACKEND_UNAVAILABLE', 1000],
  ['garbage', 'BACKEND_UNAVAILABLE', 1000],
];

test('every fault of the backend is a reason that decides about another attempt', async (t) => {
  const { driver, backend } = await open(t);
  const prepared = await driver.prepare(request());
  for (const [answer, code, retryAfterMs] of FAULTS) {
    backend.answer('POST /jobs', answer);
    await assert.rejects(prepared.submit('token'), (thrown: QfsError) => {
      assert.deepEqual([thrown.code, thrown.retryAfterMs], [code, retryAfterMs], JSON.stringify(answer));
      return true;
    });
  }
});

test('a redirect is not followed: the key goes to one address alone', async (t) => {
  const { driver, backend } = await open(t);
  const elsewhere = new ScriptedBackend();
  t.after(() => elsewhere.close());
  const headers = { location: `${await elsewhere.listen()}/jobs` };
  backend.answer('POST /jobs', { status: 307, body: {}, headers });
  const prepared = await driver.prepare(request());
  await assert.rejects(prepared.submit('token'), { code: 'BACKEND_UNAVAILABLE' });
  assert.deepEqual(elsewhere.received, []);
});

test(`an answer has up to ${REMOTE_ANSWER_BYTES_MAX} bytes`, async (t) => {
  const { driver, backend } = await open(t);
  const quoted = (bytes: number): string => 'x'.repeat(bytes - 2);
  backend.on('GET /jobs/a', quoted(REMOTE_ANSWER_BYTES_MAX + 1));
  await assert.rejects(driver.poll!('a'), { code: 'PAYLOAD_TOO_LARGE' });
  backend.on('GET /jobs/a', quoted(REMOTE_ANSWER_BYTES_MAX));
  // It is read, and is no job.
  await assert.rejects(driver.poll!('a'), { code: 'BACKEND_UNAVAILABLE' });
});

test('guarded, a backend that drops calls for a while is asked again', async (t) => {
  const { driver, backend } = await open(t);
  const guarded = guardDriver(driver, { clock: new FakeTime(), timers: hurried });
  backend.answer(
    'GET /jobs/a',
    'drop',
    { status: 500, body: {} },
    { status: 200, body: job('a', 'started') },
  );
  assert.equal((await guarded.poll!('a')).state, 'running');
});

test('jobs of a batch that were taken before one is refused are cancelled', async (t) => {
  const { driver, backend } = await open(t);
  backend.answer('POST /jobs', { status: 201, body: { id: 'a' } }, { status: 400, body: { message: 'no' } });
  backend.on('GET /jobs/a', job('a', 'submitted'), job('a', 'canceled'));
  backend.on('PUT /jobs/a/status/cancel', { id: 'a', status: 'canceled' });
  const prepared = await driver.prepare(request(item(), item()));
  await assert.rejects(prepared.submit('token'), { code: 'JOB_SPEC_INVALID' });
  assert.ok(backend.received.some(({ method }) => method === 'PUT'));
});

test('a cancellation is watched until it shows', async (t) => {
  const { driver, backend } = await open(t);
  backend.on('PUT /jobs/a/status/cancel', {});
  backend.on('GET /jobs/a', job('a', 'started'), job('a', 'started'), job('a', 'canceled'));
  assert.equal(await driver.cancel('a'), 'cancelled');
  backend.on('GET /jobs/a', job('a', 'completed'));
  assert.equal(await driver.cancel('a'), 'too_late');
  assert.equal(await driver.cancel('nobody'), 'cancelled');
});

test("what IonQ's API cannot express is refused before anything is sent", async (t) => {
  const { driver, backend } = await open(t);
  const before = backend.received.length;
  const refused = (change: Partial<ExecutionItem>) => driver.prepare(request(item(change)));
  const pauli = { terms: [{ coefficient: 1, paulis: 'ZZ' }] };
  await assert.rejects(refused({ observables: [pauli] }), { code: 'NOT_IMPLEMENTED' });
  await assert.rejects(refused({ format: 'aqo_json' }), { code: 'NOT_IMPLEMENTED' });
  await assert.rejects(refused({ memory: true, shots: IONQ_SHOTS_KEPT_MAX + 1 }), {
    code: 'NOT_IMPLEMENTED',
  });
  await assert.rejects(refused({ parameters: [] }), { code: 'PARAMETER_UNBOUND' });
  await assert.rejects(driver.prepare({ ...request(), options: { method: 'tensor' } }), {
    message: 'The device speaks IonQ\'s API. It takes no option "method".',
  });
  const many = Array.from({ length: REMOTE_CIRCUITS_MAX + 1 }, () => item());
  await assert.rejects(driver.prepare(request(...many)), { code: 'PAYLOAD_TOO_LARGE' });
  assert.equal(backend.received.length, before);
  const { cost } = await driver.prepare(request(...many.slice(1)));
  assert.equal(cost.operations, 10 * REMOTE_CIRCUITS_MAX);
});

test('the price is that of the backend, the calibration its newest characterization', async (t) => {
  const { driver, backend } = await open(t);
  backend.on('GET /jobs/estimate', { estimated_cost: 1.5, cost_unit: 'usd' });
  const { cost } = await driver.prepare(request());
  assert.deepEqual([cost.price, cost.priceUnit], [1.5, 'usd']);
  assert.equal(await driver.calibration(DEVICE), undefined);
  backend.on('GET /backends/simulator/characterizations', { characterizations: [{ id: 'c', qubits: 2 }] });
  const snapshot = await driver.calibration(DEVICE);
  assert.equal(new TextDecoder().decode(snapshot!.bytes), '{"id":"c","qubits":2}');
});
