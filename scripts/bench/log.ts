import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Proposal } from '@qfs/consensus';
import { LocalLog, LogKeeper, verifyNodeSignature } from '@qfs/consensus/local';
import { newJobId } from '@qfs/core/exact';
import { applyLogEntry, openStateMap } from '@qfs/fabric';
import { openSqlite, startWriter, systemRandomness } from '@qfs/storage';
import type { Row } from '../bench.ts';

/**
 * Appends to the local log, each answered once it is on the medium, from 1 to 256 callers that wait for
 * their answer; beside them raw inserts of the same bytes with as many rows per commit, and raw writes with
 * fdatasync. The log makes its checkpoints meanwhile. All share the machine: read the ratios.
 */
const CONCURRENCIES = [1, 16, 64, 256] as const;
const CASE_MS = 2_000;
const WARM_UP_MS = 500;
const SAMPLES = 50;

type Report = (row: Row) => void;

let accepted = 0;

/**
 * An acceptance as the kernel proposes it, with a program and job.yaml in its manifest. Ids ascend with
 * time.
 */
function acceptance(): Proposal {
  accepted += 1;
  const file = (name: string) => ({ name, sha256: new Uint8Array(32).fill(7), size: 300, type: 'source' });
  return {
    type: 'JOB_ACCEPTED',
    body: {
      job_id: newJobId(1_700_000_000_000 + accepted, systemRandomness.bytes(10)),
      account: `acct_${'a'.repeat(26)}`,
      target: 'sim:local',
      priority: 50,
      seed: 1,
      attempts_max: 4,
      manifest: [file('job.yaml'), file('program.qasm')],
      accepted_at_ms: 1_700_000_000_000,
    },
  };
}

/** Calls per second of so many callers, each of whom waits for its answer. */
async function rateOf(callers: number, milliseconds: number, call: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  let calls = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - startedMs < milliseconds) {
      await call();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (calls * 1000) / (performance.now() - startedMs);
}

/** Steps per second of something that blocks, `batch` units each. */
function blockingRate(batch: number, step: () => void): number {
  const startedMs = performance.now();
  let units = 0;
  for (; performance.now() - startedMs < CASE_MS; units += batch) step();
  return (units * 1000) / (performance.now() - startedMs);
}

function rawInserts(directory: string, data: Uint8Array, batch: number): number {
  const database = new DatabaseSync(join(directory, `raw-${batch}.sqlite`));
  database.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE rows(id INTEGER PRIMARY KEY, data BLOB)',
  );
  const insert = database.prepare('INSERT INTO rows(data) VALUES (?)');
  const rate = blockingRate(batch, () => {
    database.exec('BEGIN');
    for (let k = 0; k < batch; k += 1) insert.run(data);
    database.exec('COMMIT');
  });
  database.close();
  return rate;
}

function rawSyncs(directory: string, data: Uint8Array, batch: number): number {
  const file = openSync(join(directory, `raw-${batch}.log`), 'w');
  const block = Buffer.concat(Array.from({ length: batch }, () => data));
  const rate = blockingRate(batch, () => {
    writeSync(file, block);
    fdatasyncSync(file);
  });
  closeSync(file);
  return rate;
}

async function openLog(directory: string) {
  const path = join(directory, 'qfs.sqlite');
  const timers = {
    after: (delayMs: number, run: () => void) => {
      const handle = setTimeout(run, delayMs);
      return () => clearTimeout(handle);
    },
  };
  let keeper: LogKeeper | undefined;
  const entry = new URL('./log-writer.ts', import.meta.url);
  const writer = await startWriter({ path, entry }, { onCommit: () => keeper?.wake() });
  const openReader = () => openSqlite(path, { readOnly: true });
  const reader = openReader();
  const log = new LocalLog({
    writer,
    reader,
    openReader,
    directory,
    applier: (record, state) => applyLogEntry(record, state, verifyNodeSignature),
    stateMap: openStateMap,
    randomness: systemRandomness,
    timers,
  });
  const onError = (error: unknown): void => void process.stderr.write(`${String(error)}\n`);
  keeper = new LogKeeper({ writer, reader, timers, compact: () => log.compact(), onError });
  const close = async (): Promise<void> => {
    await keeper.stop();
    reader.close();
    await writer.close();
  };
  return { log, writer, close };
}

async function reportAppends(report: Report, directory: string, log: LocalLog): Promise<void> {
  await rateOf(16, WARM_UP_MS, () => log.propose([acceptance()]));
  const [last] = await log.read(20, 20);
  const bytes = last!.bytes;
  for (const callers of CONCURRENCIES) {
    const [cpu, before] = [process.cpuUsage(), (await log.status()).appliedIndex];
    const value = await rateOf(callers, CASE_MS, () => log.propose([acceptance()]));
    const { user, system } = process.cpuUsage(cpu);
    const appended = (await log.status()).appliedIndex - before;
    const settings = { callers, entry_bytes: bytes.length };
    const row = { bench: 'log', case: `appends, ${callers} callers`, value, unit: 'entries/s', settings };
    const inserts = rawInserts(directory, bytes, callers);
    report({
      ...row,
      baseline: `raw inserts, ${callers} per commit`,
      baseline_value: inserts,
      ratio: value / inserts,
    });
    const syncs = rawSyncs(directory, bytes, callers);
    report({
      ...row,
      baseline: `raw fdatasync, ${callers} per sync`,
      baseline_value: syncs,
      ratio: value / syncs,
    });
    const cpuUs = (user + system) / appended;
    report({ bench: 'log', case: `CPU per append, ${callers} callers`, value: cpuUs, unit: 'µs', settings });
  }
}

async function medianMs(call: (sample: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const startedMs = performance.now();
    await call(sample);
    times.push(performance.now() - startedMs);
  }
  return times.sort((a, b) => a - b)[SAMPLES >> 1]!;
}

export async function run(report: Report): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'qfs-bench-'));
  const { log, writer, close } = await openLog(directory);
  await reportAppends(report, directory, log);
  const noop = { operation: 'log.propose', argument: { entries: [{ type: 'NOOP', body: {} }] } };
  const appendMs = await medianMs(() => writer.transact([noop]));
  const both = await medianMs(() => writer.transact([noop, { operation: 'log.checkpoint', argument: {} }]));
  report({ bench: 'log', case: 'checkpoint, beside an append alone', value: both - appendMs, unit: 'ms' });
  const { checkpoint, appliedIndex } = await log.status();
  const covered = checkpoint!.treeSize;
  const proof = await medianMs((sample) => log.prove(1 + Math.floor((covered * sample) / SAMPLES)));
  report({ bench: 'log', case: `proof of an entry among ${covered}`, value: proof, unit: 'ms' });
  const seal = await medianMs((sample) =>
    log.sealStatement('application/x', new Uint8Array(2_000).fill(sample)),
  );
  report({ bench: 'log', case: 'seal of a statement', value: seal, unit: 'ms' });
  for (const [name, look] of [
    ['verified', () => log.verify()],
    ['replayed', () => log.replay()],
  ] as const) {
    const startedMs = performance.now();
    const { ok } = await look();
    if (!ok) throw new Error(`the log cannot be ${name}`);
    const value = (appliedIndex * 1000) / (performance.now() - startedMs);
    report({ bench: 'log', case: `entries ${name}`, value, unit: 'entries/s' });
  }
  await close();
  rmSync(directory, { recursive: true });
}
