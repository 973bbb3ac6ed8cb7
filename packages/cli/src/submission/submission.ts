import type { Client } from '@qfs/client';
import { PRIORITY_DEFAULT } from '@qfs/core';
import type { DocumentItem, JobDocument } from '@qfs/jobspec';
import { type Inputs, inputMessages } from '../inputs.ts';
import type { DialectOptions } from '../options.ts';
import type { ResultsOptions } from '../show-results.ts';
import { readSource, type SourceFile } from '../source-file.ts';
import type { Terminal } from '../terminal.ts';
import { type JobFileItem, readJobFile } from './job-file.ts';
import type { ArtifactReader } from './job-program.ts';
import { type Said, settle } from './precedence.ts';

export interface SubmitOptions extends DialectOptions, ResultsOptions {
  readonly after?: readonly string[];
  readonly idempotencyKey?: string;
  readonly input?: Inputs;
  readonly job?: string;
  readonly name?: string;
  readonly optimizationLevel?: number;
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

/** A job of these files, an item each. */
export async function fileSubmission(
  files: readonly string[],
  options: SubmitOptions,
  terminal: Terminal,
): Promise<Submission> {
  const sources = await Promise.all(files.map((file) => readSource(file, terminal, options.dialect)));
  const flags = saidBy(options);
  const name = files[0] === '-' ? 'stdin' : fileName(files[0]!);
  const items = sources.map((source) => itemMessage(source, flags));
  return { request: { ...jobMessage(settle(flags, { name }), options), items }, sources };
}

/** The job of a job.yaml. */
export async function documentSubmission(
  path: string,
  options: SubmitOptions,
  terminal: Terminal,
  artifact: ArtifactReader,
): Promise<Submission> {
  const json = options.json === true;
  const { document, items } = await readJobFile(path, terminal, { artifact, json });
  const flags = saidBy(options);
  const request = {
    ...jobMessage(settle(flags, saidByDocument(document)), options),
    metadata: { ...document.metadata },
    items: items.map((loaded) => ({
      ...itemMessage(loaded.source, settle(flags, saidByItem(loaded))),
      ...extrasMessage(loaded.item),
    })),
  };
  return { request, sources: items.map(({ source }) => source) };
}

/** What the command line says. */
export function saidBy(options: Omit<SubmitOptions, keyof ResultsOptions>): Said {
  const {
    after,
    input,
    name,
    optimizationLevel: level,
    option,
    priority,
    seed,
    shots,
    tag,
    target,
  } = options;
  return {
    ...(after !== undefined && { dependencies: after }),
    ...(input !== undefined && { inputs: input }),
    ...(name !== undefined && { name }),
    ...(level !== undefined && { compilerOptions: { optimization_level: String(level) } }),
    ...(option !== undefined && { options: Object.fromEntries(option) }),
    ...(priority !== undefined && { priority }),
    ...(seed !== undefined && { seed }),
    ...(shots !== undefined && { shots }),
    ...(tag !== undefined && { tags: tag }),
    ...(target !== undefined && { target }),
  };
}

/** What a job.yaml says of the job as a whole. */
export function saidByDocument({
  dependencies,
  name,
  options,
  priority,
  seed,
  tags,
  target,
}: JobDocument): Said {
  return {
    ...{ dependencies, name, options, tags, target },
    ...(priority !== undefined && { priority }),
    ...(seed !== undefined && { seed }),
  };
}

/** What it says of one circuit. */
export const saidByItem = ({ inputs, item }: JobFileItem): Said => ({
  inputs,
  compilerOptions: item.compilerOptions,
  ...(item.shots !== undefined && { shots: item.shots }),
});

/** The request without its items; what nobody said is left to the program and to the server. */
function jobMessage(
  { dependencies = [], name = '', options = {}, priority, seed, tags = [], target = '' }: Said,
  { reservation }: SubmitOptions,
): Omit<Request, '$typeName' | 'items'> {
  return {
    ...{ name, target, options: { ...options } },
    priority: priority ?? PRIORITY_DEFAULT,
    tags: [...tags],
    dependencies: [...dependencies],
    ...(seed !== undefined && { seed: BigInt(seed) }),
    ...(reservation !== undefined && { reservationId: reservation }),
  };
}

const itemMessage = (source: SourceFile, { compilerOptions = {}, inputs = new Map(), shots = 0 }: Said) => ({
  language: source.language,
  program: utf8(source.text),
  entrypoint: source.entrypoint ?? '',
  compilerOptions: { ...compilerOptions },
  shots,
  inputs: inputMessages(inputs),
});

/** What only a job.yaml can say of a circuit. */
const extrasMessage = ({ memory, observables, parameters }: DocumentItem) => ({
  memory,
  parameters: parameters.map((values) => ({ values: { ...values } })),
  observables: observables.map(({ name, terms }) => ({ name, terms: terms.map((term) => ({ ...term })) })),
});

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
