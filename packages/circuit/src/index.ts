/** `@qfs/circuit`: gate table, circuit IR, AQO documents, counts, metrics, drawings. */
export { AQO_VERSIONS, aqoDigest, readAqo, writeAqo, writeAqoProto } from './aqo/aqo.ts';
export { isAqoMessage } from './aqo/message.ts';
export { aqoSchema } from './aqo/nodes.ts';
export { type CompileTarget, readTarget, type TargetErrors, writeTarget } from './compile-target.ts';
export { bitTarget, constantBit, constantIndex, isStatic, OPEN_LENGTH } from './constants.ts';
export {
  type Counts,
  type CountsLayout,
  countsLayout,
  formatKey,
  type KeyCharacter,
  orderCounts,
} from './counts.ts';
export {
  COUNTS_ORDERS,
  type CountsOrder,
  type DrawCountsOptions,
  drawCounts,
  sortCounts,
} from './draw/counts.ts';
export type { DrawOptions } from './draw/layout.ts';
export { type DrawSvgOptions, drawSvg } from './draw/svg.ts';
export { type DrawTextOptions, drawText } from './draw/text.ts';
export { type Finding, findingsOf } from './findings.ts';
export { decompositionOf, gateMatrix, gateOf, inverseOf } from './gates/apply.ts';
export {
  type Gate,
  type GateDrawing,
  type GateFamily,
  type GateSymbol,
  INCLUDES,
  type Include,
} from './gates/gate.ts';
export { gatesReference } from './gates/reference.ts';
export { GATES, gateByName } from './gates/table.ts';
export type * from './ir.ts';
export { type Metrics, metricsOf } from './metrics.ts';
export type { Observable } from './observable.ts';
export {
  argumentsOf,
  candidatesOf,
  operandsOf,
  partsOf,
  TouchedCollector,
  targetExpressions,
  targetVariables,
  touchedQubits,
} from './parts.ts';
export {
  type CircuitResult,
  type ExpectationValue,
  type ItemResults,
  type Optimization,
  type ResultMetadata,
  type Results,
  readResults,
  writeResults,
} from './results.ts';
export {
  activeQubits,
  addGateQubits,
  expressionsIn,
  expressionsOf,
  instructionsIn,
  isConstantGate,
} from './walk.ts';
