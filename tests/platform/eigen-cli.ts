import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, realpath, writeFile } from 'node:fs/promises';
import { runCli, type Terminal } from '@qfs/cli';
import type { Platform } from './platform.ts';

const EIGEN_CLI = 'bin/eigen-cli';
const COMMAND_MS_MAX = 60_000;

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `bin/eigen-cli` as a user does, against the given platform or without any. */
export const eigenCli = (platform: Platform | undefined, ...args: string[]): Promise<CommandResult> =>
  eigenCliWith({}, platform, ...args);

/** The same commands in this process, for tests of what they do and not of how they start. */
export async function eigenCliHere(platform: Platform, ...args: string[]): Promise<CommandResult> {
  const written = { out: '', talk: '' };
  const talk = (text: string): void => {
    written.talk += text;
  };
  const terminal: Terminal = {
    out: (data) => {
      written.out += typeof data === 'string' ? data : new TextDecoder().decode(data);
    },
    talk,
    note: talk,
    env: { EIGEN_ENDPOINT: platform.ready.grpc },
    columns: undefined,
    color: false,
    interactive: false,
    read: (path) => readFile(path),
    realPath: (path) => realpath(path),
    write: (path, text) => writeFile(path, text),
    create: (path, text) => writeFile(path, text, { flag: 'wx' }),
    writePrivate: (path, text) => writeFile(path, text),
    mode: async () => undefined,
    run: () => Promise.reject(new Error('there are no commands here')),
    onInterrupt: () => () => undefined,
  };
  const code = await runCli(args, terminal);
  return { code, stdout: written.out, stderr: written.talk };
}

interface Person {
  /** Typed on the standard input. */
  readonly input?: string;
  /** Presses Ctrl-C when this is read on the standard error. */
  readonly interruptsAt?: string;
  /** What their shell exports. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The same with somebody in front of it. */
export async function eigenCliWith(
  { environment = {}, input = '', interruptsAt }: Person,
  platform: Platform | undefined,
  ...args: string[]
): Promise<CommandResult> {
  const endpoint = platform === undefined ? {} : { EIGEN_ENDPOINT: platform.ready.grpc };
  const child = spawn(EIGEN_CLI, args, {
    env: { ...process.env, NO_COLOR: '1', ...endpoint, ...environment },
    timeout: COMMAND_MS_MAX,
  });
  // A command that does not read its input may end before all of it was written.
  child.stdin.on('error', () => undefined).end(input);
  const texts = ['', ''];
  for (const [index, stream] of [child.stdout, child.stderr].entries()) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      texts[index] += text;
    });
  }
  const watchful = () => {
    if (interruptsAt === undefined || !texts[1]!.includes(interruptsAt)) return;
    child.stderr.off('data', watchful);
    child.kill('SIGINT');
  };
  child.stderr.on('data', watchful);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: texts[0]!, stderr: texts[1]! };
}
