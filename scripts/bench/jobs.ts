import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { call, type Platform, startPlatform } from '../../tests/platform/platform.ts';
import type { Row } from '../bench.ts';
import { roomsOfProfiles } from './cpu-by-room.ts';
import { agent, BELL_TASK, percentile, send, timed } from './http-load.ts';
import { cpuOf } from './thread-cpu.ts';

/**
 * Small jobs through the REST door of a real server process, beside raw fsynced SQLite inserts of the bytes
 * one job leaves behind, interleaved in the same run. Client, server, engine and disk share the machine:
 * read the ratios.
 */
const CONCURRENCIES = [1, 16, 64] as const;
const JOBS_PER_CASE = { 1: 200, 16: 1_000, 64: 2_000 } as const;
/** What acceptance alone writes for a Bell pair: program, job.yaml, entry, row and event. */
const ACCEPTED_BYTES = 1_500;
const ANCHOR_MS = 1_000;
const WARM_UP_JOBS = 200;
const CASE_MS_MAX = 300_000;

/** Inserts per second, `batch` rows per commit, WAL with synchronous=FULL. */
function rawInserts(directory: string, batch: number): number {
  const database = new DatabaseSync(join(directory, `raw-${batch}-${process.hrtime.bigint()}.sqlite`));
  database.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE rows(id INTEGER PRIMARY KEY, data BLOB)',
  );
  const insert = database.prepare('INSERT INTO rows(data) VALUES (?)');
  const data = new Uint8Array(ACCEPTED_BYTES);
  const started = performance.now();
  let rows = 0;
  while (performance.now() - started < ANCHOR_MS) {
    database.exec('BEGIN');
    for (let k = 0; k < batch; k += 1) insert.run(data);
    database.exec('COMMIT');
    rows += batch;
  }
  const rate = (rows * 1000) / (performance.now() - started);
  database.close();
  return rate;
}

interface Sample {
  readonly activeJobs: number;
  readonly backlog: number;
  readonly commits: number;
  readonly commitSeconds: number;
}

async function sample(admin: string): Promise<Sample> {
  const { text } = await call(`${admin}/metrics`);
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    activeJobs: value('eigen_kernel_active_jobs'),
    backlog: value('qfs_view_backlog'),
    commits: value('qfs_store_commit_duration_seconds_count'),
    commitSeconds: value('qfs_store_commit_duration_seconds_sum'),
  };
}

/** A scrape costs as much as several jobs, so it is not repeated at once. */
const POLL_MS = 100;

async function untilZero(admin: string, name: 'activeJobs' | 'backlog'): Promise<Sample> {
  for (const endMs = performance.now() + CASE_MS_MAX; ; ) {
    const now = await sample(admin);
    if (now[name] === 0) return now;
    if (performance.now() > endMs) throw new Error(`${name} is still ${now[name]}`);
    await pause(POLL_MS);
  }
}

interface Measured {
  readonly jobs: number;
  readonly acceptedMs: number;
  readonly completedMs: number;
  readonly latencies: readonly number[];
  /** CPU of the server per thread, in microseconds. */
  readonly cpu: ReadonlyMap<string, number>;
  readonly commits: number;
  readonly commitMs: number;
  readonly backlog: number;
  readonly viewMs: number;
  /** CPU of this process, the client, in microseconds. */
  readonly clientUs: number;
  /** Time of all cores in which anybody used them, strangers included, and all of their time, in ms. */
  readonly busyMs: number;
  readonly coresMs: number;
}

const coreTimes = (): { idle: number; all: number } =>
  cpus().reduce(
    ({ idle, all }, { times }) => ({
      idle: idle + times.idle,
      all: all + Object.values(times).reduce((sum, ms) => sum + ms, 0),
    }),
    { idle: 0, all: 0 },
  );

