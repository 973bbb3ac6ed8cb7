import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, type TestContext, test } from 'node:test';
import { createIonqDriver, guardDriver } from '@qfs/drivers';
import { DRIVER_CONFORMANCE } from '@qfs/drivers/conformance';
import { verifyReceipt } from '@qfs/receipts';
import { systemClock } from '@qfs/storage';
import { verifySignature } from '../../packages/receipts/src/testing/made-receipt.ts';
import {
  call,
  type Job,
  jobNow,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';
import { layered } from '../platform/programs.ts';
import { receiptOf } from '../platform/receipts.ts';
import { makeToken } from '../platform/tokens.ts';

const BELL =
  'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nbit[2] c;\nh q[0];\ncx q[0], q[1];\nc = measure q;\n';
const SHOTS = 200;
/** Seconds of simulation, so that something can happen meanwhile. */
const SLOW = layered(20, 20);

const timers = {
  after(delayMs: number, run: () => void) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

let far: Platform;
let near: Platform;
let farDir: string;
let nearDir: string;

/** A server whose device `remote:simulator` is the simulator of another one. */
const startNear = (): Promise<Platform> =>
  startPlatform({
    dataDir: nearDir,
    args: ['--drivers', 'sim,remote'],
    environment: { QFS_REMOTE_URL: far.ready.rest },
  });

before(async () => {
  farDir = temporaryDirectory();
  nearDir = temporaryDirectory();
  far = await startPlatform({ dataDir: farDir });
  near = await startNear();
});

after(() => Promise.all([near.end('SIGTERM'), far.end('SIGTERM')]));

for (const { name, run } of DRIVER_CONFORMANCE) {
  test(`qfs-remote over a real server: ${name}`, async () => {
    const options = { url: `${far.ready.rest}/v0.4`, apiKey: '', prefix: 'remote', timers };
    const guarded = guardDriver(await createIonqDriver(options), { clock: systemClock, timers });
    const circuit = { format: 'qasm3_text' as const, circuit: new TextEncoder().encode(BELL) };
    await run({ driver: guarded, deviceId: 'remote:simulator', circuit });
  });
}

interface Results {
  readonly results: { readonly items: readonly { readonly results: readonly Result[] }[] };
}
interface Result {
  readonly counts: Readonly<Record<string, number>>;
  readonly memory?: readonly string[];
}

interface Told {
  readonly execution?: Readonly<Record<string, string>>;
  readonly connectivity?: readonly unknown[];
  readonly cost?: object;
}

async function resultsOf(rest: string, jobId: string): Promise<readonly Result[]> {
  const answer = await call(`${rest}/api/v1/jobs/${jobId}/results`);
  return answer.json<Results>().results.items.flatMap(({ results }) => results);
}

/** Jobs of the far server that came for a job of the near one. */
async function farJobs(jobId: string): Promise<readonly Job[]> {
  const { jobs } = (await call(`${far.ready.rest}/api/v1/jobs?limit=200`)).json<{ jobs: readonly Job[] }>();
  return jobs.filter(({ name }) => name === jobId);
}

test('a job submitted here for the remote device runs there; results and receipt are here', async () => {
  const sweep =
    'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float[64] theta;\nqubit[2] q;\nbit[2] c;\nbit d;\nrx(theta) q[1];\nc = measure q;\nd = measure q[1];\n';
  const id = await submit(near.ready.rest, {
    target: 'remote:simulator',
    items: [
      { language: 'openqasm3', program: BELL, shots: SHOTS, memory: true },
      { language: 'openqasm3', program: sweep, shots: SHOTS, parameters: [{ theta: 0 }, { theta: Math.PI }] },
    ],
  });
  const job = await terminalJob(near.ready.rest, id);
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  const [bell, zero, one] = await resultsOf(near.ready.rest, id);
  assert.deepEqual(Object.keys(bell!.counts).sort(), ['00', '11']);
  assert.equal(bell!.memory?.length, SHOTS);
  assert.deepEqual([zero!.counts, one!.counts], [{ '0 00': SHOTS }, { '1 10': SHOTS }]);
  assert.equal((await farJobs(id)).length, 3);

  const receipt = await receiptOf(near.ready.rest, id);
  assert.ok(verifyReceipt(receipt, { verify: verifySignature }).ok);
});

test('a device there that is noisy and priced is so here', async () => {
  const target = 'remote:qpu.emulator:line-16';
  const id = await submit(near.ready.rest, { program: BELL, shots: SHOTS, target });
  assert.equal((await terminalJob(near.ready.rest, id)).state, 'DONE');
  const read = async (path: string) => (await call(`${near.ready.rest}${path}`)).json<Told>();
  const { execution } = await read(`/api/v1/jobs/${id}/artifacts/meta.json`);
  assert.deepEqual(
    [execution?.driver, execution?.device_id, execution?.cost_unit],
    ['qfs-remote', target, 'credits'],
  );
  assert.equal(execution?.cost, String(0.3 + 0.00035 * SHOTS));
  const { connectivity } = await read(`/api/v1/jobs/${id}/artifacts/calibration.json`);
  assert.equal(connectivity?.length, 15);
  const cost = await read(`/v0.4/jobs/${id}/cost`);
  assert.deepEqual(cost.cost, { unit: 'credits', value: 0.3 + 0.00035 * SHOTS });
  const backend = 'qpu.emulator:line-16';
  const estimate = await (
    await call(`${far.ready.rest}/v0.4/jobs/estimate?backend=${backend}&shots=${SHOTS}`)
  ).json();
  assert.deepEqual([estimate.estimated_cost, estimate.cost_unit], [0.3 + 0.00035 * SHOTS, 'credits']);
});

/** Stands before a server and refuses OpenQASM, as a backend does that knows gates alone. */
async function refusingText(t: TestContext, rest: string): Promise<string> {
  const proxy = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const refused = body.includes('ionq.qasm3.v1');
    const init = { method: request.method!, headers: { 'content-type': 'application/json' } };
    const answer = refused
      ? Response.json({ message: 'unknown type' }, { status: 400 })
      : await fetch(`${rest}${request.url}`, { ...init, ...(body === '' ? {} : { body }) });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/v0.4`;
}

test('a circuit that goes as gates has the results that it has as text', async (t) => {
  const url = await refusingText(t, far.ready.rest);
  const gates = await createIonqDriver({ url, apiKey: '', prefix: 'remote', timers });
  // Every gate leaves a basis state behind, so that there is one outcome: 1 01 on bits d and c.
  const program = `OPENQASM 3.0;
include "stdgates.inc";
qubit[4] q;
bit[2] c;
bit d;
h q[0];
cp(3.141592653589793) q[1], q[0];
z q[0];
h q[0];
sx q[3];
sx q[3];
ccx q[0], q[3], q[1];
swap q[1], q[2];
U(3.141592653589793, 0.3, 0.7) q[1];
cx q[1], q[2];
c[0] = measure q[0];
c[1] = measure q[2];
d = measure q[3];
`;
  const item = { format: 'qasm3_text' as const, circuit: new TextEncoder().encode(program), parameters: [] };
  const prepared = await gates.prepare({
    ...{ jobId: 'job_gates', attempt: 1, deviceId: 'remote:simulator', options: {} },
    items: [{ ...item, shots: SHOTS, seed: 1, observables: [], memory: true }],
  });
  const remoteId = await prepared.submit(`gates ${process.pid}`);
  for await (const _status of gates.watch!(remoteId, new AbortController().signal));
  const { items } = JSON.parse(new TextDecoder().decode((await gates.fetch(remoteId)).results));
  assert.deepEqual(items[0].results[0].counts, { '1 01': SHOTS });
  assert.deepEqual(items[0].results[0].memory, Array(SHOTS).fill('1 01'));
  const id = await submit(far.ready.rest, { program, shots: SHOTS });
  await terminalJob(far.ready.rest, id);
  assert.deepEqual((await resultsOf(far.ready.rest, id))[0]!.counts, { '1 01': SHOTS });
});

test('JOB-38: the objective of a search is estimated from counts where a device gives nothing else', async () => {
  const program = readFileSync(new URL('../../examples/vqe_h2/program.eigen.py', import.meta.url), 'utf8');
  const search = async (target: string, fields: object) => {
    const id = await submit(near.ready.rest, { language: 'eigen-lang', program, target, seed: 5, ...fields });
    const job = await terminalJob(near.ready.rest, id);
    assert.equal(job.state, 'DONE', JSON.stringify(job));
    const answer = await call(`${near.ready.rest}/api/v1/jobs/${id}/results`);
    return { id, optimization: answer.json<{ results: Searched }>().results.items[0]!.optimization };
  };
  const counted = await search('remote:simulator', { shots: 2_000, metadata: { max_iters: '4' } });
  const { evaluations, exact, parameters, std_error, value } = counted.optimization;
  assert.deepEqual([exact, evaluations, std_error > 0], [false, 5, true]);
  // Two groups of terms, ZZ and XX, for each evaluation; and at the end the circuit itself beside them.
  assert.equal((await farJobs(counted.id)).length, 2 * evaluations + 3);
  const here = await search('sim:local', {
    parameters: [parameters],
    metadata: { max_iters: '1', estimator: 'exact' },
  });
  const difference = Math.abs(value - here.optimization.start_value);
  assert.ok(difference < 5 * std_error && std_error < 0.02, `${value} ± ${std_error}`);
  const refused = await submit(near.ready.rest, {
    ...{ language: 'eigen-lang', program, target: 'remote:simulator', metadata: { estimator: 'exact' } },
  });
  const { error, state } = await terminalJob(near.ready.rest, refused);
  assert.deepEqual([state, (error as { reason: string }).reason], ['ERROR', 'JOB_SPEC_INVALID']);
});

interface Searched {
  readonly items: readonly {
    readonly optimization: {
      readonly evaluations: number;
      readonly exact: boolean;
      readonly parameters: Readonly<Record<string, number>>;
      readonly start_value: number;
      readonly std_error: number;
      readonly value: number;
    };
  }[];
}

test('what the remote device refuses is the error of the job here', async () => {
  const wide = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[60] q;\nbit[60] c;\nh q;\nc = measure q;\n';
  const answer = await call(`${near.ready.rest}/api/v1/jobs`, 'POST', {
    ...{ language: 'openqasm3', program: wide, target: 'remote:simulator' },
  });
  assert.equal(answer.status, 413, answer.text);
});

test('a cancellation here ends the job there', async () => {
  const id = await submit(near.ready.rest, { program: SLOW, shots: SHOTS, target: 'remote:simulator' });
  const [there] = await until('the remote job', 60_000, async () => {
    const jobs = await farJobs(id);
    return jobs.length > 0 ? jobs : undefined;
  });
  await call(`${near.ready.rest}/api/v1/jobs/${id}/cancel`, 'POST');
  assert.equal((await terminalJob(near.ready.rest, id)).state, 'CANCELLED');
  assert.equal((await terminalJob(far.ready.rest, there!.job_id)).state, 'CANCELLED');
});

const running = async (rest: string, id: string): Promise<Job | undefined> => {
  const job = await jobNow(rest, id);
  return job.state === 'RUNNING' ? job : undefined;
};

test('killed while the work is far away, this server finds it again: it ran once', async () => {
  const id = await submit(near.ready.rest, { program: SLOW, shots: SHOTS, target: 'remote:simulator' });
  await until('the job to run', 60_000, () => running(near.ready.rest, id));
  await until('the remote job', 60_000, async () => ((await farJobs(id)).length > 0 ? true : undefined));
  assert.equal(await near.end('SIGKILL'), 'SIGKILL');
  near = await startNear();
  const job = await terminalJob(near.ready.rest, id, 180_000);
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  const jobs = await farJobs(id);
  assert.deepEqual(
    jobs.map(({ state, attempts }) => [state, attempts]),
    [['DONE', 1]],
  );
});

test('the far server is killed in the middle and comes back: the job is done all the same', async () => {
  const id = await submit(near.ready.rest, { program: SLOW, shots: SHOTS, target: 'remote:simulator' });
  await until('the remote job', 60_000, async () => ((await farJobs(id)).length > 0 ? true : undefined));
  const { port } = new URL(far.ready.rest);
  assert.equal(await far.end('SIGKILL'), 'SIGKILL');
  assert.notEqual((await jobNow(near.ready.rest, id)).state, 'DONE');
  far = await startPlatform({ dataDir: farDir, args: ['--port', port] });
  const job = await terminalJob(near.ready.rest, id, 180_000);
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  assert.equal((await farJobs(id)).length, 1);
});

test('DOOR-29: the circuits of a batch have results of their own, in their order', async () => {
  const send = (path: string, body?: unknown) =>
    call(`${far.ready.rest}/v0.4${path}`, body === undefined ? 'GET' : 'POST', body);
  const circuits = [[], [{ gate: 'x', target: 0 }], [{ gate: 'x', target: 2 }]].map((circuit) => ({
    circuit,
  }));
  const input = { gateset: 'qis', qubits: 3, circuits };
  const job = { type: 'ionq.multi-circuit.v1', backend: 'simulator', shots: 5, input };
  const { id } = (await send('/jobs', job)).json<{ id: string }>();
  await terminalJob(far.ready.rest, id);
  const { child_job_ids: children } = (await send(`/jobs/${id}`)).json<{ child_job_ids: string[] }>();
  assert.deepEqual(children, [`${id}.0`, `${id}.1`, `${id}.2`]);
  assert.equal(
    (await send(`/jobs/${id}/results/probabilities/aggregated`)).text,
    `{"${id}.0":{"0":1},"${id}.1":{"1":1},"${id}.2":{"4":1}}`,
  );
  assert.deepEqual((await send(`/jobs/${id}.2/results/shots`)).json(), Array(5).fill('4'));
  const registers = { c: { '001': 5 }, output_all: { '001': 5 } };
  const artifact = await send(`/jobs/${id}.2/artifacts/ionq.result.histogram.json.v2`);
  assert.deepEqual(artifact.json(), { histogram: { registers } });
  for (const path of ['/results/histogram', '/artifacts/ionq.result.shots.json.v1'])
    assert.equal((await send(`/jobs/${id}${path}`)).status, 404, path);
});

test('DOOR-29: a key is asked for and stays within its tenant; backends are told to anybody', async () => {
  const dataDir = temporaryDirectory();
  const server = await startPlatform({ dataDir });
  const { rest } = server.ready;
  const own = makeToken(dataDir, '--tenant', 'acme', '--subject', 'ana', '--role', 'user');
  const reader = makeToken(dataDir, '--tenant', 'acme', '--subject', 'ana', '--role', 'readonly');
  const other = makeToken(dataDir, '--tenant', 'umbrella', '--subject', 'eve', '--role', 'admin');
  const send = (key: string | undefined, path: string, method = 'GET', body?: unknown) =>
    call(`${rest}/v0.4${path}`, method, body, key === undefined ? {} : { authorization: `apiKey ${key}` });
  const job = { backend: 'simulator', input: { circuit: [{ gate: 'x', target: 0 }] } };

  const refusals = [
    await send(undefined, '/jobs', 'POST', job),
    await send('wrong', '/jobs'),
    await send(reader, '/jobs', 'POST', job),
  ];
  assert.deepEqual(
    refusals.map((answer) => [answer.status, answer.json().reason]),
    [
      [401, 'AUTH_MISSING'],
      [401, 'AUTH_MISSING'],
      [403, 'AUTH_DENIED'],
    ],
  );
  assert.equal((await send(undefined, '/backends/simulator')).json().qubits, 27);

  const { id } = (await send(own, '/jobs', 'POST', job)).json<{ id: string }>();
  await until('the end', 60_000, async () => {
    const { status } = (await send(reader, `/jobs/${id}`)).json();
    return status === 'completed' ? true : undefined;
  });
  for (const path of [
    '',
    '.0',
    '/cost',
    '/results/histogram',
    '/results/probabilities/aggregated',
    '/artifacts/results.json',
  ])
    assert.equal((await send(other, `/jobs/${id}${path}`)).status, 404, path);
  assert.deepEqual((await send(other, '/jobs')).json(), { jobs: [] });
  assert.equal((await send(other, `/jobs/${id}/status/cancel`, 'PUT')).status, 404);
  assert.equal((await send(other, `/jobs/${id}`, 'DELETE')).status, 404);

  const remote = (apiKey: string) =>
    createIonqDriver({ url: `${rest}/v0.4`, apiKey, prefix: 'remote', timers });
  const item = { format: 'qasm3_text' as const, circuit: new TextEncoder().encode(BELL), parameters: [] };
  const request = {
    ...{ jobId: 'job_1', attempt: 1, deviceId: 'remote:simulator', options: {} },
    items: [{ ...item, shots: 10, seed: 1, observables: [], memory: false }],
  };
  const allowed = await (await remote(own)).prepare(request);
  assert.match(await allowed.submit('token'), /^job_/);
  await assert.rejects((await remote('wrong')).prepare(request), { code: 'BACKEND_CREDENTIALS' });
  assert.equal(await server.end('SIGTERM'), 0);
});
