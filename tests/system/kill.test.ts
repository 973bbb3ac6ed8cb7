import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, type Job, startPlatform, temporaryDirectory, terminalJob } from '../platform/platform.ts';

/** Twenty layers over sixteen qubits: some hundred milliseconds of simulation. */
const heavy = (() => {
  const lines = ['OPENQASM 3.0;', 'include "stdgates.inc";', 'qubit[16] q;', 'bit[16] c;', 'h q;'];
  for (let layer = 0; layer < 20; layer += 1) {
    for (let k = 0; k < 15; k += 1) lines.push(`cx q[${k}], q[${k + 1}];`, `rz(0.${layer + 1}) q[${k}];`);
    lines.push('h q;');
  }
  return [...lines, 'c = measure q;'].join('\n');
})();

const JOBS = 100;
const SHOTS = 100;

const stateOf = async (rest: string, id: string): Promise<string> =>
  (await call(`${rest}/api/v1/jobs/${id}`)).json<Job>().state;

test('JOB-24: kill -9 in the middle of 100 jobs loses none', async () => {
  const dataDir = temporaryDirectory();
  const first = await startPlatform({ dataDir });
  const ids: string[] = [];
  for (let k = 0; k < JOBS; k += 1) {
    const body = { language: 'openqasm3', program: heavy, shots: SHOTS, seed: k };
    const answer = await call(`${first.ready.rest}/api/v1/jobs`, 'POST', body);
    assert.equal(answer.status, 202, answer.text);
    ids.push(answer.json<Job>().job_id);
  }
  const before = await Promise.all(ids.map((id) => stateOf(first.ready.rest, id)));
  const open = before.filter((state) => !['DONE', 'ERROR', 'CANCELLED', 'TIMEOUT'].includes(state));
  assert.ok(open.length > 0, 'every job had ended before the kill; the test proves nothing');
  assert.equal(await first.end('SIGKILL'), 'SIGKILL');

  const second = await startPlatform({ dataDir });
  const { rest } = second.ready;
  for (const id of ids) {
    const job = await terminalJob(rest, id, 240_000);
    assert.equal(job.state, 'DONE', `${id}: ${JSON.stringify(job)}`);
    const task = (await call(`${rest}/tasks/${id}`)).json<{ result: Record<string, number> }>();
    const total = Object.values(task.result).reduce((sum, count) => sum + count, 0);
    assert.equal(total, SHOTS, id);
  }
  assert.equal(await second.end('SIGTERM'), 0);
});

test('JOB-8: what was finished before the kill is the same after it, byte for byte', async () => {
  const dataDir = temporaryDirectory();
  const first = await startPlatform({ dataDir });
  const body = { language: 'openqasm3', program: heavy, shots: SHOTS, seed: 5 };
  const { job_id: id } = (await call(`${first.ready.rest}/api/v1/jobs`, 'POST', body)).json<Job>();
  await terminalJob(first.ready.rest, id);
  const read = async (rest: string, name: string): Promise<string> => {
    const answer = await call(`${rest}/api/v1/jobs/${id}/artifacts/${name}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.text;
  };
  const names = [
    'job.yaml',
    'program.qasm',
    'compiled.aqo.json',
    'compiled.qasm',
    'results.json',
    'meta.json',
  ];
  const before = await Promise.all(names.map((name) => read(first.ready.rest, name)));
  await first.end('SIGKILL');
  const second = await startPlatform({ dataDir });
  assert.deepEqual(await Promise.all(names.map((name) => read(second.ready.rest, name))), before);
  await second.end('SIGTERM');
});
