import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Client, createClient, type Job, jobStateOf } from '@qfs/client';
import { EXIT } from './exit-code.ts';
import { followJob, queuePlace } from './follow-job.ts';
import { sayEnd } from './show-job-results.ts';
import { RecordingTerminal } from './testing/recording-terminal.ts';

type Update = Client['updates'] extends (...parameters: never[]) => AsyncIterable<infer U> ? U : never;

const JOB = { jobId: 'job_1', errorReason: '', errorSummary: '' };

/** A client whose job goes through these states; a pause never ends by itself. */
function clientOf(states: readonly string[]): Client {
  const updates: Client['updates'] = async function* (jobId, { signal } = {}) {
    for (const [index, name] of states.entries()) {
      if (name === 'pause') {
        await new Promise((_, reject) => {
          if (signal!.aborted) reject(signal!.reason);
          signal!.addEventListener('abort', () => reject(signal!.reason));
        });
      }
      const state = jobStateOf(name)!;
      const update = { jobId, state, stage: '', message: `step ${index}`, eventSeq: BigInt(index + 1) };
      yield update as Update;
    }
  };
  const job = async (): Promise<Job> => ({ ...JOB, state: jobStateOf(states.at(-1)!)! }) as Job;
  return { ...createClient(), updates, job };
}

test('following shows every event and ends with the job', async () => {
  const terminal = new RecordingTerminal();
  const followed = await followJob(
    clientOf(['PENDING', 'RUNNING', 'DONE']),
    'job_1',
    { events: 'text' },
    terminal,
  );
  assert.ok('job' in followed);
  assert.equal(sayEnd(followed.job, terminal), EXIT.ok);
  assert.match(terminal.transcript, /PENDING +step 0\n! +RUNNING +step 1\n! +DONE +step 2\n$/);
});

test('waiting off a terminal is silent', async () => {
  const terminal = new RecordingTerminal();
  await followJob(clientOf(['PENDING', 'DONE']), 'job_1', { events: 'none' }, terminal);
  assert.equal(terminal.transcript, '');
});

test('Ctrl-C ends the waiting and not the job', async () => {
  const terminal = new RecordingTerminal();
  const following = followJob(clientOf(['RUNNING', 'pause']), 'job_1', { events: 'none' }, terminal);
  terminal.interrupt();
  assert.deepEqual(await following, { interrupted: true });
  assert.match(
    terminal.transcript,
    /job_1 was not cancelled: it goes on; ask later with "eigen-cli status job_1"/,
  );
});

/** The same with two iterations of a loop while it runs. */
function loopClient(): Client {
  const client = clientOf(['RUNNING', 'RUNNING', 'DONE']);
  const updates: Client['updates'] = async function* (jobId, options) {
    let seen = 0;
    for await (const update of client.updates(jobId, options)) {
      seen += 1;
      const [evaluations, value] = [seen, -seen];
      const loop = { iteration: seen, evaluations, evaluationsMax: 9, value, stdError: 0, best: value };
      yield (seen < 3 ? { ...update, iteration: loop } : update) as Update;
    }
  };
  return { ...client, updates };
}

test('the iterations of a loop are lines off a terminal and with --plain, and a plot on one', async () => {
  for (const [interactive, plain] of [
    [false, false],
    [true, true],
    [true, false],
  ] as const) {
    const terminal = new RecordingTerminal({}, {}, { interactive });
    await followJob(loopClient(), 'job_1', { events: 'text', plain }, terminal);
    const lines =
      /RUNNING {4}iteration 1 {2}energy -1\.0000000 {2}best -1\.0000000\n.*RUNNING {4}iteration 2 /;
    if (plain || !interactive) assert.match(terminal.transcript, lines);
    else assert.match(terminal.transcript, /┤[\s\S]*iteration 2 [\s\S]*\n.*DONE {7}step 2\n$/);
  }
});

test('a timeout says how long it waited and that the job goes on', async () => {
  const options = { events: 'none', timeoutMs: 1 } as const;
  await assert.rejects(followJob(clientOf(['RUNNING', 'pause']), 'job_1', options, new RecordingTerminal()), {
    code: 'DEADLINE_EXCEEDED',
    message: 'job_1 has not ended within 1 ms; it goes on; ask later with "eigen-cli status job_1".',
  });
});

test('a job that is not DONE is a failure with its reason', () => {
  const terminal = new RecordingTerminal();
  const job = { ...JOB, state: jobStateOf('ERROR')!, errorReason: 'ENGINE_LOST', errorSummary: 'It ended.' };
  assert.equal(sayEnd(job, terminal), EXIT.server);
  assert.equal(terminal.transcript, '! eigen-cli: job_1 ended in ERROR (ENGINE_LOST). It ended.\n');
});

test('who watches a terminal is told the place in the queue', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1_000_000 });
  const terminal = new RecordingTerminal({}, {}, { interactive: true });
  const queued = { ...JOB, positionInQueue: 3, estimatedStartTime: { seconds: 1_030n, nanos: 0 } } as Job;
  const client = { ...clientOf(['QUEUED', 'pause']), job: async () => queued };
  const following = followJob(client, 'job_1', { events: 'none' }, terminal);
  for (let turn = 0; turn < 5; turn += 1) {
    t.mock.timers.tick(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match(terminal.transcript, /QUEUED step 0 place 3 of the queue, starts in about 2\d s \(\d s\)/);
  terminal.interrupt();
  await following;
});

test('a job that does not wait has no place, and one whose start nobody knows has no time', () => {
  assert.equal(queuePlace({ ...JOB, positionInQueue: 0 } as Job), '');
  assert.equal(queuePlace({ ...JOB, positionInQueue: 1 } as Job), 'place 1 of the queue');
  const soon = { ...JOB, positionInQueue: 1, estimatedStartTime: { seconds: 5n, nanos: 0 } } as Job;
  assert.equal(queuePlace(soon, 5000), 'place 1 of the queue, starts now');
});
