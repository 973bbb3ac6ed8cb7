import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { verifyReceipt } from '@qfs/receipts';
import { verifySignature } from '../../packages/receipts/src/testing/made-receipt.ts';
import { each } from '../platform/each.ts';
import { eigenCli } from '../platform/eigen-cli.ts';
import { jobEnds } from '../platform/job-ends.ts';
import {
  call,
  type Job,
  type Platform,
  startPlatform,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';
import { example, layered } from '../platform/programs.ts';
import { receiptOf } from '../platform/receipts.ts';

const SUBMISSIONS = 2_000;
const CLIENTS = 8;
const KILLS = 10;
/** A client that finds nobody asks again after this. */
const RETRY_MS = 50;
const PROGRAMS = [example('bell'), example('teleport'), layered(10, 8)];

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Clients that outlive the server: a submission is repeated under its key until it is answered. */
class Storm {
  readonly acknowledged = new Map<number, string>();
  rest: string | undefined;
  #next = 0;

  async client(): Promise<void> {
    while (this.#next < SUBMISSIONS) {
      const number = this.#next++;
      this.acknowledged.set(number, await this.#submit(number));
    }
  }

  async #submit(number: number): Promise<string> {
    const program = PROGRAMS[number % PROGRAMS.length];
    const body = { language: 'openqasm3', program, shots: 20, seed: number };
    for (;;) {
      const { rest } = this;
      try {
        if (rest !== undefined) {
          const headers = { 'idempotency-key': `storm-${number}` };
          const answer = await call(`${rest}/api/v1/jobs`, 'POST', body, headers);
          if (answer.status === 202) return answer.json<Job>().job_id;
          assert.ok([409, 429, 503].includes(answer.status), answer.text);
        }
      } catch (thrown) {
        // Nobody there, or gone before the answer: the server may have accepted it all the same.
        if (thrown instanceof assert.AssertionError) throw thrown;
      }
      await pause(RETRY_MS);
    }
  }
}

/** Starts, lets so many submissions be acknowledged, kills; and again. The last server lives. */
async function runStorm(storm: Storm, dataDir: string): Promise<Platform> {
  const clients = Promise.all(Array.from({ length: CLIENTS }, () => storm.client()));
  for (let kill = 0; kill < KILLS; kill += 1) {
    const platform = await startPlatform({ dataDir });
    storm.rest = platform.ready.rest;
    const enough = ((kill + 1) * SUBMISSIONS) / (KILLS + 1);
    while (storm.acknowledged.size < enough) await pause(2);
    assert.equal(await platform.end('SIGKILL'), 'SIGKILL', platform.stderr());
  }
  const last = await startPlatform({ dataDir });
  storm.rest = last.ready.rest;
  await clients;
  return last;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Every file of a job, and with them its receipt. */
async function checkJob(rest: string, id: string): Promise<void> {
  const job = await terminalJob(rest, id, 240_000);
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  const artifacts = new Map<string, string>();
  for (const name of Object.keys(job.digests as object)) {
    const answer = await call(`${rest}/api/v1/jobs/${id}/artifacts/${name}`);
    assert.equal(answer.status, 200, answer.text);
    artifacts.set(name, sha256(answer.text));
  }
  const verdict = verifyReceipt(await receiptOf(rest, id), { verify: verifySignature, artifacts });
  assert.ok(verdict.ok, `${id}: ${JSON.stringify(verdict.steps.at(-1))}`);
  assert.equal(verdict.facts?.jobId, id);
}

test('JOB-8, JOB-24, LOG-16: 2,000 submissions of eight clients over ten kills: each ends once, proved, in one sound log', async () => {
  const storm = new Storm();
  const last = await runStorm(storm, temporaryDirectory());
  const { rest, grpc } = last.ready;
  const ids = [...storm.acknowledged.values()];
  assert.equal(new Set(ids).size, SUBMISSIONS);
  await each(ids, CLIENTS, (id) => checkJob(rest, id));
  const { accepted, finished } = await jobEnds(grpc);
  // Under a key a job is accepted once, however often it was sent.
  assert.deepEqual([...accepted.keys()].sort(), [...ids].sort());
  for (const id of ids) assert.deepEqual([accepted.get(id), finished.get(id)], [1, 1], id);
  assert.equal(finished.size, SUBMISSIONS);
  for (const check of [['verify'], ['replay', '--from', '0']]) {
    const { code, stderr, stdout } = await eigenCli(last, 'log', ...check);
    assert.equal(code, 0, stdout + stderr);
  }
  assert.equal(await last.end('SIGTERM'), 0);
});
