import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileBytes, type Terminal } from '../terminal.ts';

export const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Files that were written, and their permissions; terminals may share them. */
interface RecordedDisk {
  readonly written: Map<string, string>;
  readonly modes: Map<string, number>;
}

export const recordedDisk = (): RecordedDisk => ({ written: new Map(), modes: new Map() });

/** A terminal that keeps what was written to it, in order; talk is marked with `! ` at the beginning of its lines. */
export class RecordingTerminal implements Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly columns = undefined;
  readonly color = false;
  readonly interactive: boolean;
  interrupt: () => void = () => undefined;
  data = '';
  transcript = '';
  readonly #disk: RecordedDisk;
  readonly #files: Readonly<Record<string, Uint8Array>>;

  /** Files by path stand in front of those of the checkout; `-` is the standard input. */
  constructor(
    files: Readonly<Record<string, Uint8Array>> = {},
    env: Readonly<Record<string, string>> = {},
    { disk = recordedDisk(), interactive = false }: { disk?: RecordedDisk; interactive?: boolean } = {},
  ) {
    this.#disk = disk;
    this.#files = files;
    this.env = env;
    this.interactive = interactive;
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

  note(text: string): void {
    this.talk(text);
  }

  async read(path: string, bytesMax: number): Promise<Uint8Array> {
    const text = this.#disk.written.get(path);
    const file = text === undefined ? this.#files[path] : new TextEncoder().encode(text);
    return file === undefined
      ? readFileBytes(resolve(CHECKOUT, path), bytesMax)
      : file.subarray(0, bytesMax + 1);
  }

  /** Files that were given or written, and their folders, are no links. */
  async realPath(path: string): Promise<string> {
    const given = [...Object.keys(this.#files), ...this.#disk.written.keys()];
    const isHere = given.some((file) => file === path || file.startsWith(path.replace(/\/*$/, '/')));
    return isHere ? resolve(CHECKOUT, path) : realpath(resolve(CHECKOUT, path));
  }

  async create(path: string, text: string): Promise<void> {
    if (this.#disk.written.has(path))
      throw Object.assign(new Error(`EEXIST: file already exists`), { code: 'EEXIST' });
    await this.write(path, text);
  }

  async write(path: string, text: string): Promise<void> {
    if (path.endsWith('/')) throw new Error(`EISDIR: illegal operation on a directory, open '${path}'`);
    this.#disk.written.set(path, text);
    this.transcript += `(${text.length} characters to ${path})\n`;
  }

  async writePrivate(path: string, text: string): Promise<void> {
    await this.write(path, text);
    this.#disk.modes.set(path, 0o600);
  }

  async mode(path: string): Promise<number | undefined> {
    return this.#disk.modes.get(path) ?? 0o644;
  }

  /** Every command prints its own words. */
  async run(words: readonly string[]): Promise<string> {
    if (words[0] === 'false') throw Object.assign(new Error('it said a secret'), { code: 1 });
    return `${words.join('-')}\n`;
  }

  onInterrupt(interrupted: () => void): () => void {
    this.interrupt = interrupted;
    return () => undefined;
  }
}
