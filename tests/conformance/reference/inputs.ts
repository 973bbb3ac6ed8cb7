import type { ProgramNode } from '@qfs/qasm';
import { convert } from './conversions.ts';
import { Scope, type Shot } from './environment.ts';
import { resolveType } from './expressions.ts';
import { QuantumState } from './quantum-state.ts';
import { bits, boolean, elementType, float, type Type, type Value, whole } from './values.ts';

type GivenValue = number | string | boolean | readonly GivenValue[];
export type Given = Readonly<Record<string, GivenValue>>;

/** The values of the inputs that a program declares. */
export function boundInputs(program: ProgramNode, given: Given): ReadonlyMap<string, Value> {
  const nothing: Shot = { state: new QuantumState(0, () => false), step: () => undefined };
  const bound = new Map<string, Value>();
  for (const statement of program.statements) {
    if (statement.kind !== 'io' || statement.direction !== 'input') continue;
    const { name } = statement.name;
    const type = resolveType(statement.type, new Scope(), nothing);
    bound.set(name, valueFrom(given[name]!, type));
  }
  return bound;
}

function valueFrom(given: GivenValue, type: Type): Value {
  if (type.kind === 'array') {
    const element = elementType(type);
    return {
      kind: 'array',
      element,
      items: (given as readonly GivenValue[]).map((item) => valueFrom(item, element)),
    };
  }
  if (typeof given === 'boolean') return convert(boolean(given), type);
  if (typeof given === 'string')
    return convert(bits([...given].reverse().map((digit) => digit === '1')), type);
  const isInteger = type.kind === 'int' || type.kind === 'uint';
  return convert(isInteger ? whole('int', 64, BigInt(given as number)) : float(given as number), type);
}
