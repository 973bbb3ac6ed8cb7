import { QASM_SOURCE_BYTES_MAX, QfsError } from '@qfs/core';
import type { ArgumentRow } from './command.ts';
import { type Dialect, languageOfDialect } from './options.ts';
import type { Terminal } from './terminal.ts';

export interface SourceFile {
  /** As messages call it. */
  readonly name: string;
  readonly language: 'openqasm3' | 'openqasm2' | 'aqo' | ReturnType<typeof languageOfDialect>;
  readonly text: string;
}

export const SOURCE_ARGUMENT: ArgumentRow = {
  name: 'file',
  help: 'OpenQASM 3, OpenQASM 2 or AQO; - reads the standard input',
};

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; check the path',
  EISDIR: 'is a directory; name a file inside it',
  EACCES: 'may not be read by you; check its permissions',
};

const unreadable = (name: string, why: string, cause?: unknown): QfsError =>
  new QfsError('REQUEST_INVALID', `${name} ${why}.`, { cause });

async function readBytes(path: string, name: string, terminal: Terminal): Promise<Uint8Array> {
  try {
    return await terminal.read(path, QASM_SOURCE_BYTES_MAX);
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw unreadable(name, FILE_ERRORS[code] ?? `cannot be read: ${message}`, cause);
  }
}

/** OpenQASM 2 names its version; a document that starts with a brace is AQO. */
function languageOf(text: string): SourceFile['language'] {
  if (text.trimStart().startsWith('{')) return 'aqo';
  return /^\s*(?:\/\/[^\n]*\n\s*)*OPENQASM\s+2\b/.test(text) ? 'openqasm2' : 'openqasm3';
}

/** Reads a program; `-` is the standard input. Every way in which a path can be wrong has its own sentence. */
export async function readSource(path: string, terminal: Terminal, dialect?: Dialect): Promise<SourceFile> {
  const name = path === '-' ? 'The standard input' : path;
  const bytes = await readBytes(path, name, terminal);
  if (bytes.byteLength > QASM_SOURCE_BYTES_MAX) {
    throw new QfsError(
      'PAYLOAD_TOO_LARGE',
      `${name} is larger than ${QASM_SOURCE_BYTES_MAX} bytes, the most that a program may have.`,
    );
  }
  if (bytes.includes(0)) throw unreadable(name, 'is not a text file; give OpenQASM or AQO');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(name, 'is not UTF-8 text; save it as UTF-8', cause);
  }
  if (text.trim() === '') throw unreadable(name, 'is empty; give OpenQASM or AQO');
  const found = languageOf(text);
  const language = dialect !== undefined && found === 'openqasm3' ? languageOfDialect(dialect) : found;
  return { name: path === '-' ? '<stdin>' : path, language, text };
}
