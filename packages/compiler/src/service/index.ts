/** `@qfs/compiler/service`: the compiler as a handler of the internal edge `eigen.internal.v1`. */
export { createCompilationService, type ServiceBounds } from './compilation-service.ts';
export { NeedsMore } from './program-cache.ts';
export { COMPILE_STAGES, type CompileStage, type StageWatch, type WatchStages } from './stage-watch.ts';
