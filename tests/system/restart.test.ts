import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  call,
  type Job,
  jobIn,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';
import { example } from '../platform/programs.ts';

const BELL = { program: example('bell'), shots: 500, seed: 3 };
const ARGS = ['--drivers', 'sim,fault', '--workers', '1'];
/** A process that has nothing left to wait for ends well within this. */
const PROMPT_MS = 15_000;

/** A terminal and a launcher may both pass one Ctrl-C on; this long after it, it is another one. */
const ANOTHER_PRESS_MS = 1_000;

const start = (dataDir: string): Promise<Platform> => startPlatform({ dataDir, args: ARGS });

const results = async (rest: string, id: string): Promise<string> => {
  const answer = await call(`${rest}/api/v1/jobs/${id}/artifacts/results.json`);
  assert.equal(answer.status, 200, answer.text);
  return answer.text;
};

/**
 * A batch of items with many angles to compute and to write: compiled one by one for a while, and run in no
 * time. All programs of all batches mean the same and differ in a comment, so that the compiler knows none.
 */
const long = (batch: number) => ({
  items: Array.from({ length: 20 }, (_item, item) => ({
    language: 'openqasm3',
    program: [
      'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1];',
      ...Array.from({ length: 4_000 }, (_, k) => `rz(pi / ${k + 1} - 2 * ${k}) q[${k % 2}];`),
      'c = measure q;',
      `// ${batch}.${item}`,
    ].join('\n'),
    shots: 10,
  })),
  seed: 1,
});

/** Bounds how long a promise may take. */
async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

const OPEN = ['COMPILING', 'PENDING', 'QUEUED', 'RUNNING'];

/** Sends jobs until some are in each open state at one moment; the ids of all that were accepted by then. */
async function jobsInEveryState(rest: string): Promise<readonly string[]> {
  // A device of one thread runs sixteen at a time: the last one waits in QUEUED.
  const slow = await Promise.all(
    Array.from({ length: 17 }, () => submit(rest, { ...BELL, target: 'fault:slow:10000' })),
  );
  await Promise.all(slow.map((id) => jobIn(rest, id, 'QUEUED', 'RUNNING')));
  const accepted = [...slow];
  // Four are compiled at a time: the others wait in PENDING. Those not answered yet may fail with the kill.
  for (let k = 0; k < 8; k += 1) {
    submit(rest, long(k)).then(
      (id) => accepted.push(id),
      () => undefined,
    );
  }
  await until('jobs in every open state', 30_000, async () => {
    const { jobs } = (await call(`${rest}/api/v1/jobs?limit=200`)).json<{ jobs: Job[] }>();
    return OPEN.every((state) => jobs.some((job) => job.state === state)) ? true : undefined;
  });
  return accepted;
}

test('kill -9 with jobs in every open state: each is taken up and ends DONE', async () => {
  const dataDir = temporaryDirectory();
  const first = await start(dataDir);
  const plain = await submit(first.ready.rest, BELL);
  await terminalJob(first.ready.rest, plain);
  const expected = await results(first.ready.rest, plain);
  const accepted = await jobsInEveryState(first.ready.rest);
  assert.equal(await first.end('SIGKILL'), 'SIGKILL');

  const second = await start(dataDir);
  const { rest } = second.ready;
  const batches = new Set<string>();
  assert.ok(accepted.length > 17);
  for (const id of accepted) {
    const job = await terminalJob(rest, id);
    assert.equal(job.state, 'DONE', JSON.stringify(job));
    if (job.item_count !== 1) batches.add(await results(rest, id));
    else assert.equal(await results(rest, id), expected, id);
  }
  assert.equal(batches.size, 1, 'the long batches gave different results');
  assert.equal(await results(rest, plain), expected);
  assert.equal(await second.end('SIGTERM'), 0);
});

test('SIGTERM: what runs ends, nothing new is begun, the process exits 0, and the rest ends after the next start', async () => {
  const dataDir = temporaryDirectory();
  const first = await start(dataDir);
  const { rest } = first.ready;
  const slow = await Promise.all(
    Array.from({ length: 18 }, () => submit(rest, { ...BELL, target: 'fault:slow:1000' })),
  );
  const hanging = await submit(rest, { ...BELL, target: 'fault:hang' });
  await jobIn(rest, hanging, 'RUNNING');
  assert.equal(await within(PROMPT_MS, 'the drain', first.end('SIGTERM')), 0, first.stderr());

  const second = await start(dataDir);
  const again = second.ready.rest;
  for (const id of slow) assert.equal((await terminalJob(again, id)).state, 'DONE', id);
  assert.equal(new Set(await Promise.all(slow.map((id) => results(again, id)))).size, 1);
  // Neither the drain nor the start made anything of what hangs.
  assert.equal((await jobIn(again, hanging, 'RUNNING')).attempts, 1);
  await call(`${again}/api/v1/jobs/${hanging}/cancel`, 'POST');
  assert.equal((await terminalJob(again, hanging)).state, 'CANCELLED');
  assert.equal(await within(PROMPT_MS, 'the end', second.end('SIGTERM')), 0);
});

test('a drain tells those who follow a job, and a stream resumes at the next start', async () => {
  const dataDir = temporaryDirectory();
  const first = await start(dataDir);
  const id = await submit(first.ready.rest, { ...BELL, target: 'fault:hang' });
  const { event_seq: seq } = await jobIn(first.ready.rest, id, 'RUNNING');
  const stream = call(`${first.ready.rest}/api/v1/jobs/${id}/events`).then(
    ({ text }) => text,
    () => 'cut off',
  );
  assert.equal(await within(PROMPT_MS, 'the drain', first.end('SIGTERM')), 0, first.stderr());
  await within(PROMPT_MS, 'the end of the stream', stream);

  const second = await start(dataDir);
  const { rest } = second.ready;
  await call(`${rest}/api/v1/jobs/${id}/cancel`, 'POST');
  const headers = { 'last-event-id': String(seq) };
  const { text } = await call(`${rest}/api/v1/jobs/${id}/events`, 'GET', undefined, headers);
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
  assert.deepEqual(
    ids,
    ids.map((_, index) => Number(seq) + 1 + index),
  );
  assert.match(text, /"state":"CANCELLED"/);
  assert.equal(await second.end('SIGTERM'), 0);
});

test('Ctrl-C drains; a second one ends the process at once', async () => {
  const dataDir = temporaryDirectory();
  const first = await start(dataDir);
  assert.equal(await within(PROMPT_MS, 'the end', first.end('SIGINT')), 0, first.stderr());

  const second = await start(dataDir);
  const id = await submit(second.ready.rest, { ...BELL, target: 'fault:hang' });
  await jobIn(second.ready.rest, id, 'RUNNING');
  const drained = second.end('SIGINT');
  const refused = () =>
    call(`${second.ready.rest}/healthz`).then(
      () => undefined,
      () => true,
    );
  await until('the doors to close', PROMPT_MS, refused);
  await new Promise((resolve) => setTimeout(resolve, ANOTHER_PRESS_MS));
  const again = await within(PROMPT_MS, 'the second Ctrl-C', second.end('SIGINT'));
  // A drain that was not cut short would have ended with 0.
  assert.deepEqual([again, await drained], [4, 4]);

  const third = await start(dataDir);
  assert.equal((await jobIn(third.ready.rest, id, 'RUNNING')).state, 'RUNNING');
  await third.end('SIGKILL');
});
