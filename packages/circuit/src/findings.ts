import type { Program } from './ir.ts';

/** Something in a program that no run could make sense of, with its place in terms of the AQO 1.1.0 document. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

export const findingsOf = (_program: Program): readonly Finding[] => [];
