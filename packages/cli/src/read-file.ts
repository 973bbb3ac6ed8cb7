import { QfsError } from '@qfs/core';
import type { Terminal } from './terminal.ts';

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; check the path',
  EISDIR: 'is a directory; name a file inside it',
  EACCES: 'may not be read by you; check its permissions',
};

const nameOf = (path: string): string => (path === '-' ? 'The standard input' : path);

export const unreadable = (path: string, why: string, cause?: unknown): QfsError =>
  new QfsError('REQUEST_INVALID', `${nameOf(path)} ${why}.`, { cause });

/**
 * The bytes of a file, or of the standard input for `-`.
 * @param what what the file is, for the message when it is too large
 */
export async function readFile(
  path: string,
  what: string,
  bytesMax: number,
  terminal: Terminal,
): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await terminal.read(path, bytesMax);
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw unreadable(path, FILE_ERRORS[code] ?? `cannot be read: ${message}`, cause);
  }
  if (bytes.byteLength <= bytesMax) return bytes;
  throw new QfsError(
    'PAYLOAD_TOO_LARGE',
    `${nameOf(path)} is larger than ${bytesMax} bytes, the most that ${what} may have.`,
  );
}
