import { stringify } from 'yaml';
import type { DocumentItem, JobDocument, ProgramSource } from './contract.ts';
import { writeArtifactRef } from './meaning/references.ts';
import { DEVICE_OPTIONS } from './versions/v1.ts';

/** How every canonical document begins. */
export const CANONICAL_HEAD = 'apiVersion: eigen.os/v1\nkind: QuantumJob\nmetadata:\n';

/**
 * The canonical document of version 1: reading it and writing it again gives the same bytes. `spec.items` is there
 * when the job is more than one circuit without parameters.
 */
export function writeJobDocument(job: JobDocument): string {
  const [first] = job.items;
  // One circuit of a benchmark would be read as several.
  const isSingle = job.items.length === 1 && isPlain(first!) && job.workload !== 'BenchmarkJob';
  const document = {
    apiVersion: 'eigen.os/v1',
    kind: 'QuantumJob',
    metadata: {
      name: documentName(job.name),
      ...(job.tags.length > 0 && { annotations: { 'qfs/tags': job.tags.join(', ') } }),
    },
    spec: {
      ...(isSingle ? itemDocument(first!) : { items: job.items.map(itemDocument) }),
      target: job.target,
      ...(job.priority !== undefined && { priority: job.priority }),
      ...(job.seed !== undefined && { seed: job.seed }),
      ...(job.workload !== 'QuantumJob' && { workload: { kind: job.workload } }),
      ...optionsDocument(job.options),
      ...filled('metadata', sorted(notes(job))),
      ...(job.dependencies.length > 0 && { dependencies: job.dependencies }),
    },
  };
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** A program, how often, and how to compile it: more has the form of an item. */
const isPlain = (item: DocumentItem): boolean =>
  item.parameters.length === 0 &&
  item.observables.length === 0 &&
  Object.keys(item.inputs).length === 0 &&
  Object.keys(item.inputRefs).length === 0 &&
  !item.memory;

/** The kind of the workload has its own member. */
const notes = ({ metadata, workload }: JobDocument): Readonly<Record<string, string>> => {
  const { workload: noted, ...others } = metadata;
  return noted === undefined || noted === workload ? others : metadata;
};

/** Names in a document are of letters, digits, dot, dash and underscore; what a person typed may not be. */
const documentName = (name: string): string => name.replace(/[^a-zA-Z0-9._-]+/g, '-').slice(0, 128) || 'job';

function itemDocument(item: DocumentItem): object {
  return {
    program: programDocument(item.program, item.language),
    ...(item.shots !== undefined && { shots: item.shots }),
    ...(item.entrypoint !== '' && { entrypoint: item.entrypoint }),
    ...filled('compiler_options', sorted(item.compilerOptions)),
    ...(item.parameters.length > 0 && { parameters: item.parameters.map(sorted) }),
    ...(item.observables.length > 0 && { observables: item.observables }),
    ...filled('inputs', sorted(item.inputs)),
    ...filled('input_refs', sorted(mapped(item.inputRefs, writeArtifactRef))),
    ...(item.memory && { memory: true }),
  };
}

function programDocument(program: ProgramSource, language: string): object {
  const rest = {
    ...(language !== '' && { language }),
    ...(program.sha256 !== undefined && { sha256: program.sha256 }),
  };
  if (program.kind === 'path') return { path: program.path, ...rest };
  if (program.kind === 'inline') return { inline: program.text, ...rest };
  return { uri: writeArtifactRef(program.ref), ...rest };
}

function optionsDocument(options: JobDocument['options']): object {
  const entries = Object.entries(options);
  const named = entries.filter(([name]) => Object.hasOwn(DEVICE_OPTIONS, name));
  const others = entries.filter(([name]) => !Object.hasOwn(DEVICE_OPTIONS, name));
  return { ...sorted(Object.fromEntries(named)), ...filled('options', sorted(Object.fromEntries(others))) };
}

const filled = (name: string, map: Readonly<Record<string, unknown>>): object =>
  Object.keys(map).length === 0 ? {} : { [name]: map };

const mapped = <From, To>(
  map: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));

const sorted = <Value>(map: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
