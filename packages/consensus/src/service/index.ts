/** `@qfs/consensus/service`: the log as a handler of `fabric.v1`. */
export type { CheckOutcome, LogChecks, ReplayOutcome, VerifyOutcome } from './checks.ts';
export { createLogService, createSealService, type LogServicePorts } from './log-service.ts';
export type { Working } from './progress.ts';
