import type { CompileTarget, Parameter, Program } from '@qfs/circuit';

/**
 * A gate of a run: a name of the gate table on constant qubits, without control modifiers. Its parameters are
 * numbers (radians), or expressions over inputs of the program that nothing assigns to. Every operand in
 * them is of
 * type float[64] or stands under a cast to it, so that sums and multiples of them are exact and never wrap.
 */
export interface Op {
  readonly gate: string;
  readonly parameters: readonly Parameter[];
  readonly qubits: readonly number[];
}

/**
 * Gates that follow each other with nothing between them but gates: no measurement, reset, barrier, delay or
 * control flow. As a unitary it is e^{i·phase} times the product of its operations, the first applied first.
 */
export interface Run {
  readonly ops: readonly Op[];
  /** Radians. Every pass keeps the unitary with its phase. */
  readonly phase: Parameter;
}

export const OPTIMISATION_LEVELS = [0, 1, 2, 3] as const;
export type OptimisationLevel = (typeof OPTIMISATION_LEVELS)[number];

/** What a pass may know beside its run. */
export interface PassContext {
  /** Qubits of the program, or of the device once the circuit is laid out on it. */
  readonly qubits: number;
  readonly target: CompileTarget | undefined;
  readonly level: OptimisationLevel;
}

/** A pass that rewrites one run where it stands. A function of its arguments alone. */
export interface RunPass {
  readonly name: string;
  /** One sentence, for `eigen-cli explain` and the reference. */
  readonly help: string;
  run(run: Run, context: PassContext): Run;
}

export interface CircuitSize {
  readonly depth: number;
  readonly gates: number;
  readonly twoQubitGates: number;
}

/** What one pass did to the whole program. */
export interface PassReport {
  readonly pass: string;
  readonly before: CircuitSize;
  readonly after: CircuitSize;
}

/** Where the qubits of the program are on the device: `initial[q]` at the start, `final[q]` at the end. */
export interface Layout {
  readonly initial: readonly number[];
  readonly final: readonly number[];
}

export interface OptimiseOptions {
  readonly level: OptimisationLevel;
  readonly target?: CompileTarget;
  /** Of the searches for a layout; equal seeds give equal bytes. */
  readonly seed?: number;
}

export interface OptimisedProgram {
  readonly program: Program;
  readonly passes: readonly PassReport[];
  /** Present when the circuit was laid out on the qubits of a target. */
  readonly layout?: Layout;
}
