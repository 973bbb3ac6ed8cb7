import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyReceipt } from '@qfs/receipts';
import { verifySignature } from '../../packages/receipts/src/testing/made-receipt.ts';
import { each } from '../platform/each.ts';
import { jobEnds } from '../platform/job-ends.ts';
import { call, type Job, temporaryDirectory, terminalJob } from '../platform/platform.ts';
import { receiptOf } from '../platform/receipts.ts';
import { ROLES, type RolePlatform, startRoles } from '../platform/roles.ts';

const JOBS = 1_000;
const CLIENTS = 12;
const RECEIPTS = 10;
const SHOTS = 20;
const BITS = 6;
/** A client that is refused, or finds nobody, asks again after this. */
const RETRY_MS = 50;
/** How long a role is away beside the time that its start takes. */
const AWAY_MS_MAX = 400;

const SEED = Number(process.env.QFS_TEST_SEED ?? Date.now() % 1_000_000);

/** Draws of one run, so that a failure can be repeated with its seed. */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A program that gives these bits in every shot. */
const writing = (bits: string): string =>
  [
    `OPENQASM 3.0; include "stdgates.inc"; qubit[${BITS}] q; bit[${BITS}] c;`,
    ...[...bits].map((bit, at) => (bit === '1' ? `x q[${BITS - 1 - at}];` : '')),
    'c = measure q;',
  ].join(' ');

interface Told {
  readonly code: string;
  readonly retryable: boolean;
}

/** Submits under a key until the answer is there; what it meets on the way must ask for another try. */
async function submit(platform: RolePlatform, number: number, bits: string): Promise<string> {
  const body = { language: 'openqasm3', program: writing(bits), shots: SHOTS, seed: number };
  const headers = { 'idempotency-key': `roles-${number}` };
  for (;;) {
    try {
      const answer = await call(`${platform.ready.rest}/api/v1/jobs`, 'POST', body, headers);
      if (answer.status === 202) return answer.json<Job>().job_id;
      const { code, retryable } = answer.json<Told>();
      assert.ok(retryable && [409, 429, 503].includes(answer.status), answer.text);
      assert.notEqual(code, 'INTERNAL');
    } catch (thrown) {
      // The door itself is away, or went before the answer: the job may have been accepted all the same.
      if (thrown instanceof assert.AssertionError) throw thrown;
    }
    await pause(RETRY_MS);
  }
}

test(`JOB-8, JOB-24: each role is killed in turn during ${JOBS} jobs (seed ${SEED}): none is lost, doubled or wrong`, async () => {
  const draw = drawing(SEED);
  const bits = Array.from({ length: JOBS }, () =>
    Array.from({ length: BITS }, () => String(draw(2))).join(''),
  );
  const platform = await startRoles({ dataDir: temporaryDirectory(), args: ['--workers', '1'] });
  // While the door is away there is no process to ask for its address, which stays what it was.
  const { ready } = platform;
  const known: RolePlatform = Object.create(platform, { ready: { value: ready } });
  let acknowledged = 0;
  const submitted = each(bits, CLIENTS, async (pattern, number) => {
    const id = await submit(known, number, pattern);
    acknowledged += 1;
    // Now and then a client has lost the answer and asks again.
    if (number % 10 === 0) assert.equal(await submit(known, number, pattern), id);
    return id;
  });
  for (const [at, role] of ROLES.entries()) {
    while (acknowledged < (JOBS * (at + 1)) / (ROLES.length + 1)) await pause(5);
    assert.equal(await platform.stop(role, 'SIGKILL'), 'SIGKILL');
    await pause(draw(AWAY_MS_MAX));
    await platform.start(role);
  }
  const ids = await submitted;
  assert.equal(new Set(ids).size, JOBS);

  await each(ids, CLIENTS, async (id, number) => {
    const job = await terminalJob(ready.rest, id, 60_000);
    assert.equal(job.state, 'DONE', JSON.stringify(job));
    const task = await call(`${ready.rest}/tasks/${id}`);
    assert.deepEqual(task.json<{ result: object }>().result, { [bits[number]!]: SHOTS }, task.text);
  });
  const { accepted, finished } = await jobEnds(ready.grpc);
  assert.deepEqual([...accepted.keys()].sort(), [...ids].sort());
  for (const id of ids) assert.deepEqual([accepted.get(id), finished.get(id)], [1, 1], id);
  for (let sample = 0; sample < RECEIPTS; sample += 1) {
    const id = ids[draw(JOBS)]!;
    const verdict = verifyReceipt(await receiptOf(ready.rest, id), { verify: verifySignature });
    assert.ok(verdict.ok, `${id}: ${JSON.stringify(verdict.steps.at(-1))}`);
  }
  assert.equal(await platform.end('SIGTERM'), 0, platform.stderr());
});
