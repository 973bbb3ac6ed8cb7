/**
 * `@qfs/optimise`: derivative-free and gradient methods that minimise a function nobody here can call. An
 * `Optimiser` asks for the values of points, is told them, and asks again; what it was told is all of
 * its state.
 */
export type { Ask, Ending, Evaluation, Point } from './method.ts';
export { METHODS, type MethodName, type MethodSettings } from './methods.ts';
export { Optimiser, type OptimiserSpec, type OptimiserState } from './optimiser.ts';
