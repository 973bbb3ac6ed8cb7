import type { Observable, Program } from '@qfs/circuit';
import type { OutputName } from './value.ts';

/** What a program says of itself in its decorator: the weakest word on each, below job.yaml and flags. */
export interface ProgramDefaults {
  readonly compiler?: string;
  readonly target?: string;
  readonly shots?: number;
  readonly optimizationLevel?: number;
  readonly seed?: number;
  readonly noiseModel?: string;
  readonly metadata?: PlainValue;
}

/** Values that JSON can hold, and the parts of an optimum that will be known at the end. */
export type PlainValue =
  | null
  | boolean
  | number
  | string
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue }
  | OutputReference;

export interface OutputReference {
  readonly output: OutputName;
}

export interface ProgramParameter {
  readonly name: string;
  /** Where the search begins, if the program says so. */
  readonly initial: number | undefined;
}

/** The loop that the kernel runs: the objective is the expectation of the observable after the circuit. */
export interface Minimisation {
  readonly observable: Observable;
  /** A name of the table of optimisers, in upper case. */
  readonly method: string;
  readonly start: readonly number[];
  readonly iterationsMax: number | undefined;
  readonly tolerance: number | undefined;
}

/** What an Eigen-Lang program means. */
export interface HybridProgram {
  readonly entrypoint: string;
  /** One input of type float[64] for each parameter, in the order of their declarations. */
  readonly circuit: Program;
  readonly parameters: readonly ProgramParameter[];
  /** The program measured nothing, so every qubit is measured at the end. */
  readonly measuredByDefault: boolean;
  readonly defaults: ProgramDefaults;
  /** Of an ExpectationValue outside of a minimisation, or of its objective. */
  readonly observable: Observable | undefined;
  readonly minimisation: Minimisation | undefined;
  /** What the program returns. */
  readonly outputs: PlainValue | undefined;
}
