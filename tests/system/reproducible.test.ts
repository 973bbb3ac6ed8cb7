import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { call, type Job, startPlatform, temporaryDirectory, terminalJob } from '../platform/platform.ts';

const PROGRAMS = ['bell', 'ghz', 'teleport', 'qft'].map((name) =>
  readFileSync(`examples/${name}.qasm`, 'utf8'),
);

/** The bytes of `results.json` of every program, submitted in the given order. */
async function results(rest: string, order: readonly number[]): Promise<string[]> {
  const ids = await Promise.all(
    order.map(async (k) => {
      const body = { language: 'openqasm3', program: PROGRAMS[k], shots: 2000, seed: 11 };
      return (await call(`${rest}/api/v1/jobs`, 'POST', body)).json<Job>().job_id;
    }),
  );
  const found: string[] = [];
  for (const [at, id] of ids.entries()) {
    await terminalJob(rest, id);
    found[order[at]!] = (await call(`${rest}/api/v1/jobs/${id}/artifacts/results.json`)).text;
  }
  return found;
}

test('Q1: cold or warm, one worker or two, tight memory, either transport: the same bytes', async () => {
  const order = PROGRAMS.map((_, k) => k);
  const settings = [
    ['--workers', '1'],
    ['--workers', '2'],
    ['--workers', '2', '--memory-mib', '64'],
    ['--workers', '1', '--transport', 'serialising'],
  ];
  let expected: string[] | undefined;
  for (const args of settings) {
    const platform = await startPlatform({ dataDir: temporaryDirectory(), args });
    const cold = await results(platform.ready.rest, order);
    expected ??= cold;
    assert.deepEqual(cold, expected, `cold, ${args.join(' ')}`);
    for (let round = 0; round < 5; round += 1) {
      assert.deepEqual(await results(platform.ready.rest, [...order].reverse()), expected, args.join(' '));
    }
    assert.equal(await platform.end('SIGTERM'), 0);
  }
});
