import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { RETRY_ELAPSED_MS_MAX, RETRY_PAUSE_MS_MAX } from '@qfs/core';
import { callOptions } from '@qfs/rpc';
import { settled } from './testing/fake-time.ts';
import { attemptsOf, outcome, submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);

function failing(t: TestContext): World {
  const world = new World();
  t.after(() => world.remove());
  world.devices.otherwise = 'fail ENGINE_LOST';
  return world;
}

const withTerms = (process: Process, terms: Readonly<Record<string, string>>) =>
  submit(process, 'bell', { metadataKvs: { ...terms } });

test('JOB-35: a job may ask for fewer attempts than it is granted', async (t) => {
  const world = failing(t);
  const process = world.start();
  const jobId = await withTerms(process, { 'retry.max_attempts': '2' });
  await world.time.pass(10_000);
  assert.equal(outcome(process, jobId), 'ERROR ATTEMPTS_EXHAUSTED');
  assert.equal(attemptsOf(process, jobId).length, 2);
  const { job } = await process.gateway.getJob({ jobId }, options);
  assert.deepEqual([job?.maxAttempts, job?.metadata], [2, { 'retry.max_attempts': '2' }]);
  await process.stop();
});

test('JOB-35: the pauses between attempts are those that the job asked for', async (t) => {
  const world = failing(t);
  const process = world.start();
  const jobId = await withTerms(process, { 'retry.base_delay_ms': '20000', 'retry.max_delay_ms': '20000' });
  // Three pauses, each between half and the whole of what was asked for.
  await world.time.pass(29_999);
  assert.equal(outcome(process, jobId), 'RUNNING');
  await world.time.pass(30_001);
  assert.equal(outcome(process, jobId), 'ERROR ATTEMPTS_EXHAUSTED');
  await process.stop();
});

test('JOB-35: no attempt begins after the time that the job asked for', async (t) => {
  const world = failing(t);
  const process = world.start();
  const terms = {
    'retry.base_delay_ms': '10000',
    'retry.max_delay_ms': '10000',
    'retry.max_elapsed_ms': '4999',
  };
  const jobId = await withTerms(process, terms);
  await settled();
  assert.equal(
    outcome(process, jobId),
    'ERROR ATTEMPTS_EXHAUSTED',
    'the first pause would be too long already',
  );
  assert.equal(attemptsOf(process, jobId).length, 1);
  await process.stop();
});

const GRANTED = { retriesMax: 3, timeLimitMs: 60_000, queueTimeLimitMs: 120_000 };
const BOUNDS: readonly (readonly [name: string, least: number, most: number])[] = [
  ['retry.max_attempts', 1, 1 + GRANTED.retriesMax],
  ['retry.base_delay_ms', 1, RETRY_PAUSE_MS_MAX],
  ['retry.max_delay_ms', 1, RETRY_PAUSE_MS_MAX],
  ['retry.max_elapsed_ms', 1, RETRY_ELAPSED_MS_MAX],
  ['timeout.queue_ms', 1, GRANTED.queueTimeLimitMs],
  ['timeout.execution_ms', 1, GRANTED.timeLimitMs],
];

for (const [name, least, most] of BOUNDS) {
  test(`JOB-35: ${name} is bounded by what the server grants, on both sides`, async (t) => {
    const world = failing(t);
    world.devices.otherwise = 'succeed';
    const process = world.start(GRANTED);
    for (const value of [least, most]) await withTerms(process, { [name]: String(value) });
    for (const value of [least - 1, most + 1, 'soon', '1.5', '']) {
      await assert.rejects(withTerms(process, { [name]: String(value) }), (error: Error) => {
        assert.match(error.message, new RegExp(`metadata.${name} is `));
        return 'code' in error && error.code === 'JOB_SPEC_INVALID';
      });
    }
    await process.stop();
  });
}

test('JOB-35: a term that nobody knows is refused by name; any other key is the submitter\u2019s own', async (t) => {
  const world = failing(t);
  world.devices.otherwise = 'succeed';
  const process = world.start();
  for (const name of ['retry.max_tries', 'retry.', 'timeout.seconds']) {
    await assert.rejects(withTerms(process, { [name]: '1' }), {
      code: 'JOB_SPEC_INVALID',
      message: new RegExp(`metadata.${name} is not known; known are retry.max_attempts`),
    });
  }
  await withTerms(process, { retry: 'perhaps', 'my.retry.note': 'x', timeout: 'none' });
  await process.stop();
});
