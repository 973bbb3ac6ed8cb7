import { QASM_SOURCE_BYTES_MAX } from '@qfs/core';
import { languageOf, type ProgramLanguage } from '@qfs/jobspec';
import type { ArgumentRow } from './command.ts';
import { type Dialect, languageOfDialect } from './options.ts';
import { readFile, unreadable } from './read-file.ts';
import type { Terminal } from './terminal.ts';

export interface SourceFile {
  /** As messages call it. */
  readonly name: string;
  readonly language: ProgramLanguage | ReturnType<typeof languageOfDialect>;
  readonly text: string;
  /** What a job.yaml says of compiling it. */
  readonly entrypoint?: string;
  readonly compilerOptions?: Readonly<Record<string, string>>;
  /** The device of the job.yaml. */
  readonly target?: string;
}

export const SOURCE_ARGUMENT: ArgumentRow = {
  name: 'file',
  help: 'OpenQASM 3, OpenQASM 2, Eigen-Lang or AQO; - reads the standard input',
  completes: 'files',
};

/** Reads a program; `-` is the standard input. Every way in which a path can be wrong has its own sentence. */
export async function readSource(path: string, terminal: Terminal, dialect?: Dialect): Promise<SourceFile> {
  const source = sourceOf(path, await readFile(path, 'a program', QASM_SOURCE_BYTES_MAX, terminal));
  if (dialect === undefined || source.language !== 'openqasm3') return source;
  return { ...source, language: languageOfDialect(dialect) };
}

/** The program that these bytes are; its name and text tell the language. */
export function sourceOf(path: string, bytes: Uint8Array): SourceFile {
  if (bytes.includes(0)) throw unreadable(path, 'is not a text file; give OpenQASM, Eigen-Lang or AQO');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(path, 'is not UTF-8 text; save it as UTF-8', cause);
  }
  if (text.trim() === '') throw unreadable(path, 'is empty; give OpenQASM, Eigen-Lang or AQO');
  return { name: path === '-' ? '<stdin>' : path, language: languageOf(path, text), text };
}
