import type { Program } from '@qfs/circuit';
import type { HybridPlan, PlanValue } from '@qfs/hybrid';

/** What a program says of itself in its decorator: the weakest word on each, below job.yaml and flags. */
export interface ProgramDefaults {
  /** Read, and without a meaning: there is one compiler. */
  readonly compiler?: string;
  readonly target?: string;
  readonly shots?: number;
  readonly optimizationLevel?: number;
  readonly seed?: number;
  readonly noiseModel?: string;
  readonly metadata?: Readonly<Record<string, PlanValue>>;
}

/** What an Eigen-Lang program means. */
export interface HybridProgram {
  /** One input of type float[64] for each parameter, in the order of their declarations, behind the bits. */
  readonly circuit: Program;
  readonly defaults: ProgramDefaults;
  /** Absent when the program is a circuit and nothing more. */
  readonly plan?: HybridPlan;
}
