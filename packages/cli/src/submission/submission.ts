import type { Client } from '@qfs/client';
import { PRIORITY_DEFAULT, QfsError, REQUEST_BODY_BYTES_MAX } from '@qfs/core';
import { type Inputs, inputMessages } from '../inputs.ts';
import { type DocumentItem, readJobDocument } from '../job-document.ts';
import { type DialectOptions, SHOTS_DEFAULT } from '../options.ts';
import { readFile } from '../read-file.ts';
import type { ResultsOptions } from '../show-results.ts';
import { readSource, type SourceFile } from '../source-file.ts';
import type { Terminal } from '../terminal.ts';

export interface SubmitOptions extends DialectOptions, ResultsOptions {
  readonly after?: readonly string[];
  readonly idempotencyKey?: string;
  readonly input?: Inputs;
  readonly job?: string;
  readonly name?: string;
  readonly option?: ReadonlyMap<string, string>;
  readonly plain?: boolean;
  readonly priority?: number;
  readonly reservation?: string;
  readonly seed?: number;
  readonly shots?: number;
  readonly tag?: readonly string[];
  readonly target?: string;
  readonly timeout?: number;
  readonly wait?: boolean;
  readonly watch?: boolean;
}

type Request = Parameters<Client['submit']>[0];

/** A request, and the programs in it as people wrote them. */
export interface Submission {
  readonly request: Request;
  readonly sources: readonly SourceFile[];
}

const TARGET_DEFAULT = 'sim:local';

/** A job of these files, an item each. */
export async function fileSubmission(
  files: readonly string[],
  options: SubmitOptions,
  terminal: Terminal,
): Promise<Submission> {
  const sources = await Promise.all(files.map((file) => readSource(file, terminal, options.dialect)));
  const items = sources.map(({ language, text }) => ({
    language,
    program: utf8(text),
    shots: options.shots ?? SHOTS_DEFAULT,
    inputs: inputMessages(options.input ?? new Map()),
  }));
  const name = options.name ?? (files[0] === '-' ? 'stdin' : fileName(files[0]!));
  const head = { name, target: TARGET_DEFAULT, priority: PRIORITY_DEFAULT };
  return { request: { ...head, ...said(options), items }, sources };
}

/** A job.yaml and its programs, which lie beside it. */
export async function readJobFile(path: string, terminal: Terminal) {
  const bytes = await readFile(path, 'a job.yaml', REQUEST_BODY_BYTES_MAX, terminal);
  const document = readJobDocument(new TextDecoder().decode(bytes));
  const folder = path === '-' ? '' : path.replace(/[^/\\]*$/, '');
  const sources = await Promise.all(document.items.map((item) => readProgram(item, folder, terminal)));
  return { document, sources };
}

/** The job of a job.yaml. */
export async function documentSubmission(
  path: string,
  options: SubmitOptions,
  terminal: Terminal,
): Promise<Submission> {
  const { document, sources } = await readJobFile(path, terminal);
  const { metadata, name, priority, seed, tags, target } = document;
  const request = {
    name,
    target,
    priority,
    metadata,
    tags: [...tags],
    options: Object.fromEntries(document.options),
    ...(seed === undefined ? {} : { seed: BigInt(seed) }),
  };
  const items = document.items.map((item, at) => itemMessage(item, sources[at]!, options));
  return { request: { ...request, ...said(options), items }, sources };
}

/** What the command line says of the job as a whole. */
function said(options: SubmitOptions): Omit<Request, '$typeName' | 'items'> {
  const { after, name, option, priority, reservation, seed, tag, target } = options;
  return {
    ...(name !== undefined && { name }),
    ...(target !== undefined && { target }),
    ...(priority !== undefined && { priority }),
    ...(seed !== undefined && { seed: BigInt(seed) }),
    ...(tag !== undefined && { tags: [...tag] }),
    ...(after !== undefined && { dependencies: [...after] }),
    ...(reservation !== undefined && { reservationId: reservation }),
    ...(option !== undefined && { options: Object.fromEntries(option) }),
  };
}

/** Whoever writes a job.yaml names files beside it, and no others. */
async function readProgram({ language, program }: DocumentItem, folder: string, terminal: Terminal) {
  if (/^(?:[\\/]|[A-Za-z]:)/.test(program) || program.split(/[\\/]/).includes('..')) {
    throw new QfsError(
      'JOB_SPEC_INVALID',
      `The program "${program}" of the job.yaml is not beside it; give a path below its folder.`,
    );
  }
  const source = await readSource(`${folder}${program}`, terminal);
  return { ...source, language: language as SourceFile['language'] };
}

function itemMessage(item: DocumentItem, source: SourceFile, { input = new Map(), shots }: SubmitOptions) {
  const { compilerOptions, entrypoint, inputs, language, memory, observables, parameters } = item;
  return {
    language,
    program: utf8(source.text),
    entrypoint,
    compilerOptions: { ...compilerOptions },
    shots: shots ?? item.shots,
    memory,
    inputs: inputMessages(new Map([...inputs, ...input])),
    parameters: parameters.map((values) => ({ values: { ...values } })),
    observables: observables.map(({ name = '', terms }) => ({
      name,
      terms: terms.map((term) => ({ ...term })),
    })),
  };
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
