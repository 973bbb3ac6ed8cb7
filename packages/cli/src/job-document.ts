import type { Observable } from '@qfs/circuit';
import { PRIORITY_DEFAULT, QfsError } from '@qfs/core';
import type { Binding } from '@qfs/simulator';
import { parse } from 'yaml';
import type { Inputs } from './inputs.ts';

/** One item of a job, as its `job.yaml` gives it. */
export interface DocumentItem {
  readonly language: string;
  /** Where the program is: among the artifacts of the job, or beside the document. */
  readonly program: string;
  readonly entrypoint: string;
  readonly compilerOptions: Readonly<Record<string, string>>;
  readonly shots: number;
  /** Inputs that every parameter set has. */
  readonly inputs: Inputs;
  readonly parameters: readonly Readonly<Record<string, number>>[];
  readonly observables: readonly Observable[];
  readonly memory: boolean;
}

export interface JobDocument {
  readonly name: string;
  readonly tags: readonly string[];
  readonly items: readonly DocumentItem[];
  readonly target: string;
  readonly priority: number;
  /** Absent where the server is to draw one. */
  readonly seed?: number;
  /** Of the device. */
  readonly options: ReadonlyMap<string, string>;
  readonly metadata: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<string, unknown>>;

const ROOT_MEMBERS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'spec']);
const METADATA_MEMBERS: ReadonlySet<string> = new Set(['name', 'namespace', 'labels', 'annotations']);

/** Members of `spec` that are no options of the device. */
const SPEC_MEMBERS: ReadonlySet<string> = new Set([
  'program',
  'items',
  'shots',
  'target',
  'priority',
  'seed',
  'metadata',
  'entrypoint',
  'compiler_options',
  'inputs',
  'parameters',
  'observables',
  'memory',
]);

/**
 * Reads a `job.yaml` of version 1 in the form that a platform writes for every job that brought none:
 * `docs/spec/jobs.md`, clause JOB-4.
 * @throws QfsError JOB_SPEC_INVALID with the place that cannot be read
 */
export function readJobDocument(text: string): JobDocument {
  const root = fields(parseYaml(text), 'the document');
  if (root.apiVersion !== 'eigen.os/v1' || root.kind !== 'QuantumJob') {
    throw unreadable('it is no QuantumJob of eigen.os/v1');
  }
  onlyMembers(root, ROOT_MEMBERS, 'the document');
  const metadata = fields(root.metadata ?? {}, 'metadata');
  onlyMembers(metadata, METADATA_MEMBERS, 'metadata');
  const spec = fields(root.spec, 'spec');
  const items = spec.items === undefined ? [readItem(spec, 'spec')] : readItems(spec.items);
  const options = Object.entries(spec).filter(([name]) => !SPEC_MEMBERS.has(name));
  const tags = fields(metadata.annotations ?? {}, 'metadata.annotations')['qfs/tags'];
  return {
    name: wordOf(metadata.name ?? '', 'metadata.name'),
    tags: tags === undefined ? [] : wordOf(tags, 'metadata.annotations.qfs/tags').split(', '),
    items,
    target: wordOf(spec.target, 'spec.target'),
    priority: spec.priority === undefined ? PRIORITY_DEFAULT : integer(spec.priority, 'spec.priority'),
    ...(spec.seed === undefined ? {} : { seed: integer(spec.seed, 'spec.seed') }),
    options: new Map(options.map(([name, value]) => [name, scalar(value, `spec.${name}`)])),
    metadata: texts(spec.metadata, 'spec.metadata'),
  };
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { intAsBigInt: true, maxAliasCount: 0 });
  } catch (cause) {
    throw unreadable((cause as Error).message.split('\n')[0]!.replace(/:$/, ''), cause);
  }
}

function onlyMembers(found: Fields, known: ReadonlySet<string>, path: string): void {
  const other = Object.keys(found).find((name) => !known.has(name));
  if (other !== undefined) throw unreadable(`${path} has the member ${other}, which is not known`);
}

const texts = (value: unknown, path: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields(value ?? {}, path)).map(([name, text]) => [name, scalar(text, `${path}.${name}`)]),
  );

function scalar(value: unknown, path: string): string {
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return String(value);
  throw unreadable(`${path} is neither text, number nor truth value`);
}

function readItems(value: unknown): DocumentItem[] {
  if (!Array.isArray(value)) throw unreadable('spec.items is no list');
  return value.map((item, at) => readItem(fields(item, `spec.items[${at}]`), `spec.items[${at}]`));
}

function readItem(item: Fields, path: string): DocumentItem {
  const program = fields(item.program, `${path}.program`);
  const inputs = Object.entries(fields(item.inputs ?? {}, `${path}.inputs`));
  const sets = item.parameters === undefined ? [] : item.parameters;
  if (!Array.isArray(sets)) throw unreadable(`${path}.parameters is no list`);
  return {
    language: wordOf(program.language, `${path}.program.language`),
    program: wordOf(program.path, `${path}.program.path`),
    entrypoint: wordOf(item.entrypoint ?? '', `${path}.entrypoint`),
    compilerOptions: texts(item.compiler_options, `${path}.compiler_options`),
    shots: integer(item.shots, `${path}.shots`),
    inputs: new Map(inputs.map(([name, value]) => [name, input(value)])),
    parameters: sets.map((set, at) => parameterSet(fields(set, `${path}.parameters[${at}]`))),
    observables: observables(item.observables, path),
    memory: item.memory === true,
  };
}

const parameterSet = (set: Fields): Record<string, number> =>
  Object.fromEntries(Object.entries(set).map(([name, value]) => [name, Number(value)]));

/** What each run of an item is bound to: the inputs alone, or with each parameter set. */
export function bindingsOf({ inputs, parameters }: DocumentItem): Binding[] {
  if (parameters.length === 0) return inputs.size > 0 ? [inputs] : [];
  return parameters.map((set) => new Map([...inputs, ...Object.entries(set)]));
}

function observables(value: unknown, path: string): Observable[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw unreadable(`${path}.observables is no list`);
  return value.map((one) => {
    const { name, terms } = fields(one, `${path}.observables`);
    if (!Array.isArray(terms)) throw unreadable(`${path}.observables has no terms`);
    const read = terms.map((term) => {
      const { coefficient, paulis } = fields(term, `${path}.observables`);
      return { coefficient: Number(coefficient), paulis: String(paulis) };
    });
    return name === undefined || name === '' ? { terms: read } : { name: String(name), terms: read };
  });
}

/** Whole numbers beyond 2^53 can only have been floats: no device takes such integers. */
function input(value: unknown): number | string | boolean {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  throw unreadable('an input is neither number, text nor truth value');
}

function fields(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw unreadable(`${path} is no mapping`);
}

function wordOf(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw unreadable(`${path} is no text`);
}

function integer(value: unknown, path: string): number {
  const number = Number(value);
  if (typeof value === 'bigint' && Number.isSafeInteger(number)) return number;
  throw unreadable(`${path} is no integer`);
}

const unreadable = (why: string, cause?: unknown): QfsError =>
  new QfsError('JOB_SPEC_INVALID', `The job.yaml cannot be read: ${why}.`, { cause });
