import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { QASM_SOURCE_BYTES_MAX, QfsError } from '@qfs/core';
import { type ArtifactRef, type DocumentItem, type ProgramSource, writeArtifactRef } from '@qfs/jobspec';
import { readFile } from '../read-file.ts';
import { type SourceFile, sourceOf } from '../source-file.ts';
import type { Terminal } from '../terminal.ts';

/** Gives the bytes of an artifact of an earlier job. */
export type ArtifactReader = (ref: ArtifactRef) => Promise<Uint8Array>;

/** Why a program, or the value of an input, cannot be had. */
export class ProgramFault extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** For commands that call no server. */
export const noServer: ArtifactReader = async ({ jobId, name }) => {
  const hint = `Write it to a file with "eigen-cli get ${jobId} ${name} --out FILE", and name that.`;
  throw new ProgramFault(
    `${writeArtifactRef({ jobId, name })} is kept by a server, which this command does not call`,
    hint,
  );
};

/** The program of an item; what the document says of its language, entry and compilation goes with it. */
export async function readProgram(
  { compilerOptions, entrypoint, language, program }: DocumentItem,
  documentPath: string,
  terminal: Terminal,
  artifact: ArtifactReader,
): Promise<SourceFile> {
  const { bytes, name } = await faultOnFailure(() => bytesOf(program, documentPath, terminal, artifact));
  checkDigest(name, bytes, program.sha256);
  const source = await faultOnFailure(async () => sourceOf(name, bytes));
  return {
    ...source,
    ...(language !== '' && { language: language as SourceFile['language'] }),
    ...(entrypoint !== '' && { entrypoint }),
    compilerOptions,
  };
}

/** What a server or a disk refuses is told at the member that asks for it; a server that is away is not. */
export async function faultOnFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof QfsError && thrown.row.http < 500)
      throw new ProgramFault(thrown.message.replace(/\.$/, ''));
    throw thrown;
  }
}

async function bytesOf(
  program: ProgramSource,
  documentPath: string,
  terminal: Terminal,
  artifact: ArtifactReader,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  if (program.kind === 'inline') {
    // Lines of findings count from the beginning of the program, not of the document.
    const name = `the program in ${documentPath === '-' ? '<stdin>' : documentPath}`;
    return { name, bytes: new TextEncoder().encode(program.text) };
  }
  if (program.kind === 'artifact') return { name: program.ref.name, bytes: await artifact(program.ref) };
  const folder = documentPath === '-' ? '' : documentPath.replace(/[^/\\]*$/, '');
  const name = `${folder}${program.path}`;
  // Asked first: what lies elsewhere is not even opened. Why a file is not there is said by who reads it.
  const real = await terminal.realPath(name).catch(() => undefined);
  if (real !== undefined && !isBelow(real, await terminal.realPath(folder === '' ? '.' : folder))) {
    throw new ProgramFault(`${name} is a link to ${real}, which is outside of the folder of the document`);
  }
  return { name, bytes: await readFile(name, 'a program', QASM_SOURCE_BYTES_MAX, terminal) };
}

const isBelow = (path: string, folder: string): boolean => {
  const [inside, around] = [path, folder].map((text) => posix.normalize(text.replaceAll('\\', '/')));
  return inside!.startsWith(around!.endsWith('/') ? around! : `${around}/`);
};

function checkDigest(name: string, bytes: Uint8Array, expected: string | undefined): void {
  if (expected === undefined) return;
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest === expected) return;
  const hint = 'Take back what changed the program, or write down its new digest.';
  throw new ProgramFault(`${name} has the SHA-256 ${digest}, and not ${expected} as the document says`, hint);
}
