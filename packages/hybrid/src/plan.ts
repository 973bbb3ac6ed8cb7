import type { Observable } from '@qfs/circuit';
import type { MethodName } from '@qfs/optimise';

/** A value that JSON can hold. `{"$optimum": "fun"}` stands for a part of the optimum that the end will know. */
export type PlanValue =
  | null
  | boolean
  | number
  | string
  | readonly PlanValue[]
  | { readonly [key: string]: PlanValue };

/** The search that the kernel runs. */
export interface PlannedMinimisation {
  readonly method: MethodName;
  /** One per parameter of the plan, in their order. */
  readonly start: readonly number[];
  readonly iterationsMax?: number;
  readonly tolerance?: number;
}

/**
 * What a hybrid program asks for beside its circuit; kept as `plan.json` next to the compiled circuit. The
 * circuit is compiled once; every evaluation binds its inputs.
 */
export interface HybridPlan {
  readonly entrypoint: string;
  /** The inputs of the circuit, in the order of their declarations. */
  readonly parameters: readonly { readonly name: string; readonly initial?: number }[];
  /** What is minimised, or evaluated once where nothing is minimised. Letters are of the program's qubits. */
  readonly observable?: Observable;
  readonly minimisation?: PlannedMinimisation;
  /** What the program returns. */
  readonly outputs?: PlanValue;
}