async function measure({ ready, of }: Platform, jobs: number, concurrency: number): Promise<Measured> {
  const { pid } = of('kernel');
  const before = await sample(ready.admin);
  const [cpuBefore, coresBefore, clientBefore] = [cpuOf(pid), coreTimes(), process.cpuUsage()];
  const startedMs = performance.now();
  const latencies = await timed(jobs, concurrency, () => send(`${ready.rest}/tasks`, 'POST', BELL_TASK));
  const acceptedMs = performance.now() - startedMs;
  const after = await untilZero(ready.admin, 'activeJobs');
  const completedMs = performance.now() - startedMs;
  const [cpuAfter, coresAfter, client] = [cpuOf(pid), coreTimes(), process.cpuUsage(clientBefore)];
  const coresMs = coresAfter.all - coresBefore.all;
  await untilZero(ready.admin, 'backlog');
  return {
    jobs,
    latencies,
    acceptedMs,
    completedMs,
    cpu: new Map([...cpuAfter].map(([label, us]) => [label, us - (cpuBefore.get(label) ?? 0)])),
    commits: after.commits - before.commits,
    commitMs: (after.commitSeconds - before.commitSeconds) * 1000,
    backlog: after.backlog,
    viewMs: performance.now() - startedMs - completedMs,
    clientUs: client.user + client.system,
    busyMs: coresMs - (coresAfter.idle - coresBefore.idle),
    coresMs,
  };
}

type Report = (row: Row) => void;

function reportRates(report: Report, of: Measured, concurrency: number, rawRate: number): void {
  const settings = { concurrency, jobs: of.jobs, program: 'bell.qasm', shots: 1024 };
  const clients = `${concurrency} clients`;
  for (const [name, ms] of [
    ['accepted', of.acceptedMs],
    ['completed', of.completedMs],
  ] as const) {
    const value = (of.jobs * 1000) / ms;
    const against = { baseline: `raw inserts, ${concurrency} per commit`, baseline_value: rawRate };
    const row = { bench: 'jobs', case: `${name}, ${clients}`, value, unit: 'jobs/s', settings };
    report({ ...row, ...against, ratio: value / rawRate });
  }
  const commitMs = (1000 * concurrency) / rawRate;
  for (const part of [50, 95, 99]) {
    const value = percentile(of.latencies, part);
    const against = { baseline: 'one raw commit', baseline_value: commitMs, ratio: commitMs / value };
    report({
      bench: 'jobs',
      case: `answer p${part}, ${clients}`,
      value,
      unit: 'ms',
      settings,
      ...against,
    });
  }
}

function reportLimits(report: Report, of: Measured, concurrency: number): void {
  const row = (name: string, value: number, unit: string): void =>
    report({ bench: 'jobs', case: `${name}, ${concurrency} clients`, value, unit });
  for (const [label, us] of of.cpu) row(`CPU per job, ${label}`, us / of.jobs, 'µs');
  const writerMs = (of.cpu.get('writer thread') ?? 0) / 1000;
  row('CPU per job, client', of.clientUs / of.jobs, 'µs');
  const ownMs = ([...of.cpu.values()].reduce((sum, us) => sum + us, 0) + of.clientUs) / 1000;
  row('cores busy', (of.busyMs * 100) / of.coresMs, '%');
  row('of it with other programs', (Math.max(0, of.busyMs - ownMs) * 100) / of.coresMs, '%');
  row('writer in commits', (of.commitMs * 100) / of.completedMs, '%');
  row('of it waiting for disk or core', (Math.max(0, of.commitMs - writerMs) * 100) / of.completedMs, '%');
  row('jobs per commit', of.jobs / of.commits, 'jobs');
  row('jobs left for the view', of.backlog, 'jobs');
  row('view until it is empty', of.viewMs / 1000, 's');
}

/** With `--no-profiles` V8 does not sample, which costs a few per cent of the rates. */
export async function run(report: Report, args: readonly string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'qfs-bench-'));
  const profiles = join(directory, 'profiles');
  const startedMs = performance.now();
  mkdirSync(profiles);
  const isProfiled = !args.includes('--no-profiles');
  const nodeArgs = isProfiled ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [];
  const platform = await startPlatform({ dataDir: join(directory, 'data'), nodeArgs });
  report({ bench: 'jobs', case: 'start to ready', value: performance.now() - startedMs, unit: 'ms' });
  await measure(platform, WARM_UP_JOBS, 8);
  const warmMs = performance.now() - startedMs;
  let jobs = 0;
  for (const concurrency of CONCURRENCIES) {
    const raw = rawInserts(directory, concurrency);
    const measured = await measure(platform, JOBS_PER_CASE[concurrency], concurrency);
    jobs += measured.jobs;
    reportRates(report, measured, concurrency, raw);
    reportLimits(report, measured, concurrency);
  }
  await platform.end('SIGTERM');
  for (const { thread, room, us } of roomsOfProfiles(profiles, warmMs, jobs)) {
    report({ bench: 'jobs', case: `self time per job, ${thread}: ${room}`, value: us, unit: 'µs' });
  }
  agent.destroy();
  rmSync(directory, { recursive: true, force: true });
}
