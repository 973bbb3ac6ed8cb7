import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { EngineItem } from '@qfs/simulator';
import { DEFAULT_OPTIONS } from '@qfs/simulator';
import { createEngine } from '@qfs/simulator/engine';
import { type Platform, startPlatform, temporaryDirectory } from '../../tests/platform/platform.ts';
import type { Row } from '../bench.ts';
import { agent, send } from './http-load.ts';
import { aqoOf, CASES, eigenLang, type VqeCase } from './vqe/cases.ts';

/**
 * Searches with COBYLA from the same start: ours as a job of a running server, from its submission to
 * its results,
 * with every iteration in the log; and the evaluations alone, asked of the engine one by one. Beside
 * them Qiskit's
 * estimators under the COBYLA of SciPy, with the Python `QFS_BENCH_PYTHON`, or `python3`. Everything
 * shares the
 * machine: read the ratios.
 */
const EVALUATIONS = 300;
/** Fewer for others, which take longer: rates are compared. */
const PEER_EVALUATIONS = 50;
const SHOTS = [0, 8192] as const;
const ROUNDS = 3;
const PEER_MS_MAX = 300_000;

interface Rate {
  readonly name: string;
  readonly perSecond: number;
}

type Report = (row: Row) => void;

/** One job of the server; evaluations of the whole search over its time. */
async function jobRate({ ready }: Platform, one: VqeCase, shots: number): Promise<number> {
  const job = {
    language: 'eigen-lang',
    program: eigenLang(one),
    seed: 1,
    metadata: { max_iters: String(EVALUATIONS), tol: '1e-12' },
    ...(shots > 0 && { shots }),
  };
  const startedMs = performance.now();
  const { job_id: jobId } = JSON.parse(
    await send(`${ready.rest}/api/v1/jobs`, 'POST', JSON.stringify(job)),
  ) as {
    job_id: string;
  };
  // The stream ends after the one terminal event.
  const events = await send(`${ready.rest}/api/v1/jobs/${jobId}/events`, 'GET');
  const seconds = (performance.now() - startedMs) / 1000;
  if (!events.includes('DONE')) throw new Error(`${one.name}: ${events.slice(-500)}`);
  const results = await send(`${ready.rest}/api/v1/jobs/${jobId}/artifacts/results.json`, 'GET');
  const { items } = JSON.parse(results) as { items: [{ optimization: { evaluations: number } }] };
  return items[0].optimization.evaluations / seconds;
}

/** Evaluations alone, one after the other. */
async function engineRate(one: VqeCase, shots: number): Promise<number> {
  const engine = createEngine({ workers: 1 });
  const aqo = aqoOf(one);
  const terms = one.terms.map(([coefficient, paulis]) => ({ coefficient, paulis }));
  const itemAt = (at: number): EngineItem => ({
    aqo,
    parameters: [new Map(one.start.map((value, k) => [`t${k}`, value + 1e-3 * at]))],
    shots,
    seed: at,
    observables: [{ terms }],
    memory: false,
  });
  let best = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const startedMs = performance.now();
    for (let at = 0; at < EVALUATIONS; at += 1) await engine.execute([itemAt(at)], DEFAULT_OPTIONS, {});
    // The first round warms up.
    if (round > 0) best = Math.max(best, (1000 * EVALUATIONS) / (performance.now() - startedMs));
  }
  await engine.close();
  return best;
}

interface PeerAnswer {
  readonly name: string;
  readonly evaluations?: number;
  readonly seconds?: number;
  readonly problem?: string;
}

async function peerRates(one: VqeCase, shots: number, say: (line: string) => void): Promise<Rate[]> {
  const script = fileURLToPath(new URL('./vqe/peers.py', import.meta.url));
  const python = process.env.QFS_BENCH_PYTHON ?? 'python3';
  // One thread, as ours.
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'ignore'], timeout: PEER_MS_MAX, env });
  const failed = new Promise<string>((resolve) => child.on('error', ({ message }) => resolve(message)));
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify({ ...one, shots, evaluations: PEER_EVALUATIONS }));
  const output = await Promise.race([text(child.stdout), failed]);
  const answers = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as PeerAnswer);
  if (answers.length === 0) say(`No estimator answered: ${output.slice(0, 200) || 'Python ended'}`);
  return answers.flatMap(({ name, evaluations = 0, seconds = 1, problem }) => {
    if (problem === undefined) return [{ name, perSecond: evaluations / seconds }];
    say(`${name} is left out: ${problem.split('\n')[0]}`);
    return [];
  });
}

function report(row: Report, name: string, ours: Rate, peers: readonly Rate[]): void {
  const settings = { optimiser: 'COBYLA', evaluations: EVALUATIONS, peer_evaluations: PEER_EVALUATIONS };
  const common = {
    bench: 'vqe',
    case: `${name}: ${ours.name}`,
    value: ours.perSecond,
    unit: 'eval/s',
    settings,
  };
  if (peers.length === 0) row(common);
  for (const { name: baseline, perSecond } of peers) {
    row({ ...common, baseline, baseline_value: perSecond, ratio: ours.perSecond / perSecond });
  }
}

export async function run(row: Report): Promise<void> {
  const said = new Set<string>();
  const say = (line: string): void => {
    if (!said.has(line)) process.stderr.write(`${line}\n`);
    said.add(line);
  };
  const platform = await startPlatform({ dataDir: temporaryDirectory() });
  for (const one of CASES) {
    for (const shots of SHOTS) {
      const name = `${one.name}, ${shots === 0 ? 'exact' : `${shots} shots`}`;
      const peers = await peerRates(one, shots, say);
      let best = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        best = Math.max(best, await jobRate(platform, one, shots));
      }
      report(row, name, { name: 'jobs', perSecond: best }, peers);
      report(row, name, { name: 'engine', perSecond: await engineRate(one, shots) }, peers);
    }
  }
  agent.destroy();
  await platform.end('SIGTERM');
}
