/** `@qfs/hybrid`: the plan of a hybrid program, estimation of expectation values, and the loop as a machine. */
export { type HybridPlan, type PlannedMinimisation, planSchema, readPlan, writePlan } from './plan.ts';
export { OPTIMUM_PARTS, type OptimumPart, type PlanValue } from './plan-value.ts';
