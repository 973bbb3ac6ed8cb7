import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATE_NAMES, TERMINAL_STATES } from '@qfs/rpc';
import { JobState } from '@qfs/rpc/api';
import { FIRST, openRestDoor } from '../../testing/open-rest-door.ts';
import { callerOf } from '../../testing/security.ts';
import { assertTranscript, type Step, transcript } from '../../testing/transcript.ts';
import { IONQ_STATES, statesOf } from './states.ts';

const H = { gate: 'h', target: 0 };
const CNOT = { gate: 'cnot', control: 0, target: 1 };
const BELL = {
  type: 'ionq.circuit.v1',
  backend: 'simulator',
  shots: 100,
  input: { qubits: 2, circuit: [H, CNOT] },
};
const SECOND = 'job_0199e1a2b3c470008000000000000002';

test('DOOR-29: the life of a job over the IonQ API', async (t) => {
  const { app, rooms } = await openRestDoor(t);
  const job = `/v0.4/jobs/${FIRST}`;
  const named = {
    ...BELL,
    name: 'bell',
    metadata: { qiskit_header: 'H4sIAA==', key: 'a\u001f0,1 µ\u001e' },
    noise: { model: 'ideal', seed: 7 },
    settings: { compilation: { opt: 1 } },
  };
  const steps: Step[] = [
    { title: 'a circuit is submitted', method: 'POST', url: '/v0.4/jobs', body: named },
    { title: 'what its client noted comes back', method: 'GET', url: job },
    { title: 'no results yet', method: 'GET', url: `${job}/results/probabilities` },
    {
      title: 'it is completed',
      method: 'GET',
      url: job,
      before: () => rooms.complete(FIRST, { '01': 75, '10': 25 }),
    },
    { title: 'probabilities: qubit 0 counts 1', method: 'GET', url: `${job}/results/probabilities` },
    { title: 'histogram', method: 'GET', url: `${job}/results/histogram` },
    { title: 'shots that were not kept', method: 'GET', url: `${job}/results/shots` },
    { title: 'results of another kind', method: 'GET', url: `${job}/results/energies` },
    {
      title: 'an artifact by its format',
      method: 'GET',
      url: `${job}/artifacts/ionq.result.histogram.json.v1`,
    },
    { title: 'cost', method: 'GET', url: `${job}/cost` },
    { title: 'too late to cancel', method: 'PUT', url: `${job}/status/cancel`, body: '' },
    { title: 'list', method: 'GET', url: '/v0.4/jobs?status=completed&limit=1' },
    { title: 'delete', method: 'DELETE', url: job },
    { title: 'gone', method: 'GET', url: job },
  ];
  assertTranscript('ionq-job', await transcript(app, steps));
});

test('a batch is one job whose circuits are its children', async (t) => {
  const { app, rooms } = await openRestDoor(t);
  const circuits = [
    { name: 'zero', circuit: [H] },
    { name: 'one', circuit: [{ gate: 'x', target: 0 }] },
  ];
  const batch = { ...BELL, type: 'ionq.multi-circuit.v1', input: { gateset: 'qis', qubits: 1, circuits } };
  const steps: Step[] = [
    { title: 'a batch is submitted', method: 'POST', url: '/v0.4/jobs', body: batch },
    { title: 'the parent', method: 'GET', url: `/v0.4/jobs/${FIRST}` },
    { title: 'a child', method: 'GET', url: `/v0.4/jobs/${FIRST}.1` },
    { title: 'a child that is not there', method: 'GET', url: `/v0.4/jobs/${FIRST}.2` },
    { title: 'a child is not cancelled alone', method: 'PUT', url: `/v0.4/jobs/${FIRST}.1/status/cancel` },
    { title: 'cancelled', method: 'PUT', url: `/v0.4/jobs/${FIRST}/status/cancel` },
    { title: 'no results', method: 'GET', url: `/v0.4/jobs/${FIRST}.0/results/probabilities` },
    {
      title: 'a job of another door',
      method: 'POST',
      url: '/tasks',
      body: { qc: 'OPENQASM 3.0; bit c; qubit q; c = measure q;' },
    },
    { title: 'is a job here too', method: 'GET', url: `/v0.4/jobs/${SECOND}` },
  ];
  assertTranscript('ionq-batch', await transcript(app, steps));
  assert.equal(rooms.jobs.get(FIRST)!.request.items.length, 2);
});

test('backends and estimates', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
  const { app } = await openRestDoor(t);
  const steps: Step[] = [
    { title: 'backends', method: 'GET', url: '/v0.4/backends' },
    { title: 'one backend', method: 'GET', url: '/v0.4/backends/simulator' },
    { title: 'none of this name', method: 'GET', url: '/v0.4/backends/qpu.nobody' },
    { title: 'no measurements', method: 'GET', url: '/v0.4/backends/simulator/characterizations?limit=1' },
    {
      title: 'an estimate',
      method: 'GET',
      url: '/v0.4/jobs/estimate?backend=simulator&qubits=2&shots=100&1q_gates=1&2q_gates=1',
    },
  ];
  assertTranscript('ionq-backends', await transcript(app, steps));
});

