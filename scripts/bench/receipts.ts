import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignatureVerifier } from '@qfs/core/exact';
import { verifyReceipt } from '@qfs/receipts';
import { verifyNobleSignature } from '@qfs/receipts/noble';
import { each } from '../../tests/platform/each.ts';
import { type Platform, startPlatform, submit, terminalJob } from '../../tests/platform/platform.ts';
import { example } from '../../tests/platform/programs.ts';
import { receiptOf } from '../../tests/platform/receipts.ts';
import type { Row } from '../bench.ts';
import { cpuOf } from './thread-cpu.ts';

/**
 * What proof costs: jobs per second with statements and without, in alternating rounds of two servers side
 * by side; receipts assembled per second, the first time with its signatures and again; receipts verified
 * per second with either implementation; sizes. Everything shares the machine: read the ratios.
 */
const ROUNDS = 5;
const JOBS = 300;
const CLIENTS = 16;
const VERIFY_MS = 3_000;
const BELL = { program: example('bell'), shots: 100 };

type Report = (row: Row) => void;

interface Measured {
  /** Jobs per second from the first submission to the last end. */
  readonly rate: number;
  /** CPU of all threads and processes of the server, in milliseconds. */
  readonly cpuMs: number;
  readonly ids: readonly string[];
}

const cpuMsOf = (pid: number): number => [...cpuOf(pid).values()].reduce((sum, us) => sum + us, 0) / 1000;

async function measure({ ready, of }: Platform): Promise<Measured> {
  const { pid } = of('kernel');
  const cpuBefore = cpuMsOf(pid);
  const startedMs = performance.now();
  const ids = await each(
    Array.from({ length: JOBS }, (_, seed) => ({ ...BELL, seed })),
    CLIENTS,
    (job) => submit(ready.rest, job),
  );
  await each(ids, CLIENTS, (id) => terminalJob(ready.rest, id));
  const rate = (JOBS * 1000) / (performance.now() - startedMs);
  return { rate, cpuMs: (cpuMsOf(pid) - cpuBefore) / JOBS, ids };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const startOf = (directory: string, name: string, environment = {}): Promise<Platform> =>
  startPlatform({ dataDir: join(directory, name), environment });

/** Alternating rounds on both servers; the jobs of the last round with statements. */
async function reportJobs(report: Report, platform: Platform, without: Platform): Promise<readonly string[]> {
  const rounds: { readonly bare: Measured; readonly stated: Measured }[] = [];
  // The first round warms both up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bare = await measure(without);
    rounds.push({ bare, stated: await measure(platform) });
  }
  const of = (side: 'bare' | 'stated', what: 'rate' | 'cpuMs'): number =>
    median(rounds.slice(1).map((one) => one[side][what]));
  const settings = { jobs: JOBS, rounds: ROUNDS, clients: CLIENTS };
  const baseline = 'without statements';
  const [rate, bareRate] = [of('stated', 'rate'), of('bare', 'rate')];
  const rates = { value: rate, unit: 'jobs/s', baseline_value: bareRate, ratio: rate / bareRate };
  report({ bench: 'receipts', case: 'jobs with statements', settings, baseline, ...rates });
  const [cpu, bareCpu] = [of('stated', 'cpuMs'), of('bare', 'cpuMs')];
  const costs = { value: cpu, unit: 'ms', baseline_value: bareCpu, ratio: bareCpu / cpu };
  report({ bench: 'receipts', case: 'CPU per job with statements', settings, baseline, ...costs });
  return rounds.at(-1)!.stated.ids;
}

async function reportAssembly(report: Report, rest: string, ids: readonly string[]): Promise<Uint8Array[]> {
  // Until a checkpoint covers all of them.
  const receipts = [await receiptOf(rest, ids.at(-1)!)];
  for (const name of ['assembled and signed', 'assembled again']) {
    const startedMs = performance.now();
    receipts.push(...(await each(ids, CLIENTS, (id) => receiptOf(rest, id))));
    const value = (ids.length * 1000) / (performance.now() - startedMs);
    report({ bench: 'receipts', case: name, value, unit: '1/s' });
  }
  return receipts;
}

const NODE_TYPES: Readonly<Record<string, string>> = { 'ML-DSA-65': 'ml-dsa-65', Ed25519: 'ed25519' };

/** Signatures by OpenSSL. */
const verifyNative: SignatureVerifier = (algorithm, spki, message, signature) => {
  const key = createPublicKey({ key: Buffer.from(spki), type: 'spki', format: 'der' });
  return key.asymmetricKeyType === NODE_TYPES[algorithm] && verify(null, message, key, signature);
};

function reportVerification(report: Report, receipts: readonly Uint8Array[]): void {
  const rateOf = (signatures: SignatureVerifier): number => {
    const startedMs = performance.now();
    let verified = 0;
    for (; performance.now() - startedMs < VERIFY_MS; verified += 1) {
      const { ok, steps } = verifyReceipt(receipts[verified % receipts.length]!, { verify: signatures });
      if (!ok) throw new Error(`a receipt does not hold: ${JSON.stringify(steps.at(-1))}`);
    }
    return (verified * 1000) / (performance.now() - startedMs);
  };
  rateOf(verifyNobleSignature);
  const [native, noble] = [rateOf(verifyNative), rateOf(verifyNobleSignature)];
  const against = { baseline: 'in JavaScript alone', baseline_value: noble, ratio: native / noble };
  report({ bench: 'receipts', case: 'verified with node:crypto', value: native, unit: '1/s', ...against });
}

export async function run(report: Report): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'qfs-bench-'));
  const hook = new URL('./without-statements.ts', import.meta.url).href;
  const platform = await startOf(directory, 'with');
  const without = await startOf(directory, 'without', { NODE_OPTIONS: `--import ${hook}` });
  const ids = await reportJobs(report, platform, without);
  await without.end('SIGTERM');
  const receipts = await reportAssembly(report, platform.ready.rest, ids);
  await platform.end('SIGTERM');
  reportVerification(report, receipts);
  const sizes = receipts.map(({ length }) => length);
  report({ bench: 'receipts', case: 'size of a receipt', value: median(sizes), unit: 'bytes' });
  rmSync(directory, { recursive: true, force: true });
}
