import type { Diagnostic } from '@qfs/core';
import type { ProblemCode } from './problems.ts';

/** Something that is wrong or odd in a document. */
export interface Problem extends Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: ProblemCode;
  /** The path of the member, for example `spec.items[0].program.path`; empty for the whole document. */
  readonly path: string;
}

/** An artifact of an earlier job: `circuit_fs/<job_id>/<name>`, and of a JSON document one value in it. */
export interface ArtifactRef {
  readonly jobId: string;
  readonly name: string;
  /** JSON pointer (RFC 6901): `/items/0/shots`. */
  readonly pointer?: string;
}

/** Where the text of a program is. */
export type ProgramSource = { readonly sha256?: string } & (
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'inline'; readonly text: string }
  | { readonly kind: 'artifact'; readonly ref: ArtifactRef }
);

/** The value of an input; integers are bigint because they may have 64 bits, bits and arrays are text. */
export type InputValue = number | bigint | boolean | string;

export interface DocumentItem {
  /** Empty: as `languageOf` finds it from the name and the text of the program. */
  readonly language: string;
  readonly program: ProgramSource;
  /** Empty: the one entry that the program has. */
  readonly entrypoint: string;
  readonly compilerOptions: Readonly<Record<string, string>>;
  /** Absent: what the program says, else the default of the platform. */
  readonly shots?: number;
  readonly parameters: readonly Readonly<Record<string, number>>[];
  readonly observables: readonly {
    readonly name: string;
    readonly terms: readonly { readonly coefficient: number; readonly paulis: string }[];
  }[];
  readonly inputs: Readonly<Record<string, InputValue>>;
  /** Inputs whose values stand in artifacts of earlier jobs, by name. */
  readonly inputRefs: Readonly<Record<string, ArtifactRef>>;
  readonly memory: boolean;
}

/** The kinds of work that a document may ask for; those that are not `executed` are refused with the reason. */
export const WORKLOAD_KINDS = {
  QuantumJob: { executed: true, help: 'circuits, once' },
  HybridWorkflow: { executed: true, help: 'a loop of circuit and optimiser, run by the platform' },
  BenchmarkJob: { executed: true, help: 'a circuit several times with one seed; equal counts are checked' },
  DistributedJob: { executed: false, help: 'there are no clusters of workers to cut a job up for' },
  PipelineJob: { executed: false, help: 'there are no stages with hand-over; use dependencies between jobs' },
  ReplayJob: { executed: false, help: 'replays are made by "eigen-cli replay" from the record of the job' },
} as const satisfies Record<string, { readonly executed: boolean; readonly help: string }>;
export type WorkloadKind = keyof typeof WORKLOAD_KINDS;

/** What a `job.yaml` of any version means. */
export interface JobDocument {
  readonly version: 'eigen.os/v0.1' | 'eigen.os/v1';
  readonly workload: WorkloadKind;
  readonly name: string;
  readonly tags: readonly string[];
  readonly items: readonly DocumentItem[];
  readonly target: string;
  readonly priority?: number;
  /** Absent: what the program says, else the server draws one. */
  readonly seed?: number;
  /** Settings for the device by name: `method`, `precision`, `noise_model` and what it documents. */
  readonly options: Readonly<Record<string, string>>;
  /** Notes, and the terms of the job that travel there: `max_iters`, `optimizer`, `tol`, `retry.*`, `label.*`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
}

export interface ReadDocument {
  /** Present exactly if no problem is an error. */
  readonly document?: JobDocument;
  /** In the order of their places. */
  readonly problems: readonly Problem[];
  /** A problem with the program of an item, or its inputs, that shows only outside of the document. */
  programProblem(item: number, message: string, hint?: string): Problem;
}