test('a session groups jobs until it ends', async (t) => {
  const { app } = await openRestDoor(t);
  const json = { 'content-type': 'application/json' };
  const post = (url: string, payload: object | string) =>
    app.inject({ method: 'POST', url, payload, headers: json });
  const created = await post('/v0.4/sessions', { backend: 'simulator', settings: { job_count_limit: 2 } });
  assert.equal(created.statusCode, 201);
  const { id, status, settings } = created.json();
  assert.deepEqual([status, settings], ['started', { job_count_limit: 2 }]);
  const job = { ...BELL, session_id: id };
  assert.equal((await post('/v0.4/jobs', job)).json().session_id, id);
  const ended = await post(`/v0.4/sessions/${id}/end`, '');
  assert.equal(ended.json().status, 'ended');
  assert.deepEqual((await app.inject({ url: `/v0.4/sessions/${id}` })).json(), ended.json());
  assert.equal((await post('/v0.4/jobs', job)).json().reason, 'JOB_SPEC_INVALID');
  assert.equal((await app.inject({ url: '/v0.4/sessions/session_of_nobody' })).statusCode, 404);
  assert.equal((await post('/v0.4/sessions', { backend: 'qpu.nobody' })).json().reason, 'DEVICE_NOT_FOUND');
});

test('what cannot be run is refused by name, in the shape of IonQ', async (t) => {
  const { app } = await openRestDoor(t);
  const post = (title: string, change: object): Step => ({
    ...{ title, method: 'POST', url: '/v0.4/jobs', body: { ...BELL, ...change } },
  });
  const steps: Step[] = [
    post('another type', { type: 'ionq.qir.v1' }),
    post('no such gate', { input: { circuit: [{ gate: 'hadamard', target: 0 }] } }),
    post('no circuit', { input: {} }),
    post('no OpenQASM', { type: 'ionq.qasm3.v1', input: { data: ' ' } }),
    post('OpenQASM with an error', { type: 'ionq.qasm3.v1', input: { data: 'qubit q; h p;' } }),
    post('a batch of none', { type: 'ionq.multi-circuit.v1', input: { circuits: [] } }),
    post('a gateset of nobody', { input: { gateset: 'clifford', circuit: [] } }),
    post('no shots', { shots: 0 }),
    post('a noisy model', { noise: { model: 'aria-1' } }),
    post('a negative seed', { noise: { model: 'ideal', seed: -1 } }),
    post('error mitigation', { settings: { error_mitigation: { debiasing: true } } }),
    post('a dry run that would run', { backend: 'qpu.fault:ok', dry_run: true }),
    post('no backend', { backend: null }),
    post('metadata without end', { metadata: { long: 'a'.repeat(300_000) } }),
    { title: 'malformed JSON', method: 'POST', url: '/v0.4/jobs', body: '{' },
    { title: 'an unknown status', method: 'GET', url: '/v0.4/jobs?status=done' },
    { title: 'an unknown job', method: 'GET', url: '/v0.4/jobs/job_nobody' },
    { title: 'an unknown address', method: 'GET', url: '/v0.4/calibrations/current' },
    { title: 'another method', method: 'PUT', url: '/v0.4/jobs' },
  ];
  assertTranscript('ionq-refusals', await transcript(app, steps));
});

test('every state of a job has a status, by which lists find it again', async (t) => {
  const { app, rooms } = await openRestDoor(t);
  await app.inject({ method: 'POST', url: '/v0.4/jobs', payload: BELL });
  for (const name of STATE_NAMES) {
    rooms.advance(FIRST, JobState[name], { errorReason: 'JOB_TIMEOUT', errorSummary: 'It took too long.' });
    const { status, failure } = (await app.inject({ url: `/v0.4/jobs/${FIRST}` })).json();
    assert.equal(status, IONQ_STATES[name]);
    assert.equal(failure !== null, TERMINAL_STATES.has(JobState[name]) && name !== 'DONE', name);
    assert.ok(statesOf(status).includes(JobState[name]));
    const { jobs } = (await app.inject({ url: `/v0.4/jobs?status=${status}` })).json();
    assert.equal(jobs[0].status, status);
  }
  assert.deepEqual(statesOf('queued'), [...statesOf('submitted'), ...statesOf('ready')]);
});

test('the same key with the same body is the same job, with another body a conflict', async (t) => {
  const { app, rooms } = await openRestDoor(t);
  const post = (payload: object) =>
    app.inject({ method: 'POST', url: '/v0.4/jobs', payload, headers: { 'idempotency-key': 'k' } });
  const [first, second] = [await post(BELL), await post(BELL)];
  assert.deepEqual(first.json(), second.json());
  assert.equal(rooms.jobs.size, 1);
  const other = await post({ ...BELL, shots: 7 });
  assert.equal(other.statusCode, 409);
  assert.equal(other.json().reason, 'IDEMPOTENCY_MISMATCH');
});

test('jobs of another tenant do not exist', async (t) => {
  let tenantId = 'tenant-a';
  const authenticate = () => callerOf({ tenantId, projectId: 'p', subject: 's', roles: ['admin'] });
  const { app } = await openRestDoor(t, { authenticator: { authenticate } });
  await app.inject({ method: 'POST', url: '/v0.4/jobs', payload: BELL });
  const addresses = [
    '',
    '.0',
    '/cost',
    '/results/probabilities',
    '/results/probabilities/aggregated',
    '/artifacts/results.json',
  ];
  tenantId = 'tenant-b';
  for (const address of addresses) {
    const { statusCode } = await app.inject({ url: `/v0.4/jobs/${FIRST}${address}` });
    assert.equal(statusCode, 404, address);
  }
  assert.equal(
    (await app.inject({ method: 'PUT', url: `/v0.4/jobs/${FIRST}/status/cancel` })).statusCode,
    404,
  );
  assert.equal((await app.inject({ method: 'DELETE', url: `/v0.4/jobs/${FIRST}` })).statusCode, 404);
  assert.deepEqual((await app.inject({ url: '/v0.4/jobs' })).json(), { jobs: [] });
});
