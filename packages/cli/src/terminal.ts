import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** What a command sees of the machine: the streams, the environment, files. Tests give it another one. */
export interface Terminal {
  /** Data. */
  out(data: string | Uint8Array): void;
  /** Talk: findings and errors. */
  talk(text: string): void;
  /** Talk that nobody misses: notes, progress, what is going on. */
  note(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Columns of the output, if it is a terminal. */
  readonly columns: number | undefined;
  /** May the talk be coloured? */
  readonly color: boolean;
  /** Is the talk read by a person right now, so that a line may rewrite itself? */
  readonly interactive: boolean;
  /** At most `bytesMax + 1` bytes of a file; `-` is the standard input. Rejects with the system's error. */
  read(path: string, bytesMax: number): Promise<Uint8Array>;
  /** The path without symbolic links. Rejects with the system's error. */
  realPath(path: string): Promise<string>;
  /** Makes a file of this text, or replaces it. Rejects with the system's error. */
  write(path: string, text: string): Promise<void>;
  /** Makes a file of this text, and the folders on the way. Rejects with the system's error, also if it is there. */
  create(path: string, text: string): Promise<void>;
  /** The same for what nobody else may read, with the folders on the way. */
  writePrivate(path: string, text: string): Promise<void>;
  /** Permissions of a file as bits; undefined where there are none to speak of. */
  mode(path: string): Promise<number | undefined>;
  /** What a command writes to its standard output. Rejects when it fails or takes too long. */
  run(words: readonly string[], millisecondsMax: number): Promise<string>;
  /** Calls `interrupted` on the first Ctrl-C; the returned function stops that. */
  onInterrupt(interrupted: () => void): () => void;
}

/** At most `bytesMax + 1` bytes of a file, or of the standard input for `-`. */
export async function readFileBytes(path: string, bytesMax: number): Promise<Uint8Array> {
  if (path !== '-') {
    // Asked first, so that a file of many gigabytes is refused and not read. Devices say 0 and never end.
    const found = await stat(path);
    if (found.isFile() && found.size <= bytesMax) return readFile(path);
  }
  const stream = path === '-' ? process.stdin : createReadStream(path, { end: bytesMax });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > bytesMax) break;
  }
  return Buffer.concat(chunks);
}

/** A terminal that leaves out the notes, or the colours. */
export const limited = (
  terminal: Terminal,
  { color, quiet }: { readonly color: boolean; readonly quiet: boolean },
): Terminal => ({
  out: (data) => terminal.out(data),
  talk: (text) => terminal.talk(text),
  note: (text) => quiet || terminal.note(text),
  env: terminal.env,
  columns: terminal.columns,
  color: terminal.color && color,
  interactive: terminal.interactive && !quiet,
  read: (path, bytesMax) => terminal.read(path, bytesMax),
  realPath: (path) => terminal.realPath(path),
  write: (path, text) => terminal.write(path, text),
  create: (path, text) => terminal.create(path, text),
  writePrivate: (path, text) => terminal.writePrivate(path, text),
  mode: (path) => terminal.mode(path),
  run: (words, millisecondsMax) => terminal.run(words, millisecondsMax),
  onInterrupt: (interrupted) => terminal.onInterrupt(interrupted),
});

const PRIVATE = 0o600;

async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text, { mode: PRIVATE });
  // The mode above is for new files alone.
  await chmod(path, PRIVATE);
}

async function create(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: 'wx' });
}

async function run([command = '', ...words]: readonly string[], millisecondsMax: number): Promise<string> {
  const { stdout } = await promisify(execFile)(command, words, { timeout: millisecondsMax });
  return stdout;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    // A reader that has seen enough (`| head`) is no failure.
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 4));
  }
  return {
    out: (data) => stdout.write(data),
    talk: (text) => stderr.write(text),
    note: (text) => stderr.write(text),
    env: process.env,
    // Some terminals say 0 and mean that they do not know.
    columns: stdout.isTTY ? stdout.columns || undefined : undefined,
    color: stderr.isTTY && stderr.hasColors(),
    interactive: stderr.isTTY,
    read: readFileBytes,
    realPath: (path) => realpath(path),
    write: (path, text) => writeFile(path, text),
    create,
    writePrivate,
    mode: async (path) => (process.platform === 'win32' ? undefined : (await stat(path)).mode & 0o777),
    run,
    onInterrupt(interrupted) {
      process.once('SIGINT', interrupted);
      return () => process.removeListener('SIGINT', interrupted);
    },
  };
}
