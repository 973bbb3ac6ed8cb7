import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RECEIPT_BYTES_MAX, VERIFICATION_STEPS, type Verdict, verifyReceipt } from '@qfs/receipts';
import { verifyNobleSignature } from '@qfs/receipts/noble';
import { verifySignature } from '../../packages/receipts/src/testing/made-receipt.ts';
import { Dice } from '../conformance/reference/generator/dice.ts';
import { launchBrowser, withoutBrowser } from '../platform/browser.ts';
import { each } from '../platform/each.ts';
import { eigenCli } from '../platform/eigen-cli.ts';
import { openModulePage } from '../platform/module-page.ts';
import {
  call,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';
import { pythonWithCryptography } from '../platform/python.ts';
import { randomJobs } from '../platform/random-jobs.ts';
import { receiptOf } from '../platform/receipts.ts';

const SEED = 20_261_121;
const RECEIPTS = 200;
const CLIENTS = 16;

let platform: Platform;
let dataDir: string;
let folder: string;
let ids: readonly string[];
let receipts: readonly Uint8Array[];

before(async () => {
  dataDir = temporaryDirectory();
  folder = temporaryDirectory();
  platform = await startPlatform({ dataDir });
  const { rest } = platform.ready;
  ids = await each(randomJobs(SEED, RECEIPTS), CLIENTS, (job) => submit(rest, job));
  await each(ids, CLIENTS, (id) => terminalJob(rest, id));
  receipts = await each(ids, CLIENTS, (id) => receiptOf(rest, id));
});
after(async () => {
  assert.equal(await platform.end('SIGTERM'), 0);
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Most signatures of changed receipts are the unchanged ones: those are judged once. */
const verdicts = new Map<string, boolean>();
const verify: typeof verifySignature = (algorithm, spki, message, signature) => {
  const key = `${algorithm} ${[spki, message, signature].map((part) => sha256(part)).join(' ')}`;
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  const verdict = verifySignature(algorithm, spki, message, signature);
  verdicts.set(key, verdict);
  return verdict;
};

const judge = (bytes: Uint8Array, artifacts?: ReadonlyMap<string, string>): Verdict =>
  verifyReceipt(bytes, { verify, ...(artifacts === undefined ? {} : { artifacts }) });

/** The receipt with one bit of one byte changed. */
const changed = (receipt: Uint8Array, at: number, bit: number): Uint8Array =>
  receipt.with(at, receipt[at]! ^ (1 << bit));

/** The step at which a change is refused; fails if it is not, or without a reason. */
function refusedAt(bytes: Uint8Array, which: string): keyof typeof VERIFICATION_STEPS {
  const { ok, steps } = judge(bytes);
  assert.ok(!ok, `${which} was accepted`);
  const last = steps.at(-1)!;
  assert.ok(!last.ok && last.detail.length > 0, `${which} was refused without a reason`);
  return last.step;
}

test('REC-12: 200 receipts of a running platform are valid, with either implementation of the signatures', () => {
  for (const [at, receipt] of receipts.entries()) {
    const { ok, steps, facts } = judge(receipt);
    assert.ok(ok, JSON.stringify(steps));
    assert.equal(facts?.jobId, ids[at]);
    assert.ok(facts.outputs.size > 10 || receipt.length <= RECEIPT_BYTES_MAX, `${receipt.length} bytes`);
  }
  for (const receipt of receipts.slice(0, 10)) {
    assert.ok(verifyReceipt(receipt, { verify: verifyNobleSignature }).ok);
  }
});

test('every single-byte change is refused with its reason: one receipt in full, each other at its share of places', async () => {
  const dice = new Dice(SEED);
  const refusals = new Map<string, number>();
  const attack = (receipt: Uint8Array, number: number, first: number, step: number): void => {
    for (let at = first; at < receipt.length; at += step) {
      const bit = dice.below(8);
      const found = refusedAt(changed(receipt, at, bit), `receipt ${number}, byte ${at}, bit ${bit}`);
      refusals.set(found, (refusals.get(found) ?? 0) + 1);
    }
  };
  attack(receipts[0]!, 0, 0, 1);
  for (const [number, receipt] of receipts.entries()) {
    attack(receipt, number, number, RECEIPTS);
    // Connections to the platform that it closes meanwhile are to be noticed.
    await new Promise((resolve) => setImmediate(resolve));
  }
  // The files are another test's; each of the other steps is the one that finds something.
  const steps = Object.keys(VERIFICATION_STEPS).filter((step) => step !== 'artifacts');
  assert.deepEqual(
    steps.filter((step) => !refusals.has(step)),
    [],
  );
});

test('a receipt that is cut off, has more at its end, or parts of another one, is refused', () => {
  const [one, other] = receipts.slice(0, 2).map((bytes) => JSON.parse(Buffer.from(bytes).toString()));
  const text = Buffer.from(receipts[0]!).toString();
  const dice = new Dice(SEED + 1);
  for (let round = 0; round < 200; round += 1) {
    refusedAt(receipts[0]!.subarray(0, dice.below(receipts[0]!.length)), 'a cut');
  }
  refusedAt(Buffer.from(`${text} `), 'a blank at the end');
  refusedAt(Buffer.from(text.trim()), 'no line feed');
  const parts = Object.keys(one).filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
  assert.ok(parts.length >= 3, String(parts));
  for (const name of parts) {
    const mixed = Object.fromEntries(Object.keys(one).map((key) => [key, (key === name ? other : one)[key]]));
    refusedAt(Buffer.from(`${JSON.stringify(mixed)}\n`), `the ${name} of another receipt`);
  }
});

test('a changed byte of any file is found by the receipt', async () => {
  const dice = new Dice(SEED + 2);
  await each(ids.slice(0, 40), CLIENTS, async (id, number) => {
    const { digests } = await terminalJob(platform.ready.rest, id);
    for (const name of Object.keys(digests as object)) {
      const { text } = await call(`${platform.ready.rest}/api/v1/jobs/${id}/artifacts/${name}`);
      const bytes = new Uint8Array(Buffer.from(text));
      assert.ok(judge(receipts[number]!, new Map([[name, sha256(bytes)]])).ok, name);
      const found = new Map([[name, sha256(changed(bytes, dice.below(bytes.length), dice.below(8)))]]);
      const { ok, steps } = judge(receipts[number]!, found);
      assert.deepEqual([ok, steps.at(-1)?.step], [false, 'artifacts'], `${id} ${name}`);
      assert.ok(steps.at(-1)?.detail.startsWith(`${name} is sha256:`), steps.at(-1)?.detail);
    }
  });
});

test('a browser verifies receipts, and refuses changed ones at the same step', {
  skip: withoutBrowser,
}, async () => {
  const browser = await launchBrowser();
  try {
    const page = await openModulePage(browser);
    const given = sampleOfReceipts().map((bytes) => [...bytes]);
    const verdicts = await page.evaluate(async (sample) => {
      const rooms = ['@qfs/receipts', '@qfs/receipts/noble'] as const;
      const { verifyReceipt: verify } = (await import(rooms[0])) as typeof import('@qfs/receipts');
      const noble = (await import(rooms[1])) as typeof import('@qfs/receipts/noble');
      return sample.map((bytes) => verify(new Uint8Array(bytes), { verify: noble.verifyNobleSignature }));
    }, given);
    const expected = sampleOfReceipts().map((bytes) => judge(bytes));
    assert.deepEqual(
      verdicts.map(({ ok, steps }) => [ok, steps]),
      expected.map(({ ok, steps }) => [ok, steps]),
    );
  } finally {
    await browser.close();
  }
});

/** Valid receipts, and some that are changed so that each step has something to find. */
function sampleOfReceipts(): Uint8Array[] {
  const valid = receipts.slice(0, 4);
  const found = new Map<string, Uint8Array[]>();
  const dice = new Dice(SEED + 3);
  const [receipt] = receipts as [Uint8Array];
  for (let round = 0; round < 400; round += 1) {
    const bytes = changed(receipt, dice.below(receipt.length), dice.below(8));
    const step = refusedAt(bytes, 'a sample');
    found.set(step, [...(found.get(step) ?? []), bytes]);
  }
  return [...valid, ...misshapen(receipt), ...[...found.values()].flatMap((list) => list.slice(0, 3))];
}

/** Canonical JSON all of them, with a member too many, too few, or of another kind. */
function misshapen(receipt: Uint8Array): Uint8Array[] {
  const text = Buffer.from(receipt).toString();
  const { version: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return [
    text.replace('"version":', '"unknown":1,"version":'),
    text.replace('"changes":[]', '"changes":["x"]'),
    text.replace(/"term":\d+/, '"term":"x"'),
    text.replace(/"hashes":\[.*?\]/, '"hashes":7'),
    `${JSON.stringify(rest)}\n`,
  ].map((changedText) => new Uint8Array(Buffer.from(changedText)));
}

/** Exit code and what was said. */
const run = (command: string, args: readonly string[]): Promise<readonly [number, string]> =>
  new Promise((resolve) => {
    const child = execFile(command, args, { timeout: 60_000 }, (_error, stdout, stderr) =>
      resolve([child.exitCode ?? -1, stdout + stderr]),
    );
  });

test('the verifiers that use none of our packages, in JavaScript and Python, come to the same verdicts', async () => {
  const python = pythonWithCryptography();
  const sample = sampleOfReceipts();
  const verifiers = [
    [process.execPath, 'examples/verify-receipt.mjs'],
    [python, 'examples/verify_receipt.py'],
  ] as const;
  await each(sample, 2, async (bytes, at) => {
    const file = join(folder, `${at}.json`);
    writeFileSync(file, bytes);
    const { ok, steps } = judge(bytes);
    for (const [command, script] of verifiers) {
      const [code, said] = await run(command, [script, file]);
      assert.equal(code, ok ? 0 : 2, `${script} on ${JSON.stringify(steps.at(-1))}: ${said}`);
      assert.match(said, ok ? /^VERIFIED job_/ : /^NOT VERIFIED at \w+: /);
    }
  });
  const [receipt, results] = [join(folder, 'receipt.json'), join(folder, 'results.json')];
  writeFileSync(receipt, receipts[0]!);
  const { text } = await call(`${platform.ready.rest}/api/v1/jobs/${ids[0]}/artifacts/results.json`);
  const cluster = (JSON.parse(Buffer.from(receipts[0]!).toString()) as { cluster_id: string }).cluster_id;
  for (const [command, script] of verifiers) {
    const judged = (id: string) => run(command, [script, receipt, '--cluster', id, '--results', results]);
    writeFileSync(results, text);
    assert.equal((await judged(cluster))[0], 0);
    assert.match((await judged('0'.repeat(64)))[1], /^NOT VERIFIED at membership: /);
    writeFileSync(results, text.replace('1', '2'));
    assert.match((await judged(cluster))[1], /^NOT VERIFIED at artifacts: /);
  }
});

test('a file that changed on disk is not served, and the command line says which', async () => {
  const large = { language: 'openqasm3', program: `qubit q; bit c; c = measure q; //${'x'.repeat(100_000)}` };
  const id = await submit(platform.ready.rest, { ...large, shots: 1 });
  await terminalJob(platform.ready.rest, id);
  const receipt = join(folder, 'large.json');
  writeFileSync(receipt, await receiptOf(platform.ready.rest, id));
  assert.equal((await eigenCli(platform, 'verify', receipt, '--with-artifacts')).code, 0);
  const [file] = globSync(`${dataDir}/blobs/**/*`, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes('xxxx'));
  chmodSync(file!, 0o644);
  const bytes = new Uint8Array(readFileSync(file!));
  writeFileSync(file!, changed(bytes, 50_000, 0));
  const answer = await call(`${platform.ready.rest}/api/v1/jobs/${id}/artifacts/program.qasm`);
  assert.equal(answer.json<{ code: string }>().code, 'ARTIFACT_CORRUPT', answer.text);
  const refused = await eigenCli(platform, 'verify', receipt, '--with-artifacts');
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /The stored bytes of sha256:\w{64} do not match their hash/);
  assert.equal((await eigenCli(platform, 'verify', receipt)).code, 0);
});
