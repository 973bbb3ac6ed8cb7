import {
  ARRAY_DIMENSIONS_MAX,
  CIRCUIT_OPERATIONS_MAX,
  CIRCUIT_QUBITS_MAX,
  CLASSICAL_BITS_MAX,
} from '@qfs/core';
import {
  boolean,
  type Codec,
  either,
  type Field,
  finite,
  integer,
  isObject,
  list,
  oneOf,
  optional,
  recursive,
  required,
  type Schema,
  struct,
  tagged,
  text,
} from '../codec.ts';
import { gateByName } from '../gates/table.ts';
import type {
  Argument,
  Block,
  ClassicalType,
  Expression,
  ForRange,
  Instruction,
  Parameter,
  Program,
  QubitChoice,
  QubitOperand,
  QubitRegister,
  Selector,
  Subroutine,
  Target,
  Variable,
} from '../ir.ts';

/*
 * The JSON of every IR node, once: writer, reader and published schema of AQO 1.1.0 derive from these tables.
 * Members keep the names of the IR, except where AQO 1.0.0 had a word already (`op`, `q`, `params`,
 * `operations`).
 */

/** Letters, digits, underscores and `$`, as OpenQASM identifiers and hardware qubits are written. */
export const NAME = text(/^[\p{L}\p{Nl}_$][\p{L}\p{Nl}\p{Nd}_$]{0,254}$/u, 'a name of at most 255 letters');

const INTEGER_DIGITS_MAX = 20_000;
const DECIMAL = new RegExp(`^-?[0-9]{1,${INTEGER_DIGITS_MAX}}$`);

/** Integers of any size: numbers where a double is exact, decimal text beyond. */
const bigInteger: Codec<bigint> = {
  write: (value) => {
    const number = Number(value);
    return Number.isSafeInteger(number) ? String(number) : `"${value}"`;
  },
  read: (json, reader) => {
    if (typeof json === 'number' && Number.isSafeInteger(json)) return BigInt(json);
    if (typeof json === 'string' && DECIMAL.test(json)) return BigInt(json);
    return reader.expected('an integer, as decimal text beyond 2^53', json);
  },
  schema: { anyOf: [{ type: 'integer' }, { type: 'string', pattern: DECIMAL.source }] },
};

const SPECIAL_FLOATS = new Map([
  ['-0', -0],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['nan', Number.NaN],
]);

/** Any double. Canonical JSON has no negative zero, infinity or NaN; these are words. */
const float: Codec<number> = {
  write: (value) => {
    if (Number.isFinite(value) && !Object.is(value, -0)) return finite.write(value);
    const [word] = [...SPECIAL_FLOATS].find(([, special]) => Object.is(special, value))!;
    return `"${word}"`;
  },
  read: (json, reader) =>
    (typeof json === 'string' ? SPECIAL_FLOATS.get(json) : undefined) ?? finite.read(json, reader),
  schema: { anyOf: [{ type: 'number' }, { enum: [...SPECIAL_FLOATS.keys()] }] },
};

const index = integer(0, CLASSICAL_BITS_MAX);
const width = required('width', integer(1, CLASSICAL_BITS_MAX));
const floatWidth = required('width', oneOf([32, 64]));

const type: Codec<ClassicalType> = recursive('type', () => TYPE);
const expression: Codec<Expression> = recursive('expression', () => EXPRESSION);
const target: Codec<Target> = recursive('target', () => TARGET);
const block: Codec<Block> = recursive('block', () => BLOCK);
const expressions = list(expression);

const TYPE = tagged<ClassicalType>('kind', {
  bit: { width },
  bool: {},
  int: { width },
  uint: { width },
  angle: { width },
  float: { width: floatWidth },
  complex: { width: floatWidth },
  duration: {},
  stretch: {},
  array: {
    element: required('element', type),
    dimensions: required('dimensions', list(index, 1, ARRAY_DIMENSIONS_MAX)),
  },
});

