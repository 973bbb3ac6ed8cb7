import { type DocumentItem, type InputValue, writeJobDocument } from '@qfs/jobspec';
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
 * that was drawn and the defaults that applied are written out, except for the shots of a hybrid program; the
 * jobs that it waited for are not.
 */
export const writeJobYaml = ({ spec, ...job }: JobYaml): string =>
  writeJobDocument({
    ...job,
    version: 'eigen.os/v1',
    workload: 'QuantumJob',
    items: spec.items.map(documentItem),
    options: spec.options,
    metadata: spec.metadata,
    dependencies: [],
  });

const documentItem = ({ inputs, program, shots, shotsByDefault, ...item }: ItemSpec): DocumentItem => ({
  ...item,
  // Whether anybody asked for shots decides how a hybrid program is evaluated, so a default stays unsaid.
  ...(shotsByDefault === true && item.language === 'eigen-lang' ? {} : { shots }),
  program: { kind: 'path', path: program },
  inputs: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, inputValue(input)])),
  inputRefs: {},
});

const inputValue = (input: InputSpec): InputValue =>
  'integer' in input ? BigInt(input.integer) : (Object.values(input)[0] as InputValue);
