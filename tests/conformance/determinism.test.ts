import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hex } from '@qfs/core/exact';
import fc from 'fast-check';
import { randomLog, writeLog } from '../../packages/fabric/src/testing/random-log.ts';
import { launchBrowser, withoutBrowser } from '../platform/browser.ts';
import { openModulePage } from '../platform/module-page.ts';
import { poisoned } from './determinism/poison.ts';
import { type PortableLog, replayLog } from './determinism/replay-log.ts';

const SEED = 20_261_120;
const LOGS = 40;

/** Logs of every kind of entry, good and bad. */
const logs: readonly PortableLog[] = fc
  .sample(randomLog, { seed: SEED, numRuns: LOGS })
  .map((intents) => writeLog(intents).map(({ term, bytes }) => [term, hex(bytes)] as const));
const expected = logs.map(replayLog);

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'qfs-determinism-'));
});
after(() => rmSync(folder, { recursive: true }));

test('the logs hold what they are for: most outcomes there are, each many times', () => {
  const outcomes = new Set(expected.flat().map((line) => line.split(' ')[0]));
  assert.ok(outcomes.size > 25, `only ${[...outcomes].join(', ')}`);
});

test('P3: replay asks for no clock, chance or float function, and for no order of keys', () => {
  assert.deepEqual(
    poisoned(() => logs.map(replayLog)),
    expected,
  );
});

test('a poisoned global is noticed', () => {
  assert.throws(() => poisoned(() => Math.random()), {
    message: 'what is replayed has asked for Math.random',
  });
  assert.throws(() => poisoned(() => new Date()), { message: 'what is replayed has asked for Date' });
  assert.deepEqual(
    poisoned(() => Object.keys({ a: 1, b: 2 })),
    ['b', 'a'],
  );
  assert.ok(Math.random() < 1);
});

test('P3: another process, with unoptimised code, another time zone and locale, comes to the same hashes and roots', () => {
  const [input, output] = [join(folder, 'logs.json'), join(folder, 'results.json')];
  writeFileSync(input, JSON.stringify(logs));
  const child = fileURLToPath(new URL('./determinism/replay-child.ts', import.meta.url));
  execFileSync(process.execPath, ['--no-opt', child, input, output], {
    env: { ...process.env, TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8' },
    timeout: 60_000,
  });
  assert.deepEqual(JSON.parse(readFileSync(output, 'utf8')), expected);
});

test('P3: a browser comes to the same hashes and roots', { skip: withoutBrowser }, async () => {
  const browser = await launchBrowser();
  try {
    const page = await openModulePage(browser);
    const results = await page.evaluate(async (given) => {
      const folder = '/tests/conformance/determinism';
      const { replayLog: replay } = (await import(
        `${folder}/replay-log.ts`
      )) as typeof import('./determinism/replay-log.ts');
      const { poisoned: during } = (await import(
        `${folder}/poison.ts`
      )) as typeof import('./determinism/poison.ts');
      return during(() => given.map(replay));
    }, logs);
    assert.deepEqual(results, expected);
  } finally {
    await browser.close();
  }
});
