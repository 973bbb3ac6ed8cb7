import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { call, startPlatform, until } from '../../tests/platform/platform.ts';
import type { Row } from '../bench.ts';
import { cpuByRoom } from './profile.ts';

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

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const body = JSON.stringify({ qc: readFileSync('examples/bell.qasm', 'utf8') });

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

function submit(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(`${url}/tasks`, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve((JSON.parse(text) as { task_id: string }).task_id);
        else reject(new Error(`POST /tasks answered ${answer.statusCode}: ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function submitMany(url: string, jobs: number, concurrency: number): Promise<number[]> {
  const latencies: number[] = [];
  let left = jobs;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const started = performance.now();
      await submit(url);
      latencies.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return latencies.sort((a, b) => a - b);
}

const metric = async (admin: string, name: string): Promise<number> => {
  const { text } = await call(`${admin}/metrics`);
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
};

export async function run(report: (row: Row) => void): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'qfs-bench-'));
  const profiles = join(directory, 'profiles');
  const platform = await startPlatform({
    dataDir: join(directory, 'data'),
    nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${profiles}`],
  });
  const { rest, admin } = platform.ready;
  await submitMany(rest, 100, 8); // V8 warms up
  let jobsTotal = 100;
  for (const concurrency of CONCURRENCIES) {
    const jobs = JOBS_PER_CASE[concurrency];
    jobsTotal += jobs;
    const anchor = rawInserts(directory, concurrency);
    const started = performance.now();
    const latencies = await submitMany(rest, jobs, concurrency);
    const accepted = (jobs * 1000) / (performance.now() - started);
    await until('all jobs to end', 300_000, async () =>
      (await metric(admin, 'eigen_kernel_active_jobs')) === 0 ? true : undefined,
    );
    const completed = (jobs * 1000) / (performance.now() - started);
    const baseline = `raw inserts, ${concurrency} per commit`;
    const settings = { concurrency, jobs, program: 'bell.qasm', shots: 1024 };
    for (const [name, value] of [
      ['accepted', accepted],
      ['completed', completed],
    ] as const) {
      report({
        bench: 'jobs',
        case: `${name}, ${concurrency} clients`,
        value,
        unit: 'jobs/s',
        baseline,
        baseline_value: anchor,
        ratio: value / anchor,
        settings,
      });
    }
    for (const percentile of [50, 95, 99]) {
      const value =
        latencies[Math.min(latencies.length - 1, Math.floor((latencies.length * percentile) / 100))] ?? 0;
      report({
        bench: 'jobs',
        case: `answer p${percentile}, ${concurrency} clients`,
        value,
        unit: 'ms',
        baseline: 'one raw commit',
        baseline_value: (1000 * concurrency) / anchor,
        ratio: (1000 * concurrency) / anchor / value,
        settings,
      });
    }
  }
  const backlog = await metric(admin, 'qfs_view_backlog');
  report({ bench: 'jobs', case: 'view files still to write', value: backlog, unit: 'files' });
  await platform.end('SIGTERM');
  reportProfiles(report, profiles, jobsTotal);
  agent.destroy();
  rmSync(directory, { recursive: true, force: true });
}

/** Where the processor time of each thread went. */
function reportProfiles(report: (row: Row) => void, profiles: string, jobsTotal: number): void {
  for (const file of readdirSync(profiles)) {
    for (const [room, ms] of cpuByRoom(join(profiles, file))) {
      report({
        bench: 'jobs',
        case: `CPU per job: ${room}`,
        value: (ms * 1000) / jobsTotal,
        unit: 'µs',
        settings: { profile: file },
      });
    }
  }
}
