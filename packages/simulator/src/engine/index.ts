/** `@qfs/simulator/engine`: the engine as a supervised process, and the same interface inside the caller's. */
export type * from '../engine-contract.ts';
export { createEngine, type EngineLogRecord, type EngineSettings, type SupervisedEngine } from './engine.ts';
export { createInlineEngine } from './inline-engine.ts';
