import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileBytes, type Terminal } from '../terminal.ts';

export const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));

/** A terminal that keeps what was written to it, in order; talk is marked with `! ` at the beginning of its lines. */
export class RecordingTerminal implements Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly columns = undefined;
  readonly color = false;
  readonly interactive = false;
  interrupt: () => void = () => undefined;
  data = '';
  transcript = '';
  /** Files that were written. */
  readonly #written = new Map<string, string>();
  readonly #files: Readonly<Record<string, Uint8Array>>;

  /** Files by path stand in front of those of the checkout; `-` is the standard input. */
  constructor(files: Readonly<Record<string, Uint8Array>> = {}, env: Readonly<Record<string, string>> = {}) {
    this.#files = files;
    this.env = env;
  }

  out(data: string | Uint8Array): void {
    const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
    this.data += text;
    this.transcript += text;
  }

  talk(text: string): void {
    const marked = text.replace(/(^|\n)(?=[^\n])/g, '$1! ');
    this.transcript += marked;
  }

  async read(path: string, bytesMax: number): Promise<Uint8Array> {
    const file = this.#files[path];
    return file === undefined
      ? readFileBytes(resolve(CHECKOUT, path), bytesMax)
      : file.subarray(0, bytesMax + 1);
  }

  async write(path: string, text: string): Promise<void> {
    if (path.endsWith('/')) throw new Error(`EISDIR: illegal operation on a directory, open '${path}'`);
    this.#written.set(path, text);
    this.transcript += `(${text.length} characters to ${path})\n`;
  }

  onInterrupt(interrupted: () => void): () => void {
    this.interrupt = interrupted;
    return () => undefined;
  }
}
