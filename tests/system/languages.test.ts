import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connectGrpc, type GrpcService } from '../platform/grpc-client.ts';
import {
  call,
  type Job,
  type Platform,
  startPlatform,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';

let platform: Platform;
let jobs: GrpcService;

before(async () => {
  platform = await startPlatform({ dataDir: temporaryDirectory() });
  jobs = connectGrpc(platform.ready.grpc, 'eigen.api.v1.JobService');
});
after(async () => {
  jobs.close();
  assert.equal(await platform.end('SIGTERM'), 0);
});

const SEED = 11;
const SHOTS = 500;

async function ended(body: object): Promise<Job> {
  const request = { seed: SEED, shots: SHOTS, ...body };
  const { job_id: id } = (await call(`${platform.ready.rest}/api/v1/jobs`, 'POST', request)).json<Job>();
  const job = await terminalJob(platform.ready.rest, id);
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  return job;
}

/** What was executed and what came of it. */
const executed = ({ digests }: Job): unknown[] => {
  const kept = digests as Record<string, string>;
  return [kept['compiled.aqo.json'], kept['results.json']];
};

const NEW =
  'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q; if (c == 3) x q[1];';
const OLD =
  'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; creg c[2]; h q[0]; cx q[0],q[1]; measure q -> c; if(c==3) x q[1];';
const BRAKET =
  'OPENQASM 3.0; qubit[2] q; bit[2] c; h q[0]; cnot q[0], q[1]; c = measure q; if (c == 3) x q[1];';

test('one circuit in three languages is one circuit with one result', async () => {
  const expected = executed(await ended({ language: 'openqasm3', program: NEW }));
  assert.ok(
    expected.every((digest) => /^sha256:/.test(String(digest))),
    String(expected),
  );
  for (const body of [
    { language: 'openqasm2', program: OLD },
    { language: 'openqasm3', program: OLD },
    { language: 'openqasm3', dialect: 'braket', program: BRAKET },
    { language: 'openqasm3-braket', program: BRAKET },
  ]) {
    assert.deepEqual(executed(await ended(body)), expected, JSON.stringify(body));
  }
});

test('OpenQASM 2 and a dialect are submitted over gRPC too, and again from job.yaml', async () => {
  for (const [language, program] of [
    ['openqasm2', OLD],
    ['openqasm3-braket', BRAKET],
  ] as const) {
    const item = { language, program: Buffer.from(program), shots: SHOTS };
    const { job_id: id } = await jobs.call('SubmitJob', { items: [item], seed: String(SEED) });
    const job = await terminalJob(platform.ready.rest, String(id));
    assert.equal(job.state, 'DONE');
    const again = await call(`${platform.ready.rest}/api/v1/jobs/${id}/redrive`, 'POST');
    const { job_id: second } = again.json<Job>();
    assert.deepEqual(executed(await terminalJob(platform.ready.rest, second)), executed(job));
  }
});
