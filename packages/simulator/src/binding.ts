import type { ClassicalType, Program } from '@qfs/circuit';
import {
  bool,
  cast,
  complex,
  FEMTOSECONDS_PER_SECOND,
  fixed,
  float,
  type Value,
  zeroOf,
} from '@qfs/circuit/classical';
import { QfsError } from '@qfs/core';
import { parseJson } from '@qfs/core/json';
import type { Binding, InputValue } from './engine-contract.ts';

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

/** Characters of a value that does not fit that a message repeats. */
const SHOWN_CHARS_MAX = 80;

function bind(name: string, type: ClassicalType, given: InputValue): Value {
  const value = valueFor(type, given);
  if (value === undefined) {
    const text = JSON.stringify(given);
    const shown = text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text;
    throw new QfsError(
      'JOB_SPEC_INVALID',
      `Input '${name}' cannot take ${shown}; it needs ${expectation(type)}.`,
    );
  }
  return value;
}

function valueFor(type: ClassicalType, given: InputValue): Value | undefined {
  switch (type.kind) {
    case 'bool':
      return typeof given === 'boolean' ? bool(given) : undefined;
    case 'bit':
      if (typeof given === 'boolean' && type.width === 1) return fixed('bit', 1, given ? 1n : 0n);
      return bitsFor(type.width, given);
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
      return isFiniteNumber(given) ? cast(float(given), type) : undefined;
    case 'array':
      return arrayFor(type, given);
    default:
      return undefined;
  }
}

/** A list with a list for each dimension below, elements in the form that single inputs have. */
function arrayFor(type: Extract<ClassicalType, { kind: 'array' }>, given: InputValue): Value | undefined {
  const list = typeof given === 'string' ? listOf(given) : given;
  const [length, ...rest] = type.dimensions;
  if (!Array.isArray(list) || list.length !== length) return undefined;
  const element = rest.length === 0 ? type.element : { ...type, dimensions: rest };
  const items: Value[] = [];
  for (const item of list as readonly InputValue[]) {
    const value = valueFor(element, item);
    if (value === undefined) return undefined;
    items.push(value);
  }
  return { kind: 'array', items };
}

/** The list that a JSON text is; what is in it is checked against the types of the elements. */
function listOf(text: string): InputValue | undefined {
  const read = parseJson(text);
  return read.ok && Array.isArray(read.value) ? (read.value as InputValue) : undefined;
}

/**
 * Bits as text, the highest one first. A whole number whose decimal digits are that text is taken too: shells
 * drop the quotes of `word="101"`. With two digits or more it would not fit as a number, so nothing else can be
 * meant.
 */
function bitsFor(width: number, given: InputValue): Value | undefined {
  const text = Number.isSafeInteger(given) ? String(given) : given;
  if (typeof text !== 'string' || text.length !== width || !/^[01]+$/.test(text)) return undefined;
  return fixed('bit', width, BigInt(`0b${text}`));
}

const isFiniteNumber = (given: unknown): given is number =>
  typeof given === 'number' && Number.isFinite(given);

/** Whole numbers as numbers, or as decimal text where they are too large for one. */
function integerFor(kind: 'int' | 'uint', width: number, given: InputValue): Value | undefined {
  const isText = typeof given === 'string' && /^-?[0-9]{1,400}$/.test(given);
  const isNumber = typeof given === 'number' && Number.isSafeInteger(given);
  if (!isText && !isNumber) return undefined;
  const whole = BigInt(given);
  const value = fixed(kind, width, whole);
  return 'value' in value && value.value === whole ? value : undefined;
}

function expectation(type: ClassicalType): string {
  switch (type.kind) {
    case 'bit':
      return type.width === 1 ? '0 or 1' : `a text of ${type.width} characters 0 or 1, bit 0 rightmost`;
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
    case 'array':
      return `a list of ${type.dimensions.join(' times ')} values, each ${expectation(type.element)}`;
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
      return String(value.value);
    case 'duration':
      return String(value.value / FEMTOSECONDS_PER_SECOND);
    case 'angle':
      return String((cast(value, { kind: 'float', width: 64 }) as { value: number }).value);
    case 'complex':
      return `${value.re}${value.im < 0 ? '' : '+'}${value.im}im`;
    case 'array':
      return `{${value.items.map(outputText).join(', ')}}`;
  }
}
