/** Passes over circuits: what compiles a program for a target, or makes it shorter where it stands. */
export type * from './contract.ts';
export { OPTIMISATION_LEVELS } from './contract.ts';
export { optimiseProgram } from './manager/optimise-program.ts';
export { passesReference } from './manager/reference.ts';
export { type CompileReport, readReport, reportSchema, writeReport } from './report.ts';
