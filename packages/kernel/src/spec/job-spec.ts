import type { RetryPolicy } from '../retry.ts';
import type { OpenJobLimits } from '../store/operations.ts';
import type { JobTerms } from './job-terms.ts';

/** The languages of programs, and the name under which a program of each is kept. */
export const LANGUAGES = {
  openqasm3: 'program.qasm',
  openqasm2: 'program.qasm',
  'openqasm3-braket': 'program.qasm',
  aqo: 'program.aqo.json',
  'eigen-lang': 'program.eigen.py',
} as const;

export type Language = keyof typeof LANGUAGES;
export const isLanguage = (text: string): text is Language => Object.hasOwn(LANGUAGES, text);

/** One weighted Pauli sum. */
interface ObservableSpec {
  readonly name: string;
  readonly terms: readonly { readonly coefficient: number; readonly paulis: string }[];
}

/** The value of an `input`. Integers are text because they may have 64 bits. */
export type InputSpec =
  | { readonly number: number }
  | { readonly integer: string }
  | { readonly boolean: boolean }
  | { readonly bits: string };

/** One item of a job, without the bytes of its program. */
export interface ItemSpec {
  readonly language: Language;
  /** Name of the program's artifact. */
  readonly program: string;
  readonly shots: number;
  /** Nobody asked for these shots. */
  readonly shotsByDefault?: true;
  readonly parameters: readonly Readonly<Record<string, number>>[];
  readonly observables: readonly ObservableSpec[];
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly memory: boolean;
  readonly entrypoint: string;
  readonly compilerOptions: Readonly<Record<string, string>>;
}

/** What the pipeline needs of a job; kept as JSON beside its row. */
export interface JobSpec {
  readonly items: readonly ItemSpec[];
  /** Settings for the device by name: `method`, `precision` and what its driver documents. */
  readonly options: Readonly<Record<string, string>>;
  /** What the submitter noted, for people. */
  readonly metadata: Readonly<Record<string, string>>;
  /** How the job asked to be tried again. */
  readonly retry?: RetryPolicy;
  /** How many shots the job may take, its searches included. */
  readonly shotsMax?: number;
  /** Ids of jobs that must be DONE before this one begins. */
  readonly dependencies?: readonly string[];
}

/** Members of `spec` in job.yaml that no option of a device may be called. */
export const SPEC_MEMBERS: ReadonlySet<string> = new Set([
  'compiler_options',
  'dependencies',
  'entrypoint',
  'inputs',
  'items',
  'memory',
  'metadata',
  'observables',
  'parameters',
  'priority',
  'program',
  'seed',
  'shots',
  'target',
]);

/** A checked submission. */
export interface JobRequest extends Omit<JobTerms, 'retry'> {
  readonly name: string;
  readonly target: string;
  readonly priority: number;
  readonly seed: number | undefined;
  readonly method: string;
  readonly precision: string;
  readonly tags: readonly string[];
  readonly door: string;
  readonly parentJobId: string;
  readonly sessionId: string;
  readonly reservationId: string;
  /** Bounds on open jobs that the submitter asks for. */
  readonly wishes: OpenJobLimits;
  readonly spec: JobSpec;
  /** Of the widest item, as the door found it; 0: not known. */
  readonly activeQubits: number;
  /** Bytes of the programs, in the order of the items. */
  readonly programs: readonly Uint8Array[];
  /** `job.yaml` as it was submitted; empty when there was none. */
  readonly jobYaml: Uint8Array;
}

/** Where an artifact of item `index` lies: at the top for a single circuit, else in the item's folder. */
export const itemArtifact = (name: string, index: number, itemCount: number): string =>
  itemCount === 1 ? name : `items/${index}/${name}`;

/** Shots of the whole job: every parameter set of every item runs its item's shots. */
export const totalShots = (items: readonly ItemSpec[]): number =>
  items.reduce((sum, item) => sum + item.shots * Math.max(1, item.parameters.length), 0);
