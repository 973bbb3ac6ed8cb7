import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { drawCounts } from '@qfs/circuit';

/**
 * The main job, shown: starts the platform on free ports with a directory of its own, submits three circuits
 * through the REST door, draws circuits and counts, says where the artifacts lie, and stops the platform.
 */
const CIRCUITS = [
  ['Bell pair', 'examples/bell.qasm'],
  ['GHZ state of five qubits', 'examples/ghz.qasm'],
  ['Teleportation with feed-forward', 'examples/teleport.qasm'],
] as const;
/** Published, this file is JavaScript. */
const inCheckout = import.meta.filename.endsWith('.ts');
const WAIT_MS_MAX = 60_000;
const POLL_MS = 20;

const say = (text = ''): void => void process.stdout.write(`${text}\n`);

interface Ready {
  readonly rest: string;
  readonly data_dir: string;
}

async function startPlatform(): Promise<{ ready: Ready; stop: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'qfs-demo-'));
  const server = fileURLToPath(import.meta.resolve('@qfs/server/main'));
  const ports = ['--port', '0', '--grpc-port', '0', '--admin-port', '0'];
  const child = spawn(process.execPath, [server, '--data-dir', dataDir, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, QFS_LOG_LEVEL: 'warn' },
  });
  const exited = once(child, 'exit');
  process.on('exit', () => child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = JSON.parse(line) as Ready;
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM');
      await exited;
    };
    return { ready, stop };
  }
  throw new Error('The platform ended before it was ready; its messages stand above.');
}

async function request(url: string, body?: unknown): Promise<Response> {
  const answer = await fetch(url, {
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** Polls `GET /tasks/{id}` as any client would. */
async function countsOf(rest: string, taskId: string): Promise<Map<string, number>> {
  for (const deadline = Date.now() + WAIT_MS_MAX; Date.now() < deadline; ) {
    const task = (await (await request(`${rest}/tasks/${taskId}`)).json()) as {
      status: string;
      message?: string;
      result?: Record<string, number>;
    };
    if (task.status === 'completed') return new Map(Object.entries(task.result ?? {}).sort());
    if (task.status === 'error') throw new Error(`task ${taskId}: ${task.message}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`task ${taskId} is still pending after ${WAIT_MS_MAX / 1000} s`);
}

async function show(ready: Ready, title: string, path: string): Promise<void> {
  const source = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  const drawing = await request(`${ready.rest}/api/v1/draw`, {
    language: 'openqasm3',
    source,
    format: 'text',
  });
  const submitted = (await (await request(`${ready.rest}/tasks`, { qc: source })).json()) as {
    task_id: string;
  };
  const counts = await countsOf(ready.rest, submitted.task_id);
  say(`${title}   ${path}`);
  say();
  say((await drawing.text()).trimEnd());
  say();
  say(`counts (classical bit 0 is the rightmost character), ${submitted.task_id}`);
  say(drawCounts(counts, { width: 60 }).trimEnd());
  const folder = join(ready.data_dir, 'circuit_fs', submitted.task_id);
  say(`artifacts: ${folder}`);
  for (let left = WAIT_MS_MAX / POLL_MS; left > 0 && !existsSync(join(folder, 'results.json')); left -= 1) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  say(`           ${readdirSync(folder).sort().join('  ')}`);
  say();
}

const { ready, stop } = await startPlatform();
try {
  say(`QFS runs at ${ready.rest}`);
  say();
  for (const [title, path] of CIRCUITS) await show(ready, title, path);
  const [start, cli] = inCheckout ? ['npm start', 'bin/eigen-cli'] : ['npx qfs-server', 'npx eigen-cli'];
  say(`Next: "${start}", then open http://127.0.0.1:8000 or run "${cli} --help".`);
} finally {
  await stop();
}
