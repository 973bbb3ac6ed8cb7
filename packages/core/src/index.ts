/** `@qfs/core`: what every room shares. The exact, json, math and crypto entries stand beside it. */
export { CANCEL_OUTCOMES, type CancelAnswer, type CancelOutcome } from './cancel-outcomes.ts';
export type { Diagnostic } from './diagnostic.ts';
export {
  ERRORS,
  type ErrorCode,
  type ErrorRow,
  type GrpcCode,
  isErrorCode,
  QfsError,
  type QfsErrorOptions,
} from './errors.ts';
export { AssertionError, assert, unreachable } from './exact/assert.ts';
export { err, ok, type Result } from './exact/result.ts';
export * from './limits.ts';
export { nearestName } from './nearest-name.ts';
export type {
  AppliedEntry,
  Clock,
  Randomness,
  SqlDatabase,
  SqlRow,
  SqlValue,
  StoreCall,
  StoreContext,
  StoreModule,
  StoreOperation,
  StoreWriter,
  Timers,
  UnitOfWork,
} from './ports.ts';
