/** `@qfs/hybrid`: the plan of a hybrid program, estimation of expectation values, and the loop as a machine. */
export { CountedObjective } from './counted.ts';
export { type Evaluations, HybridRun } from './hybrid-run.ts';
export { layOut } from './lay-out.ts';
export type { IterationRecord, Measured } from './loop.ts';
export { type HybridPlan, planSchema, readPlan, writePlan } from './plan.ts';
export { planOfCircuit } from './plan-of-circuit.ts';
export { OPTIMUM_PARTS, type OptimumPart, type PlanValue } from './plan-value.ts';
export { concludeAll, differentiatedIn, measuredIn, measuredOf } from './results.ts';
export { LOOP_SETTINGS, type LoopWishes, readLoopWishes } from './settings.ts';
export { ShiftedCircuit } from './shift-rule.ts';
