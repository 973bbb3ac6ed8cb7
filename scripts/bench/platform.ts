import { readFileSync } from 'node:fs';
import { each } from '../../tests/platform/each.ts';
import { connectGrpc } from '../../tests/platform/grpc-client.ts';
import { type Platform, startPlatform, temporaryDirectory, until } from '../../tests/platform/platform.ts';
import { ROLES, startRoles } from '../../tests/platform/roles.ts';
import type { Row } from '../bench.ts';
import { agent, BELL_TASK, percentile, send, timed } from './http-load.ts';
import { cpuOf } from './thread-cpu.ts';

/**
 * The platform as its users meet it: one job from end to end on an idle server, status calls, many
 * clients that
 * watch, a long queue, and the same load on one process and on a process for each role, in turns.
 * Client, servers,
 * engine and disk share the machine: read the ratios.
 */
const IDLE_JOBS = 200;
const STATUS_CALLS = 1_000;
const WATCHERS = 100;
const QUEUED_JOBS = 10_000;
const LOAD_JOBS = 1_500;
const LOAD_CLIENTS = 64;
const LOAD_ROUNDS = 2;
const CASE_MS_MAX = 600_000;

/** Five qubits in a GHZ state. */
const GHZ_JOB = JSON.stringify({
  language: 'openqasm3',
  program: `OPENQASM 3.0; include "stdgates.inc"; qubit[5] q; bit[5] c; h q[0];
    ${[1, 2, 3, 4].map((k) => `cx q[${k - 1}], q[${k}];`).join(' ')} c = measure q;`,
  shots: 1024,
});

type Report = (row: Omit<Row, 'bench'>) => void;

/** Submits one job and follows its events to the last. */
async function fromEndToEnd(rest: string, body = GHZ_JOB): Promise<string> {
  const { job_id: jobId } = JSON.parse(await send(`${rest}/api/v1/jobs`, 'POST', body)) as { job_id: string };
  // The stream ends after the one terminal event.
  const events = await send(`${rest}/api/v1/jobs/${jobId}/events`, 'GET');
  if (!events.includes('DONE')) throw new Error(`${jobId} did not end DONE: ${events}`);
  return jobId;
}

/** Percentiles of latencies beside an anchor, a request that does nothing. */
function reportLatencies(report: Report, name: string, latencies: readonly number[], anchorMs: number): void {
  for (const part of [50, 95]) {
    const value = percentile(latencies, part);
    const against = { baseline: 'GET /healthz p50', baseline_value: anchorMs, ratio: anchorMs / value };
    report({ case: `${name} p${part}`, value, unit: 'ms', ...against });
  }
}

async function idle(report: Report, { ready }: Platform): Promise<void> {
  const { rest, grpc } = ready;
  await timed(20, 1, () => fromEndToEnd(rest));
  const anchorMs = percentile(await timed(STATUS_CALLS, 1, () => send(`${rest}/healthz`, 'GET')), 50);
  reportLatencies(
    report,
    '5 qubits, end to end, idle',
    await timed(IDLE_JOBS, 1, () => fromEndToEnd(rest)),
    anchorMs,
  );
  const jobId = await fromEndToEnd(rest);
  const status = await timed(STATUS_CALLS, 1, () => send(`${rest}/api/v1/jobs/${jobId}`, 'GET'));
  reportLatencies(report, 'status over REST, idle', status, anchorMs);
  const jobs = connectGrpc(grpc, 'eigen.api.v1.JobService');
  const overGrpc = await timed(STATUS_CALLS, 1, () => jobs.call('GetJobStatus', { job_id: jobId }));
  reportLatencies(report, 'status over gRPC, idle', overGrpc, anchorMs);
  jobs.close();
  const watched = await timed(WATCHERS, WATCHERS, () => fromEndToEnd(rest));
  reportLatencies(report, `${WATCHERS} clients that watch their jobs`, watched, anchorMs);
}

