/** Parameters of the function, in order. */
export type Point = readonly number[];

/** What was found at a point. */
export interface Evaluation {
  readonly value: number;
  /** Partial derivatives in the order of the parameters, where they were asked for. */
  readonly gradient?: readonly number[];
}

/** Points whose values a method needs before it goes on; they can be evaluated in any order or at once. */
export interface Ask {
  readonly points: readonly Point[];
  readonly gradients: boolean;
}

/**
 * Why a method has no more questions. `evaluations`: as many as were allowed; `diverged`: a value was no
 * number.
 */
export type Ending = 'converged' | 'evaluations' | 'diverged';

/**
 * A computation that stops for what it does not know: it yields its questions and is resumed with the
 * answers.
 */
export type Asking<T> = Generator<Ask, T, readonly Evaluation[]>;

/** A method asks until it has converged. */
export type Method = Asking<void>;

/** The value at one point. */
export function* valueAt(point: Point): Asking<number> {
  const [value] = yield* valuesAt([point]);
  return value!;
}

/** The values at points that do not depend on each other. */
export function* valuesAt(points: readonly Point[]): Asking<readonly number[]> {
  const evaluations = yield { points, gradients: false };
  return evaluations.map(({ value }) => value);
}

/** A value with its gradient. */
export interface Differentiated {
  readonly value: number;
  readonly gradient: Point;
}

/** Value and gradient at one point. */
export function* differentiatedAt(point: Point): Asking<Differentiated> {
  const [evaluation] = yield { points: [point], gradients: true };
  return { value: evaluation!.value, gradient: evaluation!.gradient! };
}
