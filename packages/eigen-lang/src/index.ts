/** `@qfs/eigen-lang`: programs in a restricted Python, read and never executed. */
export type * from './ast.ts';
export type { HybridProgram, ProgramDefaults } from './evaluate/hybrid-program.ts';
export { EIGEN_DIAGNOSTICS, type EigenDiagnosticCode } from './findings.ts';
export { type LoweredProgram, lowerProgram, lowerProgramWithin } from './lower.ts';
export { type ParsedProgram, parseProgram } from './parse.ts';
export { eigenLangReference } from './reference.ts';
