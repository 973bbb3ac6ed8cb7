import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { eigenCliHere } from '../platform/eigen-cli.ts';
import {
  call,
  type Job,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';

const H2 = readFileSync(new URL('../../examples/vqe_h2/program.eigen.py', import.meta.url), 'utf8');

/** A ring of couplings with an angle for each qubit, searched by SPSA: as many iterations as it is told. */
const RING = `from eigen_lang import ExpectationValue, Observable, Param, QubitRegister, cnot, hybrid_program, minimize, ry

@hybrid_program(shots=2000)
def ring():
    q = QubitRegister(8)
    angles = [${Array.from({ length: 8 }, (_, k) => `Param("t${k}", 0.${k + 1})`).join(', ')}]
${Array.from({ length: 8 }, (_, k) => `    ry(q[${k}], angles[${k}])\n    cnot(q[${k}], q[${(k + 1) % 8}])`).join('\n')}
    terms = [${Array.from({ length: 8 }, (_, k) => `(1.0, "${lettersOf(k, (k + 1) % 8)}")`).join(', ')}]
    energy = ExpectationValue("ring", Observable.from_terms(terms))
    optimum = minimize(energy, method="SPSA")
    return {"energy": optimum.fun}
`;

function lettersOf(...qubits: readonly number[]): string {
  return Array.from({ length: 8 }, (_, k) => (qubits.includes(7 - k) ? 'Z' : 'I')).join('');
}

let dataDir: string;
let platform: Platform;

before(async () => {
  dataDir = temporaryDirectory();
  platform = await startPlatform({ dataDir });
});
after(async () => {
  assert.equal(await platform.end('SIGTERM'), 0);
});

const start = (fields: object): Promise<string> =>
  submit(platform.ready.rest, {
    ...('items' in fields ? {} : { language: 'eigen-lang' }),
    seed: 7,
    ...fields,
  });

const ended = async (fields: object): Promise<Job> => terminalJob(platform.ready.rest, await start(fields));

const artifact = async (jobId: string, name: string): Promise<string> => {
  const answer = await call(`${platform.ready.rest}/api/v1/jobs/${jobId}/artifacts/${name}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.text;
};

const names = async (jobId: string): Promise<string[]> => {
  const { digests } = (await call(`${platform.ready.rest}/api/v1/jobs/${jobId}`)).json<{
    readonly digests: Readonly<Record<string, string>>;
  }>();
  return Object.keys(digests);
};

const iterationsIn = async (jobId: string): Promise<number> =>
  (await names(jobId)).filter((name) => name.startsWith('iterations/')).length;

test('JOB-37: H2 is searched to its ground state, iteration by iteration', async () => {
  const job = await ended({ program: H2 });
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  const { items } = JSON.parse(await artifact(job.job_id, 'results.json'));
  const { optimization, returned, results } = items[0];
  assert.ok(Math.abs(optimization.value + 1.137306) < 1e-7, `${optimization.value}`);
  assert.deepEqual(
    [optimization.method, optimization.ending, optimization.exact],
    ['COBYLA', 'converged', true],
  );
  assert.equal(returned.energy, optimization.value);
  assert.ok(Math.abs(optimization.measured.value + 1.1373) < 8 * optimization.measured.std_error);
  const counted = Object.values(results[0].counts as Record<string, number>);
  assert.equal(
    counted.reduce((sum, count) => sum + count, 0),
    results[0].shots,
  );
  assert.equal(await iterationsIn(job.job_id), optimization.iterations);
  const last = JSON.parse(await artifact(job.job_id, `iterations/${optimization.iterations}.json`));
  assert.ok(last.best <= JSON.parse(await artifact(job.job_id, 'iterations/1.json')).value);
  const statement = JSON.parse(await artifact(job.job_id, 'statement.json'));
  assert.match(JSON.stringify(statement), /plan\.json/);
});

test('JOB-38: optimisers, iterations and shots are what the job says', async () => {
  for (const optimizer of ['L-BFGS-B', 'NELDER-MEAD']) {
    const job = await ended({ program: H2, metadata: { optimizer, tol: '1e-5' } });
    const { optimization } = JSON.parse(await artifact(job.job_id, 'results.json')).items[0];
    assert.equal(optimization.method, optimizer);
    assert.ok(Math.abs(optimization.value + 1.137306) < 1e-7, `${optimizer}: ${optimization.value}`);
  }
  const sampled = await ended({ program: H2, shots: 500, metadata: { max_iters: '5' } });
  const { optimization } = JSON.parse(await artifact(sampled.job_id, 'results.json')).items[0];
  assert.deepEqual([optimization.exact, optimization.iterations], [false, 5]);
  assert.ok(optimization.std_error > 0);
  const refused = await ended({ program: H2, shots: 500, metadata: { optimizer: 'L-BFGS-B' } });
  const { reason } = refused.error as { reason: string };
  assert.deepEqual([refused.state, reason], ['ERROR', 'JOB_SPEC_INVALID']);
});

test('a search on a device finds the observable where the compiler put its qubits', async () => {
  const job = await ended({
    program: H2,
    target: 'emulator:heavy-hex-27',
    metadata: { estimator: 'sampled' },
  });
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  const { optimization } = JSON.parse(await artifact(job.job_id, 'results.json')).items[0];
  assert.ok(optimization.value < -1.0, `${optimization.value} ± ${optimization.std_error}`);
});

test('a replay searches again and comes to the same bytes, from whatever the job left to its program', async () => {
  const sampled = H2.replace('(metadata={"unit": "Ha"})', '(shots=300, metadata={"max_iters": "6"})');
  const gates =
    'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;';
  const jobs = [
    { program: H2, seed: undefined },
    { program: sampled, metadata: { optimizer: 'NELDER-MEAD' } },
    {
      program: H2,
      options: { noise_model: 'depolarizing:0.01', method: 'density' },
      metadata: { optimizer: 'L-BFGS-B', estimator: 'exact' },
    },
    { program: sampled, target: 'emulator:heavy-hex-27', parameters: [{ theta: 0.5 }] },
    {
      items: [
        { language: 'eigen-lang', program: sampled },
        { language: 'openqasm3', program: gates },
      ],
    },
  ];
  // All of them are under way before the first receipt is waited for.
  const ids = await Promise.all(jobs.map(start));
  for (const [at, id] of ids.entries()) {
    const job = await terminalJob(platform.ready.rest, id);
    assert.equal(job.state, 'DONE', JSON.stringify(job));
    const replayed = await eigenCliHere(platform, 'replay', id, '--json');
    const { equal, compiled_equal } = JSON.parse(replayed.stdout);
    assert.deepEqual([equal, compiled_equal], [true, true], `job ${at}: ${replayed.stdout}`);
  }
});

test('JOB-39: kill -9 in mid-loop: the search goes on, and the results are those of an undisturbed one', async () => {
  const fields = { program: RING, metadata: { max_iters: '150' } };
  const undisturbed = await ended(fields);
  assert.equal(undisturbed.state, 'DONE', JSON.stringify(undisturbed));
  const jobId = await start(fields);
  const { rest } = platform.ready;
  await until('some iterations', 20_000, async () => {
    const { progress, state } = (await call(`${rest}/api/v1/jobs/${jobId}`)).json<
      Job & { progress: number }
    >();
    assert.ok(state !== 'DONE', 'it ended too soon');
    return progress > 0.1 ? true : undefined;
  });
  await platform.end('SIGKILL');
  platform = await startPlatform({ dataDir });
  const job = await terminalJob(platform.ready.rest, jobId);
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  for (const name of ['results.json', 'iterations/7.json', 'iterations/150.json']) {
    assert.equal(await artifact(jobId, name), await artifact(undisturbed.job_id, name), name);
  }
});

test('JOB-41: a search that is cancelled keeps what it reached', async () => {
  const jobId = await start({ program: RING, metadata: { max_iters: '900' } });
  const { rest } = platform.ready;
  await until('an iteration', 20_000, async () =>
    (await call(`${rest}/api/v1/jobs/${jobId}`)).json<{ progress: number }>().progress > 0 ? true : undefined,
  );
  assert.equal((await call(`${rest}/api/v1/jobs/${jobId}/cancel`, 'POST')).status, 202);
  const job = await terminalJob(rest, jobId);
  assert.equal(job.state, 'CANCELLED', JSON.stringify(job));
  const reached = await iterationsIn(jobId);
  assert.ok(reached > 0 && reached < 900, `${reached}`);
});
