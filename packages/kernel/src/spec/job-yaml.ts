import { stringify } from 'yaml';
import type { InputSpec, ItemSpec, JobSpec } from './job-spec.ts';

/** What a canonical `job.yaml` states. */
export interface JobYaml {
  readonly name: string;
  readonly target: string;
  readonly priority: number;
  readonly seed: number;
  readonly tags: readonly string[];
  readonly spec: JobSpec;
}

/**
 * The job as a version 1 document that gives the same job when it is submitted beside its programs: the seed
 * that was drawn and the defaults that applied are written out. `spec.items` is there when the job is more
 * than one circuit without parameters.
 */
export function writeJobYaml(job: JobYaml): string {
  const { items, options, metadata } = job.spec;
  const [first] = items;
  const program =
    items.length === 1 && first !== undefined && isPlain(first)
      ? { program: { path: first.program, language: first.language }, shots: first.shots, ...compiler(first) }
      : { items: items.map(itemDocument) };
  const document = {
    apiVersion: 'eigen.os/v1',
    kind: 'QuantumJob',
    metadata: { name: documentName(job.name), ...labels(job.tags) },
    spec: {
      ...program,
      target: job.target,
      priority: job.priority,
      seed: job.seed,
      ...options,
      ...(Object.keys(metadata).length === 0 ? {} : { metadata: sorted(metadata) }),
    },
  };
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

const isPlain = (item: ItemSpec): boolean =>
  item.parameters.length === 0 &&
  item.observables.length === 0 &&
  Object.keys(item.inputs).length === 0 &&
  !item.memory;

/** Names in a document are of letters, digits, dot, dash and underscore; what a person typed may not be. */
const documentName = (name: string): string => name.replace(/[^a-zA-Z0-9._-]+/g, '-');

const labels = (tags: readonly string[]): object =>
  tags.length === 0 ? {} : { annotations: { 'qfs/tags': tags.join(', ') } };

const compiler = (item: ItemSpec): object => ({
  ...(item.entrypoint === '' ? {} : { entrypoint: item.entrypoint }),
  ...(Object.keys(item.compilerOptions).length === 0
    ? {}
    : { compiler_options: sorted(item.compilerOptions) }),
});

function itemDocument(item: ItemSpec): object {
  return {
    program: { path: item.program, language: item.language },
    shots: item.shots,
    ...compiler(item),
    ...(item.parameters.length === 0 ? {} : { parameters: item.parameters.map(sorted) }),
    ...(item.observables.length === 0 ? {} : { observables: item.observables }),
    ...(Object.keys(item.inputs).length === 0 ? {} : { inputs: inputDocument(item.inputs) }),
    ...(item.memory ? { memory: true } : {}),
  };
}

const inputDocument = (inputs: Readonly<Record<string, InputSpec>>): object =>
  sorted(
    Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [
        name,
        'integer' in input ? BigInt(input.integer) : Object.values(input)[0],
      ]),
    ),
  );

const sorted = <Value>(map: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
