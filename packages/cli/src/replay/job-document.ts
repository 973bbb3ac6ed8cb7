import type { Observable } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import type { Binding } from '@qfs/simulator';
import { parse } from 'yaml';

/** One item of a job, as its `job.yaml` gives it. */
export interface ReplayItem {
  readonly language: string;
  /** Name of the program's artifact. */
  readonly program: string;
  readonly shots: number;
  readonly parameters: readonly Binding[];
  readonly observables: readonly Observable[];
  readonly memory: boolean;
}

export interface ReplayJob {
  readonly items: readonly ReplayItem[];
  readonly target: string;
  readonly seed: number;
  readonly options: ReadonlyMap<string, string>;
}

type Fields = Readonly<Record<string, unknown>>;

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
]);

/**
 * Reads the `job.yaml` that a platform writes for every job that brought none: `docs/spec/jobs.md`, clause
 * JOB-4.
 * @throws QfsError JOB_SPEC_INVALID for a document of another form, which only the server can run again
 */
export function readJobDocument(text: string): ReplayJob {
  const document: unknown = parse(text, { intAsBigInt: true, maxAliasCount: 0 });
  const root = fields(document, 'the document');
  if (root.apiVersion !== 'eigen.os/v1' || root.kind !== 'QuantumJob') {
    throw unreadable('it is no QuantumJob of eigen.os/v1');
  }
  const spec = fields(root.spec, 'spec');
  const items = spec.items === undefined ? [readItem(spec, 'spec')] : readItems(spec.items);
  const options = Object.entries(spec).filter(([name]) => !SPEC_MEMBERS.has(name));
  return {
    items,
    target: wordOf(spec.target, 'spec.target'),
    seed: integer(spec.seed, 'spec.seed'),
    options: new Map(options.map(([name, value]) => [name, String(value)])),
  };
}

function readItems(value: unknown): ReplayItem[] {
  if (!Array.isArray(value)) throw unreadable('spec.items is no list');
  return value.map((item, at) => readItem(fields(item, `spec.items[${at}]`), `spec.items[${at}]`));
}

function readItem(item: Fields, path: string): ReplayItem {
  const program = fields(item.program, `${path}.program`);
  const inputs = new Map(
    Object.entries(fields(item.inputs ?? {}, `${path}.inputs`)).map(([name, value]) => [name, input(value)]),
  );
  const sets = item.parameters === undefined ? [] : item.parameters;
  if (!Array.isArray(sets)) throw unreadable(`${path}.parameters is no list`);
  const parameters = sets.map((set, at) => {
    const values = Object.entries(fields(set, `${path}.parameters[${at}]`));
    return new Map([...inputs, ...values.map(([name, value]) => [name, Number(value)] as const)]);
  });
  return {
    language: wordOf(program.language, `${path}.program.language`),
    program: wordOf(program.path, `${path}.program.path`),
    shots: integer(item.shots, `${path}.shots`),
    parameters: parameters.length === 0 && inputs.size > 0 ? [inputs] : parameters,
    observables: observables(item.observables, path),
    memory: item.memory === true,
  };
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

const unreadable = (why: string): QfsError =>
  new QfsError(
    'JOB_SPEC_INVALID',
    `The job.yaml of the job cannot be run here: ${why}. Run the job again on its server with --on-server.`,
  );
