/** `@qfs/compiler/service`: the compiler as a handler of the internal edge `eigen.internal.v1`. */
export { createCompilationService } from './compilation-service.ts';
