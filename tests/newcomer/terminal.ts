import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Outcome {
  /** Exit code, or the name of the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves with the first line of stdout that `matches`; rejects if the program ends before. */
  line(matches: (line: string) => boolean): Promise<string>;
  readonly outcome: Promise<Outcome>;
}

export interface Place {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** No program of the walk may take longer; `npm ci` on a cold cache is the slowest. */
const PROGRAM_MS_MAX = 150_000;

/** Starts a program as a shell does: in a process group of its own, so that Ctrl-C can reach all of it. */
export function start(place: Place, command: string, ...args: readonly string[]): Running {
  const child = spawn(command, args, {
    cwd: place.cwd,
    env: { ...process.env, ...place.environment },
    detached: true,
  });
  const kill = (): void => signalGroup(child, 'SIGKILL');
  process.on('exit', kill);
  const timer = setTimeout(kill, PROGRAM_MS_MAX);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  const outcome = once(child, 'close').then(([code, signal]) => {
    clearTimeout(timer);
    process.off('exit', kill);
    return { code: (code ?? signal) as number | string, ...texts };
  });
  const lines = createInterface({ input: child.stdout });
  const line = (matches: (line: string) => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (text: string): void => {
        if (!matches(text)) return;
        lines.off('line', look);
        resolve(text);
      };
      lines.on('line', look);
      outcome.then(
        ({ code, stderr }) => reject(new Error(`${command} ended with ${code}:\n${stderr}`)),
        reject,
      );
    });
  return { process: child, line, outcome };
}

/** Runs a program to its end, with nothing on its standard input. */
export function run(place: Place, command: string, ...args: readonly string[]): Promise<Outcome> {
  const running = start(place, command, ...args);
  running.process.stdin?.end();
  return running.outcome;
}

/** What Ctrl-C does in a terminal, or another signal for the whole group. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A shell that keeps its variables from one block of commands to the next. */
export class Shell {
  readonly #running: Running;
  #blocks = 0;

  constructor(place: Place) {
    this.#running = start(place, 'bash', '--norc');
  }

  /** What the commands wrote to both streams; `code` is that of the last one. */
  async run(commands: string): Promise<{ output: string; code: number }> {
    this.#blocks += 1;
    const end = `--- end of block ${this.#blocks}`;
    const lines: string[] = [];
    const last = this.#running.line((line) => {
      if (!line.startsWith(end)) lines.push(line);
      return line.startsWith(end);
    });
    this.#running.process.stdin?.write(`{ ${commands}\n} 2>&1 < /dev/null; printf '\\n${end} %s\\n' "$?"\n`);
    const code = Number((await last).slice(end.length));
    // The end is printed on a line of its own, also after output that ends without one.
    if (lines.at(-1) === '') lines.pop();
    return { output: lines.join('\n'), code };
  }

  async close(): Promise<void> {
    this.#running.process.stdin?.end();
    await this.#running.outcome;
  }
}