const residentMib = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Jobs for a device that begins none of them. */
async function longQueue(report: Report): Promise<void> {
  const dataDir = temporaryDirectory();
  const args = ['--drivers', 'sim,fault'];
  let platform = await startPlatform({ dataDir, args });
  const body = JSON.stringify({ ...JSON.parse(GHZ_JOB), target: 'fault:queue:3600000' });
  const before = residentMib(platform.of('kernel').pid);
  const startedMs = performance.now();
  await timed(QUEUED_JOBS, LOAD_CLIENTS, () => send(`${platform.ready.rest}/api/v1/jobs`, 'POST', body));
  const seconds = (performance.now() - startedMs) / 1000;
  const name = `${QUEUED_JOBS} queued jobs`;
  report({ case: `${name}: accepted`, value: QUEUED_JOBS / seconds, unit: 'jobs/s' });
  const grownMib = residentMib(platform.of('kernel').pid) - before;
  report({ case: `${name}: memory each`, value: (grownMib * 1024) / QUEUED_JOBS, unit: 'KiB' });
  const anchorMs = percentile(await timed(200, 1, () => send(`${platform.ready.rest}/healthz`, 'GET')), 50);
  const others = await timed(50, 1, () => fromEndToEnd(platform.ready.rest));
  reportLatencies(report, `${name}: a job for another device`, others, anchorMs);
  const { job_id: jobId } = JSON.parse(await send(`${platform.ready.rest}/api/v1/jobs`, 'POST', body)) as {
    job_id: string;
  };
  const status = await timed(200, 1, () => send(`${platform.ready.rest}/api/v1/jobs/${jobId}`, 'GET'));
  reportLatencies(report, `${name}: status`, status, anchorMs);
  await platform.end('SIGKILL');
  const restartedMs = performance.now();
  platform = await startPlatform({ dataDir, args });
  const restart = (performance.now() - restartedMs) / 1000;
  report({ case: `${name}: ready after kill -9`, value: restart, unit: 's' });
  await platform.end('SIGKILL');
}

interface Load {
  readonly perSecond: number;
  /** CPU time in microseconds per job, by process. */
  readonly cpu: ReadonlyMap<string, number>;
}

/** All jobs of a load from the first submission to the last end. */
async function load(platform: Platform, processes: readonly (readonly [string, number])[]): Promise<Load> {
  const { rest, admin } = platform.ready;
  const kernelAdmin = platform.of('kernel').ready.admin;
  const allCpu = () =>
    processes.map(([name, pid]) => [name, [...cpuOf(pid).values()].reduce((a, b) => a + b, 0)] as const);
  const before = new Map(allCpu());
  const startedMs = performance.now();
  await timed(LOAD_JOBS, LOAD_CLIENTS, () => send(`${rest}/tasks`, 'POST', BELL_TASK));
  await until('the last job', CASE_MS_MAX, async () => {
    const text = await send(`${kernelAdmin ?? admin}/metrics`, 'GET');
    return /^eigen_kernel_active_jobs 0$/m.test(text) ? true : undefined;
  });
  const perSecond = (LOAD_JOBS * 1000) / (performance.now() - startedMs);
  const cpu = new Map(allCpu().map(([name, us]) => [name, (us - before.get(name)!) / LOAD_JOBS]));
  return { perSecond, cpu };
}

async function oneAndMany(report: Report): Promise<void> {
  const one = await startPlatform({ dataDir: temporaryDirectory() });
  const many = await startRoles({ dataDir: temporaryDirectory() });
  const platforms = [
    { platform: one, processes: [['one process', one.of('kernel').pid]] as const },
    { platform: many, processes: ROLES.map((role) => [role, many.of(role).pid] as const) },
  ];
  const best: Load[] = [];
  for (let round = 0; round <= LOAD_ROUNDS; round += 1) {
    for (const [at, { platform, processes }] of platforms.entries()) {
      const measured = await load(platform, processes);
      // The first round warms up.
      if (round > 0 && measured.perSecond > (best[at]?.perSecond ?? 0)) best[at] = measured;
    }
  }
  const [alone, apart] = best as [Load, Load];
  const settings = { clients: LOAD_CLIENTS, jobs: LOAD_JOBS, program: 'bell.qasm', shots: 1024 };
  report({ case: 'throughput, one process', value: alone.perSecond, unit: 'jobs/s', settings });
  report({
    ...{ case: 'throughput, a process for each role', value: apart.perSecond, unit: 'jobs/s', settings },
    ...{ baseline: 'one process', baseline_value: alone.perSecond, ratio: apart.perSecond / alone.perSecond },
  });
  for (const [name, us] of [...alone.cpu, ...apart.cpu]) {
    report({ case: `CPU per job, ${name}`, value: us, unit: 'µs' });
  }
  await each([one, many], 2, (platform) => platform.end('SIGTERM'));
}

export async function run(reportRow: (row: Row) => void): Promise<void> {
  const report: Report = (row) => reportRow({ bench: 'platform', ...row });
  const platform = await startPlatform({ dataDir: temporaryDirectory() });
  await idle(report, platform);
  await platform.end('SIGTERM');
  await longQueue(report);
  await oneAndMany(report);
  agent.destroy();
}
