import type { DocumentItem, InputValue } from '@qfs/jobspec';
import type { Inputs } from '../inputs.ts';

/** The values that a document gives to inputs, as command lines and engines have them. */
export const localInputs = (inputs: DocumentItem['inputs']): Inputs =>
  new Map(Object.entries(inputs).map(([name, value]) => [name, localValue(value)]));

/** Digits that no number keeps stay text, as on the command line. */
function localValue(value: InputValue): number | boolean | string {
  if (typeof value !== 'bigint') return value;
  return BigInt(Number(value)) === value ? Number(value) : String(value);
}
