import type { ClassicalType, Program } from '@qfs/circuit';
import { bool, cast, complex, fixed, float, type Value, zeroOf } from '@qfs/circuit/classical';
import { QfsError } from '@qfs/core';
import type { Binding } from './engine-contract.ts';

/** The program's variables at the start of a shot: inputs as bound, everything else zero. */
export function initialValues(program: Program, binding: Binding): Value[] {
  const inputs = program.variables.filter(({ role }) => role === 'input');
  const unbound = inputs.filter(({ name }) => !binding.has(name));
  if (unbound.length > 0) {
    const names = unbound.map(({ name }) => `'${name}'`).join(', ');
    throw new QfsError('PARAMETER_UNBOUND', `The program's inputs have no value: ${names}.`, {
      metadata: { unbound: unbound.map(({ name }) => name).join(',') },
    });
  }
  for (const name of binding.keys()) {
    if (!inputs.some((input) => input.name === name)) {
      const known = inputs.map((input) => input.name).join(', ') || 'none';
      throw new QfsError('JOB_SPEC_INVALID', `The program has no input '${name}'; its inputs: ${known}.`);
    }
  }
  return program.variables.map(({ name, role, type }) =>
    role === 'input' ? bind(name, type, binding.get(name)!) : zeroOf(type),
  );
}

function bind(name: string, type: ClassicalType, given: number | string | boolean): Value {
  const value = valueFor(type, given);
  if (value === undefined) {
    throw new QfsError(
      'JOB_SPEC_INVALID',
      `Input '${name}' cannot take ${JSON.stringify(given)}; it needs ${expectation(type)}.`,
    );
  }
  return value;
}

function valueFor(type: ClassicalType, given: number | string | boolean): Value | undefined {
  switch (type.kind) {
    case 'bool':
      return typeof given === 'boolean' ? bool(given) : undefined;
    case 'bit':
      if (typeof given === 'boolean' && type.width === 1) return fixed('bit', 1, given ? 1n : 0n);
      if (typeof given !== 'string' || given.length !== type.width || !/^[01]+$/.test(given))
        return undefined;
      return fixed('bit', type.width, BigInt(`0b${given}`));
    case 'int':
    case 'uint':
      return integerFor(type.kind, type.width, given);
    case 'float':
      return isFiniteNumber(given) ? float(given, type.width) : undefined;
    case 'angle':
      return isFiniteNumber(given) ? cast(float(given), type) : undefined;
    case 'complex':
      return isFiniteNumber(given) ? complex(given, 0, type.width) : undefined;
    case 'duration':
      return isFiniteNumber(given) ? { kind: 'duration', value: given } : undefined;
    default:
      return undefined;
  }
}

const isFiniteNumber = (given: unknown): given is number =>
  typeof given === 'number' && Number.isFinite(given);

/** Whole numbers as numbers, or as decimal text where they are too large for one. */
function integerFor(
  kind: 'int' | 'uint',
  width: number,
  given: number | string | boolean,
): Value | undefined {
  const isWhole =
    typeof given === 'number' ? Number.isSafeInteger(given) : /^-?[0-9]{1,400}$/.test(String(given));
  if (typeof given === 'boolean' || !isWhole) return undefined;
  const value = fixed(kind, width, BigInt(given)) as Extract<Value, { value: bigint }>;
  return value.value === BigInt(given) ? value : undefined;
}

function expectation(type: ClassicalType): string {
  switch (type.kind) {
    case 'bit':
      return `a text of ${type.width} characters 0 or 1, bit 0 rightmost`;
    case 'bool':
      return 'true or false';
    case 'int':
    case 'uint':
      return `an integer that fits ${type.kind}[${type.width}]`;
    case 'float':
    case 'complex':
      return 'a finite number';
    case 'angle':
      return 'a finite number, in radians';
    case 'duration':
      return 'a finite number, in seconds';
    default:
      return `a value of type ${type.kind}, which cannot be given from outside`;
  }
}

/** How an output value is written as a key of `outputs`. */
export function outputText(value: Value): string {
  switch (value.kind) {
    case 'bit':
      return value.value.toString(2).padStart(value.width, '0');
    case 'int':
    case 'uint':
      return value.value.toString();
    case 'bool':
    case 'float':
    case 'duration':
      return String(value.value);
    case 'angle':
      return String((cast(value, { kind: 'float', width: 64 }) as { value: number }).value);
    case 'complex':
      return `${value.re}${value.im < 0 ? '' : '+'}${value.im}im`;
    case 'array':
      return `{${value.items.map(outputText).join(', ')}}`;
  }
}