/** Numbers stand for themselves; anything else is an object. */
const isNumber = (value: unknown): boolean => typeof value === 'number';

const flatQubit = integer(0, CIRCUIT_QUBITS_MAX - 1);

const qubit: Codec<QubitOperand> = either(
  flatQubit,
  either(
    struct<Extract<QubitChoice, { among: unknown }>>({
      among: required('among', list(flatQubit, 1, CIRCUIT_QUBITS_MAX)),
      index: required('index', expression),
    }),
    struct<Extract<QubitChoice, { offset: unknown }>>({
      offset: required('offset', flatQubit),
      size: required('size', integer(1, CIRCUIT_QUBITS_MAX)),
      index: required('index', expression),
    }),
    (value) => isObject(value) && 'among' in value,
  ),
  isNumber,
);
const qubits = list(qubit, 0, CIRCUIT_QUBITS_MAX);
const controls = optional('controls', list(boolean, 1, CIRCUIT_QUBITS_MAX));

const SELECTOR = tagged<Selector>('kind', {
  index: { index: required('index', expression) },
  range: {
    start: optional('start', expression),
    step: optional('step', expression),
    stop: optional('stop', expression),
  },
  set: { indices: required('indices', list(expression, 1)) },
});

/** More selectors than an array has dimensions reach into the bits of its elements. */
const selectors = required('selectors', list(SELECTOR, 1, ARRAY_DIMENSIONS_MAX + 1));

const EXPRESSION = tagged<Expression>('kind', {
  int: { value: required('value', bigInteger), type: required('type', type) },
  float: { value: required('value', float) },
  bool: { value: required('value', boolean) },
  bits: { value: required('value', text(/^[01]{1,65536}$/, 'a string of 0 and 1')) },
  complex: { re: required('re', float), im: required('im', float) },
  variable: { variable: required('variable', index) },
  index: { base: required('base', expression), index: required('index', expression) },
  slice: {
    base: required('base', expression),
    start: required('start', expression),
    step: required('step', expression),
    stop: required('stop', expression),
  },
  select: { base: required('base', expression), selectors },
  unary: { operator: required('operator', oneOf(['-', '!', '~'])), operand: required('operand', expression) },
  binary: {
    operator: required(
      'operator',
      oneOf([
        ...(['+', '-', '*', '/', '%', '**', '==', '!=', '<', '<=', '>', '>='] as const),
        ...(['&&', '||', '&', '|', '^', '<<', '>>', '++'] as const),
      ]),
    ),
    left: required('left', expression),
    right: required('right', expression),
  },
  cast: { type: required('type', type), operand: required('operand', expression) },
  builtin: { name: required('name', NAME), arguments: required('arguments', expressions) },
  call: {
    subroutine: required('subroutine', index),
    arguments: required('arguments', list<Argument>(recursive('argument', () => ARGUMENT))),
  },
});

const ARGUMENT = tagged<Argument>('kind', {
  value: { value: required('value', expression) },
  reference: { target: required('target', target) },
  qubits: { qubits: required('qubits', qubits) },
});

const TARGET = tagged<Target>('kind', {
  variable: { variable: required('variable', index) },
  index: { base: required('base', target), index: required('index', expression) },
  select: { base: required('base', target), selectors },
  join: { parts: required('parts', list(target, 1)) },
});

/** A parameter that is a constant is a finite number; `-0` is written as `0`. */
const parameter: Codec<Parameter> = either(finite, expression, isNumber);

const gateName: Codec<string> = {
  write: (value) => JSON.stringify(value),
  read: (json, reader) => {
    const gate = typeof json === 'string' ? gateByName(json) : undefined;
    return gate !== undefined && gate.name === json && gate.qubits > 0
      ? gate.name
      : reader.expected('a name of the gate table', json);
  },
  schema: { type: 'string' },
};

const FOR_RANGE = tagged<ForRange>('kind', {
  range: {
    start: required('start', expression),
    step: required('step', expression),
    stop: required('stop', expression),
  },
  set: { values: required('values', expressions) },
  elements: { array: required('array', expression) },
});

