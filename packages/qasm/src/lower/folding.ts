import type { Value as Constant } from '@qfs/circuit/classical';
import { QfsError } from '@qfs/core';
import { literalOf, type Value } from './types.ts';

/** Either a value, or why there is none. */
export type Outcome = Value | { readonly problem: string; readonly code: 'QASM_TYPE' | 'QASM_VALUE' };

export const problem = (text: string): Outcome => ({ problem: text, code: 'QASM_TYPE' });
export const noValue = (text: string): Outcome => ({ problem: text, code: 'QASM_VALUE' });

/**
 * A constant as the engine would compute it: the same code runs in both places. What would end a shot there
 * is reported here.
 */
export function folded(compute: () => Constant): Outcome {
  try {
    return literalOf(compute()) ?? noValue('the result is not a finite number');
  } catch (thrown) {
    if (!(thrown instanceof QfsError) || thrown.code !== 'PROGRAM_FAULT') throw thrown;
    return noValue(thrown.message.replace(/\.$/, ''));
  }
}

/** What follows from a value, if there is one. */
export const chained = (outcome: Outcome, next: (value: Value) => Outcome): Outcome =>
  'problem' in outcome ? outcome : next(outcome);
