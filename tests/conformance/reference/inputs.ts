import type { ProgramNode } from '@qfs/qasm';
import { convert } from './conversions.ts';
import { Scope, type Shot } from './environment.ts';
import { resolveType } from './expressions.ts';
import { QuantumState } from './quantum-state.ts';
import { bits, boolean, float, type Value, whole } from './values.ts';

export type Given = Readonly<Record<string, number | string | boolean>>;

/** The values of the inputs that a program declares. */
export function boundInputs(program: ProgramNode, given: Given): ReadonlyMap<string, Value> {
  const nothing: Shot = { state: new QuantumState(0, () => false), step: () => undefined };
  const bound = new Map<string, Value>();
  for (const statement of program.statements) {
    if (statement.kind !== 'io' || statement.direction !== 'input') continue;
    const { name } = statement.name;
    const type = resolveType(statement.type, new Scope(), nothing);
    bound.set(name, convert(resultOf(given[name]!, type.kind === 'int' || type.kind === 'uint'), type));
  }
  return bound;
}

function resultOf(given: number | string | boolean, isInteger: boolean): Value {
  if (typeof given === 'boolean') return boolean(given);
  if (typeof given === 'string') return bits([...given].reverse().map((digit) => digit === '1'));
  return isInteger ? whole('int', 64, BigInt(given)) : float(given);
}
