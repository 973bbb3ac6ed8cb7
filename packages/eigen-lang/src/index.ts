/** `@qfs/eigen-lang`: programs in a restricted Python, read and never executed. */
export type * from './ast.ts';
export type {
  HybridProgram,
  Minimisation,
  OutputReference,
  PlainValue,
  ProgramDefaults,
  ProgramParameter,
} from './evaluate/hybrid-program.ts';
export { EIGEN_DIAGNOSTICS, type EigenDiagnosticCode } from './findings.ts';
export { type LoweredProgram, lowerProgram } from './lower.ts';
export { type ParsedProgram, parseProgram } from './parse.ts';
