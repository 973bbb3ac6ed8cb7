/** `@qfs/qasm`: OpenQASM 3 and 2 as text, as syntax tree and as circuit IR, with every finding placed. */
export { Budget } from './budget.ts';
export {
  DIAGNOSTICS,
  type DiagnosticCode,
  type DiagnosticPhase,
  type DiagnosticRow,
  isDiagnosticCode,
} from './diagnostic-codes.ts';
export { diagnosticsReference } from './diagnostics-reference.ts';
export { dialectsReference } from './dialects-reference.ts';
export { OWN_ANNOTATIONS } from './lower/annotations.ts';
export { isFreeName } from './names.ts';
export { type OpenQasm2Form, openQasm2Forms, openQasm2Names } from './openqasm2/forms.ts';
export { printProgram } from './print.ts';
export { floatText, printExpression, printType } from './print-expression.ts';
export { type RenderOptions, renderDiagnostics } from './render-diagnostics.ts';
export {
  type LoweredSource,
  lowerSource,
  lowerSourceWithin,
  type ParsedSource,
  parseSource,
  type SourceDialect,
  type SourceStage,
} from './source.ts';
export type * from './syntax/ast.ts';
