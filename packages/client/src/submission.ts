import type { MessageInitShape } from '@bufbuild/protobuf';
import type { InputValueSchema, SubmitJobRequestSchema } from '@qfs/rpc/api';

/** One program with everything it is to be run with. */
export interface SubmittedProgram {
  readonly language: 'openqasm3' | 'openqasm2' | 'eigen-lang' | 'aqo';
  readonly program: string | Uint8Array;
  readonly shots?: number;
  /** One record per run of a sweep: values by name of the input. */
  readonly parameters?: readonly Readonly<Record<string, number>>[];
  readonly observables?: readonly {
    readonly name?: string;
    readonly terms: readonly { readonly coefficient: number; readonly paulis: string }[];
  }[];
  /** Values of inputs for every run; bit registers as text, highest bit leftmost. */
  readonly inputs?: Readonly<Record<string, number | boolean | string>>;
  readonly memory?: boolean;
}

/** A job: one program or a batch of them. */
export interface JobSubmission {
  readonly items: readonly SubmittedProgram[];
  readonly name?: string;
  readonly target?: string;
  readonly priority?: number;
  readonly seed?: number;
  readonly method?: string;
  readonly precision?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly parentJobId?: string;
  /** Sending the same submission twice under one key makes one job. */
  readonly idempotencyKey?: string;
}

export interface SubmittedJob {
  readonly jobId: string;
  readonly logIndex: number;
  /** An earlier submission with the same key made this job. */
  readonly replayed: boolean;
}

type Request = MessageInitShape<typeof SubmitJobRequestSchema>;

export function submitRequest(job: JobSubmission): Request {
  const request = {
    items: job.items.map((item) => ({
      language: item.language,
      program: typeof item.program === 'string' ? new TextEncoder().encode(item.program) : item.program,
      shots: item.shots ?? 0,
      parameters: (item.parameters ?? []).map((values) => ({ values })),
      observables: (item.observables ?? []).map(({ name = '', terms }) => ({ name, terms: [...terms] })),
      inputs: Object.fromEntries(
        Object.entries(item.inputs ?? {}).map(([name, value]) => [name, inputValue(value)]),
      ),
      memory: item.memory ?? false,
    })),
    name: job.name ?? '',
    target: job.target ?? '',
    priority: job.priority ?? 0,
    method: job.method ?? '',
    precision: job.precision ?? '',
    tags: [...(job.tags ?? [])],
    metadata: { ...job.metadata },
    parentJobId: job.parentJobId ?? '',
    envelope: { idempotencyKey: job.idempotencyKey ?? '' },
  };
  return job.seed === undefined ? request : { ...request, seed: BigInt(job.seed) };
}

function inputValue(value: number | boolean | string): MessageInitShape<typeof InputValueSchema> {
  if (typeof value === 'boolean') return { value: { case: 'boolean', value } };
  if (typeof value === 'string') return { value: { case: 'bits', value } };
  if (Number.isSafeInteger(value)) return { value: { case: 'integer', value: BigInt(value) } };
  return { value: { case: 'number', value } };
}
