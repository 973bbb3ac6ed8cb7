import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rerun } from '../../packages/cli/src/replay/rerun.ts';
import { launchBrowser, withoutBrowser } from '../platform/browser.ts';
import { each } from '../platform/each.ts';
import { openModulePage } from '../platform/module-page.ts';
import {
  call,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';
import { randomJobs } from '../platform/random-jobs.ts';

/** Prints with every failure: the jobs are a function of it. */
const SEED = 20_261_120;
const JOBS = randomJobs(SEED, 500);
const CLIENTS = 16;

/** What a job is run again from, as text, and what it gave. */
interface Kept {
  readonly inputs: Readonly<Record<string, string>>;
  readonly results: string;
}

let expected: readonly Kept[];

const start = (dataDir: string, workers: number): Promise<Platform> =>
  startPlatform({ dataDir, args: ['--workers', String(workers)] });

const submitAll = ({ ready }: Platform): Promise<string[]> =>
  each(JOBS, CLIENTS, (job) => submit(ready.rest, job));

async function keptOf(rest: string, jobId: string, at: number): Promise<Kept> {
  const job = await terminalJob(rest, jobId);
  assert.equal(job.state, 'DONE', `job ${at} of seed ${SEED}: ${JSON.stringify([job, JOBS[at]])}`);
  const names = Object.keys(job.digests as object);
  const inputs = names.filter((name) => /(^|\/)(job\.yaml|program\.[\w.]+)$/.test(name));
  const texts = await Promise.all(
    [...inputs, 'results.json'].map(async (name) => {
      const answer = await call(`${rest}/api/v1/jobs/${jobId}/artifacts/${name}`);
      assert.equal(answer.status, 200, answer.text);
      return [name, answer.text] as const;
    }),
  );
  const { 'results.json': results, ...others } = Object.fromEntries(texts);
  return { inputs: others, results: results! };
}

const resultsOf = ({ ready }: Platform, ids: readonly string[]): Promise<string[]> =>
  each(ids, CLIENTS, async (id, at) => {
    const job = await terminalJob(ready.rest, id);
    assert.equal(job.state, 'DONE', `job ${at} of seed ${SEED}: ${JSON.stringify([job, JOBS[at]])}`);
    return (await call(`${ready.rest}/api/v1/jobs/${id}/artifacts/results.json`)).text;
  });

function assertEqual(results: readonly string[], where: string): void {
  for (const [at, { results: first }] of expected.entries()) {
    assert.equal(results[at], first, `job ${at} of seed ${SEED}, ${where}: ${JSON.stringify(JOBS[at])}`);
  }
}

const rerunAll = (): string[] =>
  expected.map(({ inputs }) => {
    const artifacts = Object.entries(inputs).map(([name, text]) => [name, Buffer.from(text)] as const);
    return Buffer.from(rerun(new Map(artifacts)).results).toString();
  });

test('REC-13: 500 random jobs give the same bytes with one worker, two and four, after a kill and a restart, and elsewhere', async () => {
  const dataDir = temporaryDirectory();
  const first = await start(dataDir, 1);
  const ids = await submitAll(first);
  assert.equal(await first.end('SIGKILL'), 'SIGKILL');
  const second = await start(dataDir, 2);
  expected = await each(ids, CLIENTS, (id, at) => keptOf(second.ready.rest, id, at));
  assertEqual(
    await resultsOf(second, await submitAll(second)),
    'submitted again after a restart, two workers',
  );
  assert.equal(await second.end('SIGTERM'), 0);
  const elsewhere = await start(temporaryDirectory(), 4);
  assertEqual(await resultsOf(elsewhere, await submitAll(elsewhere)), 'a fresh platform of four workers');
  assert.equal(await elsewhere.end('SIGTERM'), 0);
});

test('REC-13: run again from their artifacts alone, they give the same bytes', () => {
  assertEqual(rerunAll(), 'run again here');
});

test('REC-13: a browser gives the same bytes', { skip: withoutBrowser }, async () => {
  const browser = await launchBrowser();
  try {
    const page = await openModulePage(browser);
    const results = await page.evaluate(
      async (jobs) => {
        const folder = '/packages/cli/src/replay';
        const { rerun: run } = (await import(
          `${folder}/rerun.ts`
        )) as typeof import('../../packages/cli/src/replay/rerun.ts');
        const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];
        return jobs.map((inputs) => {
          const artifacts = Object.entries(inputs).map(
            ([name, text]) => [name, encoder.encode(text)] as const,
          );
          return decoder.decode(run(new Map(artifacts)).results);
        });
      },
      expected.map(({ inputs }) => inputs),
    );
    assertEqual(results, 'run again in a browser');
  } finally {
    await browser.close();
  }
});
