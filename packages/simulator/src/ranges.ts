import { fault, float, type Value } from '@qfs/circuit/classical';

/** The values of a range, both ends included. */
export function* integerRange(start: bigint, step: bigint, stop: bigint): Generator<Value> {
  if (step === 0n) throw fault('A range cannot have step 0.');
  for (let at = start; step > 0n ? at <= stop : at >= stop; at += step) {
    yield { kind: 'int', width: 64, value: at };
  }
}

export function* floatRange(start: number, step: number, stop: number): Generator<Value> {
  if (step === 0) throw fault('A range cannot have step 0.');
  for (let i = 0; step > 0 ? start + i * step <= stop : start + i * step >= stop; i += 1) {
    yield float(start + i * step);
  }
}
