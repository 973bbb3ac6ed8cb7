/** `@qfs/compiler`: source text to circuit IR, canonical AQO and OpenQASM 3, and verdicts on source text. */
export { type Compiled, type CompileRequest, compileSource } from './compile.ts';
export { COMPILER_OPTIONS } from './compile-options.ts';
export { type CompileFailure, LANGUAGES, type Language } from './languages.ts';
export { type OpenQasm2Text, writeOpenQasm2 } from './openqasm2/write-openqasm2.ts';
export { type CompileReport, passesReference, readReport, reportSchema } from './passes/index.ts';
export { type ReadProgram, readProgram } from './read-program.ts';
export {
  VALIDATION_LEVELS,
  type ValidateRequest,
  type ValidationLevel,
  type Verdict,
  validateSource,
} from './validate.ts';
export { writeQasm } from './write-qasm.ts';
