/** `@qfs/hybrid`: the plan of a hybrid program, estimation of expectation values, and the loop as a machine. */
export type { HybridPlan, PlannedMinimisation, PlanValue } from './plan.ts';