const otherwise = optional('otherwise', block);
const body = required('body', block);
const q = required('q', qubits);

type SwitchCase = Extract<Instruction, { kind: 'switch' }>['cases'][number];

const INSTRUCTION = tagged<Instruction>('op', {
  gate: {
    gate: required('gate', gateName),
    parameters: required('params', list(parameter)),
    controls,
    qubits: q,
  },
  gphase: { angle: required('angle', parameter), controls, qubits: optional('q', qubits) },
  measure: { qubit: required('q', qubit), target: optional('target', target) },
  reset: { qubit: required('q', qubit) },
  barrier: { qubits: q },
  delay: { duration: required('duration', expression), qubits: q },
  box: { duration: optional('duration', expression), body },
  assign: { target: required('target', target), value: required('value', expression) },
  if: { condition: required('condition', expression), body, otherwise },
  switch: {
    subject: required('subject', expression),
    cases: required(
      'cases',
      list(struct<SwitchCase>({ values: required('values', list(bigInteger)), body })),
    ),
    otherwise,
  },
  for: { variable: required('variable', index), over: required('over', FOR_RANGE), body },
  while: { condition: required('condition', expression), body },
  break: {},
  continue: {},
  end: {},
  evaluate: { value: required('value', expression) },
  return: { value: optional('value', expression) },
});

const BLOCK: Codec<Block> = list(INSTRUCTION, 0, CIRCUIT_OPERATIONS_MAX);

const VARIABLE: Codec<Variable> = struct<Variable>({
  name: required('name', NAME),
  type: required('type', type),
  role: required('role', oneOf(['local', 'input', 'output'])),
  loose: optional('loose', boolean),
  inner: optional('inner', boolean),
});

const REGISTER: Codec<QubitRegister> = struct<QubitRegister>({
  name: required('name', NAME),
  offset: required('offset', integer(0, CIRCUIT_QUBITS_MAX)),
  size: required('size', integer(1, CIRCUIT_QUBITS_MAX)),
  loose: optional('loose', boolean),
});

const variables = list(VARIABLE, 0, CLASSICAL_BITS_MAX);

const SUBROUTINE: Codec<Subroutine> = struct<Subroutine>({
  name: required('name', NAME),
  parameters: required(
    'parameters',
    list(
      tagged<Subroutine['parameters'][number]>('kind', {
        value: { variable: required('variable', index) },
        reference: { variable: required('variable', index) },
        qubits: {
          offset: required('offset', integer(0, CIRCUIT_QUBITS_MAX - 1)),
          size: required('size', integer(1, CIRCUIT_QUBITS_MAX)),
        },
      }),
    ),
  ),
  result: optional('result', type),
  locals: required('locals', variables),
  body,
});

const PROGRAM_FIELDS = {
  qubits: required('qubits', integer(0, CIRCUIT_QUBITS_MAX)),
  qubitRegisters: required('registers', list(REGISTER, 0, CIRCUIT_QUBITS_MAX)),
  variables: required('variables', variables),
  subroutines: required('subroutines', list(SUBROUTINE, 0, CLASSICAL_BITS_MAX)),
  body: required('operations', block),
} satisfies Record<keyof Program, Field<unknown>>;

/** The whole document of version 1.1.0. */
export const PROGRAM: Codec<Program> = struct<Program>(PROGRAM_FIELDS, { version: '1.1.0' });

/** The published JSON Schema of AQO 1.1.0; ranges that depend on other members are in `docs/spec/aqo.md`. */
export const aqoSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:qfs:aqo:1.1.0',
  title: 'AQO 1.1.0: a quantum program as structured JSON',
  ...PROGRAM.schema,
  $defs: {
    type: TYPE.schema,
    expression: EXPRESSION.schema,
    argument: ARGUMENT.schema,
    target: TARGET.schema,
    block: BLOCK.schema,
  },
});
