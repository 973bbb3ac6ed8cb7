import { type Diagnostic, QfsError, REQUEST_BODY_BYTES_MAX } from '@qfs/core';
import {
  type DocumentItem,
  type JobDocument,
  type Problem,
  type ReadDocument,
  readJobDocument,
} from '@qfs/jobspec';
import { renderDiagnostics } from '@qfs/qasm';
import type { Inputs } from '../inputs.ts';
import { plural } from '../plural.ts';
import { readFile, unreadable } from '../read-file.ts';
import type { SourceFile } from '../source-file.ts';
import type { Terminal } from '../terminal.ts';
import { inputsOf } from './input-refs.ts';
import { type ArtifactReader, noServer, ProgramFault, readProgram } from './job-program.ts';

/** An item of a job.yaml with the text of its program and the values of its inputs. */
export interface JobFileItem {
  readonly item: DocumentItem;
  readonly source: SourceFile;
  readonly inputs: Inputs;
}

/** A job.yaml as far as it could be read, and everything that was found in it. */
export interface InspectedJobFile {
  readonly path: string;
  readonly text: string;
  readonly document?: JobDocument;
  /** In the order of the items; without those whose program cannot be had. */
  readonly items: readonly JobFileItem[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a job.yaml, the programs beside it and what it names of earlier jobs.
 * @throws QfsError if there is no such text
 */
export async function inspectJobFile(
  path: string,
  terminal: Terminal,
  artifact: ArtifactReader = noServer,
): Promise<InspectedJobFile> {
  const bytes = await readFile(path, 'a job.yaml', REQUEST_BODY_BYTES_MAX, terminal);
  const text = utf8Text(path, bytes);
  const read = readJobDocument(text);
  const loaded = await loadItems(read, path, terminal, artifact);
  return {
    path: path === '-' ? '<stdin>' : path,
    text,
    ...(read.document === undefined ? {} : { document: read.document }),
    items: loaded.items,
    problems: [...read.problems, ...loaded.problems],
  };
}

export interface JobFile extends InspectedJobFile {
  readonly document: JobDocument;
}

/**
 * The same, where nothing is wrong; shows what was found.
 * @throws QfsError JOB_SPEC_INVALID, or NOT_IMPLEMENTED where nothing but that is wrong
 */
export async function readJobFile(
  path: string,
  terminal: Terminal,
  { artifact = noServer, json = false }: { readonly artifact?: ArtifactReader; readonly json?: boolean } = {},
): Promise<JobFile> {
  const file = await inspectJobFile(path, terminal, artifact);
  const errors = file.problems.filter(({ severity }) => severity === 'error');
  if (!json) showProblems(file, errors.length > 0, terminal);
  const { document } = file;
  if (errors.length === 0 && document !== undefined) return { ...file, document };
  throw refusal(file.path, errors, json);
}

/** What is wrong as text with the lines of the document; warnings alone are notes that --quiet leaves out. */
export function showProblems(
  { path, problems, text }: InspectedJobFile,
  isWrong: boolean,
  terminal: Terminal,
): void {
  const shown = renderDiagnostics(text, problems, { color: terminal.color, file: path });
  if (isWrong) terminal.talk(shown);
  else terminal.note(shown);
}

function refusal(path: string, errors: readonly Problem[], json: boolean): QfsError {
  const code = errors.every(({ code }) => code === 'JOB_UNSUPPORTED')
    ? 'NOT_IMPLEMENTED'
    : 'JOB_SPEC_INVALID';
  const [first] = errors;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  const detail = json
    ? `${path}:${first!.line}:${first!.column}: ${first!.message}${more}.`
    : `${path} cannot be used: ${plural(errors.length, 'error')}; see above.`;
  const violations = errors.map(({ message, path: field }) => ({ field, description: message }));
  return new QfsError(code, detail, { violations, diagnostics: errors satisfies readonly Diagnostic[] });
}

function utf8Text(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(path, 'is not UTF-8 text; save it as UTF-8', cause);
  }
}

/** Loads every item once, however often it stands in the job. */
async function loadItems(read: ReadDocument, path: string, terminal: Terminal, artifact: ArtifactReader) {
  const known = new Map<DocumentItem, JobFileItem>();
  const faulty = new Set<DocumentItem>();
  const items: JobFileItem[] = [];
  const problems: Problem[] = [];
  for (const [at, item] of (read.document?.items ?? []).entries()) {
    if (faulty.has(item)) continue;
    try {
      const loaded = known.get(item) ?? {
        item,
        source: await readProgram(item, path, terminal, artifact),
        inputs: await inputsOf(item, artifact),
      };
      known.set(item, loaded);
      items.push(loaded);
    } catch (fault) {
      if (!(fault instanceof ProgramFault)) throw fault;
      faulty.add(item);
      problems.push(read.programProblem(at, fault.message, fault.hint));
    }
  }
  return { items, problems };
}
