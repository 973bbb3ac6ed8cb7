import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The ready line of a started platform (decisions: configuration). */
interface Ready {
  readonly rest: string;
  readonly grpc: string;
  readonly admin: string;
  readonly data_dir: string;
  readonly node_id: string;
}

export interface Platform {
  readonly ready: Ready;
  readonly pid: number;
  /** What the process wrote to stderr so far. */
  stderr(): string;
  /** Sends the signal and resolves with exit code or signal name. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

export interface StartOptions {
  readonly dataDir: string;
  readonly args?: readonly string[];
  /** Options of node itself. */
  readonly nodeArgs?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command put in front of node, for example `['strace', '-f', '-o', 'trace']`. */
  readonly under?: readonly string[];
}

const READY_MS_MAX = 60_000;

/** Nothing outlives the tests: neither a server of a test that failed nor a directory. */
const open = new Set<ChildProcess>();
const directories: string[] = [];
process.on('exit', () => {
  for (const child of open) child.kill('SIGKILL');
  for (const path of directories) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
});

/** A data directory that is removed when the test process ends. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'qfs-test-'));
  directories.push(path);
  return path;
}

/** The command line of a server on free ports. */
const serverCommand = (options: StartOptions): string[] => [
  ...(options.under ?? []),
  process.execPath,
  ...(options.nodeArgs ?? []),
  'packages/server/src/main.ts',
  ...['--data-dir', options.dataDir, '--port', '0', '--grpc-port', '0', '--admin-port', '0'],
  ...(options.args ?? []),
];

/** Starts a real server process and waits for its ready line. */
export async function startPlatform(options: StartOptions): Promise<Platform> {
  const [command, ...args] = serverCommand(options);
  const child = spawn(command!, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, QFS_LOG_LEVEL: 'warn', ...options.environment },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  open.add(child);
  child.once('exit', () => open.delete(child));
  const ready = await readyLine(child, exited, () => stderr);
  // A test that failed and left it running ends all the same; the exit of the tests then ends the server.
  const held = [child, child.stdout as Socket, child.stderr as Socket];
  for (const handle of held) handle.unref();
  return {
    ready,
    pid: child.pid!,
    stderr: () => stderr,
    async end(signal) {
      for (const handle of held) handle.ref();
      child.kill(signal);
      const [code, name] = await exited;
      return code ?? name ?? 'unknown';
    },
  };
}

async function readyLine(
  child: ChildProcess,
  exited: Promise<[number | null, NodeJS.Signals | null]>,
  stderr: () => string,
): Promise<Ready> {
  const lines = createInterface({ input: child.stdout! });
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_MS_MAX);
  try {
    const first = await Promise.race([once(lines, 'line'), exited.then(() => undefined)]);
    if (first === undefined) throw new Error(`the server ended before it was ready:\n${stderr()}`);
    return JSON.parse(first[0] as string) as Ready;
  } finally {
    clearTimeout(timer);
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

/** One REST call; a body is sent as JSON unless it is a string already. */
export async function call(url: string, method = 'GET', body?: unknown, headers = {}): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: <T>() => JSON.parse(text) as T };
}

/** Polls until `probe` gives a value; fails with `what` after `limitMs`. */
export async function until<T>(
  what: string,
  limitMs: number,
  probe: () => Promise<T | undefined>,
): Promise<T> {
  for (const deadline = Date.now() + limitMs; ; ) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const TERMINAL = ['DONE', 'ERROR', 'CANCELLED', 'TIMEOUT'];

export interface Job {
  readonly job_id: string;
  readonly state: string;
  readonly [key: string]: unknown;
}

/** Waits for a terminal state of a job over REST. */
export const terminalJob = (rest: string, jobId: string, limitMs = 60_000): Promise<Job> =>
  until(`a terminal state of ${jobId}`, limitMs, async () => {
    const job = await jobNow(rest, jobId);
    return TERMINAL.includes(job.state) ? job : undefined;
  });

/** Sends a job to the REST door; `fields` are those of `POST /api/v1/jobs`. Fails unless it was accepted. */
export async function submit(rest: string, fields: Readonly<Record<string, unknown>>): Promise<string> {
  const language = 'items' in fields ? {} : { language: 'openqasm3' };
  const answer = await call(`${rest}/api/v1/jobs`, 'POST', { ...language, ...fields });
  if (answer.status !== 202) throw new Error(`the job was not accepted: ${answer.text}`);
  return answer.json<Job>().job_id;
}

/** The job as it is now. */
export const jobNow = async (rest: string, jobId: string): Promise<Job> =>
  (await call(`${rest}/api/v1/jobs/${jobId}`)).json<Job>();

/** Waits until a job has got to one of the states. */
export const jobIn = (rest: string, jobId: string, ...states: readonly string[]): Promise<Job> =>
  until(`${states.join(' or ')} of ${jobId}`, 60_000, async () => {
    const job = await jobNow(rest, jobId);
    if (TERMINAL.includes(job.state) && !states.includes(job.state)) {
      throw new Error(`${jobId} ended: ${JSON.stringify(job)}`);
    }
    return states.includes(job.state) ? job : undefined;
  });
