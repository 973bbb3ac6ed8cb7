import { QASM_SOURCE_BYTES_MAX } from '@qfs/core';
import type { ArgumentRow } from './command.ts';
import { type Dialect, languageOfDialect } from './options.ts';
import { readFile, unreadable } from './read-file.ts';
import type { Terminal } from './terminal.ts';

export interface SourceFile {
  /** As messages call it. */
  readonly name: string;
  readonly language: 'openqasm3' | 'openqasm2' | 'aqo' | 'eigen-lang' | ReturnType<typeof languageOfDialect>;
  readonly text: string;
  /** What a job.yaml says of compiling it. */
  readonly entrypoint?: string;
  readonly compilerOptions?: Readonly<Record<string, string>>;
}

export const SOURCE_ARGUMENT: ArgumentRow = {
  name: 'file',
  help: 'OpenQASM 3, OpenQASM 2, Eigen-Lang or AQO; - reads the standard input',
  completes: 'files',
};

/** OpenQASM 2 names its version, a document that starts with a brace is AQO, and Eigen-Lang imports itself. */
function languageOf(path: string, text: string): SourceFile['language'] {
  if (path.endsWith('.py') || /^from[ \t]+eigen_lang\b/m.test(text)) return 'eigen-lang';
  if (text.trimStart().startsWith('{')) return 'aqo';
  return /^\s*(?:\/\/[^\n]*\n\s*)*OPENQASM\s+2\b/.test(text) ? 'openqasm2' : 'openqasm3';
}

/** Reads a program; `-` is the standard input. Every way in which a path can be wrong has its own sentence. */
export async function readSource(path: string, terminal: Terminal, dialect?: Dialect): Promise<SourceFile> {
  const bytes = await readFile(path, 'a program', QASM_SOURCE_BYTES_MAX, terminal);
  if (bytes.includes(0)) throw unreadable(path, 'is not a text file; give OpenQASM, Eigen-Lang or AQO');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(path, 'is not UTF-8 text; save it as UTF-8', cause);
  }
  if (text.trim() === '') throw unreadable(path, 'is empty; give OpenQASM, Eigen-Lang or AQO');
  const found = languageOf(path, text);
  const language = dialect !== undefined && found === 'openqasm3' ? languageOfDialect(dialect) : found;
  return { name: path === '-' ? '<stdin>' : path, language, text };
}
