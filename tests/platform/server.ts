import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What a process says on stdout once it listens. */
interface ReadyLine {
  readonly rest?: string;
  readonly grpc?: string;
  readonly admin: string;
  readonly data_dir: string;
  readonly node_id?: string;
}

export interface RunningServer {
  readonly ready: ReadyLine;
  readonly pid: number;
  /** What the process wrote to stderr so far. */
  stderr(): string;
  /** Sends the signal and resolves with exit code or signal name. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

export interface ServerOptions {
  readonly args: readonly string[];
  /** Options of node itself. */
  readonly nodeArgs?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command put in front of node. */
  readonly under?: readonly string[];
}

export const FREE_PORTS = ['--port', '0', '--grpc-port', '0', '--admin-port', '0'];

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

/** Starts a real server process and waits for its ready line. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const [command, ...args] = [
    ...(options.under ?? []),
    process.execPath,
    ...(options.nodeArgs ?? []),
    'packages/server/src/main.ts',
    ...options.args,
  ];
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
): Promise<ReadyLine> {
  const lines = createInterface({ input: child.stdout! });
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_MS_MAX);
  try {
    const first = await Promise.race([once(lines, 'line'), exited.then(() => undefined)]);
    if (first === undefined) throw new Error(`the server ended before it was ready:\n${stderr()}`);
    return JSON.parse(first[0] as string) as ReadyLine;
  } finally {
    clearTimeout(timer);
  }
}
