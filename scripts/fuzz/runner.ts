import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The heap of the process that the inputs run in, in MiB; more ends it, and is a failure of the input. */
const HEAP_MIB_MAX = 1_024;

/** How a process that was given inputs ended. */
export type Ending = 'done' | 'hang' | 'crash';

/**
 * Runs a program in a process of its own with bounded memory, gives on every line it writes, and ends it when
 * it writes none for `silenceMs`. Lines, not messages: what was written before a crash arrives.
 */
export async function runWatched(
  program: URL,
  args: readonly string[],
  silenceMs: number,
  onLine: (line: string) => void,
): Promise<{ readonly ending: Ending; readonly errors: string }> {
  const child: ChildProcess = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MIB_MAX}`, fileURLToPath(program), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let isSilent = false;
  const watchdog = setTimeout(() => {
    isSilent = true;
    child.kill('SIGKILL');
  }, silenceMs);
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors = `${errors}${text}`.slice(-2_000);
  });
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', (line) => {
    watchdog.refresh();
    onLine(line);
  });
  const read = new Promise((resolve) => lines.once('close', resolve));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  await read;
  clearTimeout(watchdog);
  return { ending: isSilent ? 'hang' : code === 0 ? 'done' : 'crash', errors };
}
