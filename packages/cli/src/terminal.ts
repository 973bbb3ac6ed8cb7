import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';

/** What a command sees of the machine: the streams, the environment, files. Tests give it another one. */
export interface Terminal {
  /** Data. */
  out(data: string | Uint8Array): void;
  /** Talk: findings, progress, errors. */
  talk(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Columns of the output, if it is a terminal. */
  readonly columns: number | undefined;
  /** May the talk be coloured? */
  readonly color: boolean;
  /** Is the talk read by a person right now, so that a line may rewrite itself? */
  readonly interactive: boolean;
  /** At most `bytesMax + 1` bytes of a file; `-` is the standard input. Rejects with the system's error. */
  read(path: string, bytesMax: number): Promise<Uint8Array>;
  /** Makes a file of this text, or replaces it. Rejects with the system's error. */
  write(path: string, text: string): Promise<void>;
  /** Calls `interrupted` on the first Ctrl-C; the returned function stops that. */
  onInterrupt(interrupted: () => void): () => void;
}

/** At most `bytesMax + 1` bytes of a file, or of the standard input for `-`. */
export async function readFileBytes(path: string, bytesMax: number): Promise<Uint8Array> {
  if (path !== '-') {
    // Asked first, so that a file of many gigabytes is refused and not read.
    const { size } = await stat(path);
    if (size <= bytesMax) return readFile(path);
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
    env: process.env,
    columns: stdout.isTTY ? stdout.columns : undefined,
    color: stderr.isTTY && stderr.hasColors(),
    interactive: stderr.isTTY,
    read: readFileBytes,
    write: (path, text) => writeFile(path, text),
    onInterrupt(interrupted) {
      process.once('SIGINT', interrupted);
      return () => process.removeListener('SIGINT', interrupted);
    },
  };
}
