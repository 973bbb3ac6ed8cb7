import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSource } from '@qfs/compiler';
import { QfsError } from '@qfs/core';
import type { Binding, InputValue } from '@qfs/simulator';
import fc from 'fast-check';
import { HEAD, run } from './run.ts';

/** A name of a type, what a constant of it is given, and what an input is given. */
interface Leaf {
  readonly name: string;
  readonly type: string;
  readonly literal: string;
  readonly value: InputValue;
}

const integer = (name: string, type: string, min: number, max: number): fc.Arbitrary<Leaf> =>
  fc.integer({ min, max }).map((value) => ({ name, type, literal: `${value}`, value }));

const floatLiteral = (value: number): string => String(value).replace(/^(-?\d+)$/, '$1.0');

const real = (name: string, type: string): fc.Arbitrary<Leaf> =>
  fc
    .oneof(
      fc.integer({ min: -40, max: 40 }).map((n) => n / 8),
      fc.double({ noNaN: true, min: -1e3, max: 1e3 }),
    )
    .map((value) => ({ name, type, literal: floatLiteral(value), value }));

const LEAVES = fc.tuple(
  integer('i', 'int[8]', -128, 127),
  integer('j', 'int[8]', -4, 9),
  integer('k', 'int', -9, 9),
  integer('u', 'uint[4]', 0, 15),
  integer('n', 'uint[16]', 0, 65_535),
  real('f', 'float'),
  real('g', 'float[32]'),
  real('a', 'angle[8]'),
  real('b', 'angle[4]'),
  fc
    .stringMatching(/^[01]{4}$/)
    .map((bits): Leaf => ({ name: 'c', type: 'bit[4]', literal: `"${bits}"`, value: bits })),
  fc.boolean().map((value): Leaf => ({ name: 'o', type: 'bool', literal: `${value}`, value })),
);

const of = (text: string, ...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts)
    .map((given) => given.reduce((whole, part, at) => whole.replaceAll(`$${at}`, part), text));

interface Expressions {
  readonly int: string;
  readonly float: string;
  readonly angle: string;
  readonly bits: string;
  readonly bool: string;
  readonly complex: string;
}

type Parts = Readonly<Record<keyof Expressions, fc.Arbitrary<string>>>;

const either = (...options: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.oneof({ maxDepth: 4, withCrossShrink: true }, ...options);
const operator = (...names: string[]): fc.Arbitrary<string> => fc.constantFrom(...names);

const numbers = ({ int, float, angle, bits, bool, complex }: Parts) => ({
  int: either(
    fc.constantFrom('i', 'j', 'k', 'u', 'n', '3', '-2', 'uint[4](7)'),
    of('($0 $1 $2)', int, operator('+', '-', '*', '/', '%', '&', '|', '^'), int),
    of('($0 $1 $2)', int, operator('<<', '>>', '**'), fc.constantFrom('u', 'j', '2')),
    of('$0($1)', operator('-', '~', 'int', 'uint', 'int[8]', 'uint[4]', 'int[33]'), fc.oneof(int, float)),
    of('mod($0, $1)', int, int),
    of('pow($0, u)', int),
    of('popcount($0)', fc.oneof(bits, angle, fc.constant('u'))),
    of('$0($1)', operator('int', 'uint[4]'), bits),
    of('$0(u, $1)', operator('rotl', 'rotr'), int),
  ),
  float: either(
    fc.constantFrom('f', 'g', '0.5', '-1.25e1', 'pi'),
    of('($0 $1 $2)', float, operator('+', '-', '*', '/', '**'), fc.oneof(float, int)),
    of(
      '$0($1)',
      operator('-', 'float', 'float[32]', 'sin', 'cos', 'sqrt', 'floor', 'ceiling', 'exp', 'arctan'),
      float,
    ),
    of('$0($1)', operator('sin', 'tan', 'float'), angle),
    of('mod($0, $1)', float, fc.oneof(float, int)),
    of('$0($1)', operator('real', 'imag'), complex),
    of('float($0)', fc.oneof(int, bool)),
  ),
  complex: either(
    fc.constantFrom('(f + 2im)', '(1 - 0.5im)', 'complex[float[32]](f)'),
    of('($0 $1 $2)', complex, operator('+', '-', '*', '/', '**'), fc.oneof(complex, float, int)),
    of('$0($1)', operator('-', 'exp', 'sqrt', 'complex[float[32]]'), complex),
  ),
});

const patterns = ({ int, float, angle, bits, bool, complex }: Parts) => ({
  angle: either(
    fc.constantFrom('a', 'b'),
    of('($0 $1 $2)', angle, operator('+', '-', '&', '|', '^'), angle),
    of('($0 $1 u)', angle, operator('*', '/', '<<', '>>')),
    of('$0($1)', operator('-', '~', 'angle[8]', 'angle[3]'), angle),
    of('angle[8]($0)', float),
    of('angle[4]($0)', bits),
    of('rotl($0, j)', angle),
  ),
  bits: either(
    fc.constantFrom('c', '"0110"', 'i[2:5]', 'u[{3, 0, 1, 1}]', 'a[-1:-2:1]', '(c[1:2] ++ c[{0, 3}])'),
    of('($0 $1 $2)', bits, operator('&', '|', '^'), bits),
    of('($0 $1 u)', bits, operator('<<', '>>')),
    of('~$0', bits),
    of('$0($1, j)', operator('rotl', 'rotr'), bits),
    of('bit[4]($0)', fc.constantFrom('u', 'b')),
  ),
  bool: either(
    fc.constantFrom('o', 'true'),
    of('($0 $1 $2)', int, operator('==', '!=', '<', '<=', '>', '>='), fc.oneof(int, float)),
    of('($0 $1 $2)', angle, operator('==', '<', '>='), angle),
    of('($0 $1 $2)', bits, operator('==', '!=', '<'), bits),
    of('($0 $1 $2)', bool, operator('&&', '||', '=='), bool),
    of('bool($0)', fc.oneof(int, float, angle, bits)),
    of('!$0', bool),
    of('($0 == $1)', complex, complex),
  ),
});

/** Expressions over the leaves, by the kind of their value; some have no value, some no type that fits. */
const EXPRESSION = fc.letrec<Expressions>((tie) => {
  const kinds = ['int', 'float', 'angle', 'bits', 'bool', 'complex'] as const;
  const parts = Object.fromEntries(kinds.map((kind) => [kind, tie(kind)])) as Parts;
  return { ...numbers(parts), ...patterns(parts) };
});

const TYPED = fc.oneof(
  EXPRESSION.int.map((text) => ['int[64]', text] as const),
  EXPRESSION.float.map((text) => ['float[64]', text] as const),
  EXPRESSION.angle.map((text) => ['angle[8]', text] as const),
  EXPRESSION.bits.map((text) => ['bit[4]', text] as const),
  EXPRESSION.bool.map((text) => ['bool', text] as const),
  EXPRESSION.complex.map((text) => ['complex[float[64]]', text] as const),
);

function outcome(
  declarations: string,
  type: string,
  expression: string,
  binding: Binding,
): string | undefined {
  const source = `${HEAD}${declarations} qubit q; output ${type} r; r = ${expression};`;
  if (!compileSource({ language: 'openqasm3', source }).ok) return undefined;
  try {
    const { outputs, counts } = run(source, 1, [binding]);
    return [...(outputs.get('r') ?? counts).keys()].join();
  } catch (thrown) {
    if (thrown instanceof QfsError && thrown.code === 'PROGRAM_FAULT') return thrown.message;
    throw thrown;
  }
}

test('a constant is what the same expression is when it runs', () => {
  let compared = 0;
  fc.assert(
    fc.property(LEAVES, TYPED, (leaves, [type, expression]) => {
      const used = leaves.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(expression));
      const constants = used.map((leaf) => `const ${leaf.type} ${leaf.name} = ${leaf.literal};`).join(' ');
      const inputs = used.map((leaf) => `input ${leaf.type} ${leaf.name};`).join(' ');
      const early = outcome(constants, type, expression, new Map());
      const late = outcome(inputs, type, expression, new Map(used.map(({ name, value }) => [name, value])));
      if (early === undefined || late === undefined) return;
      compared += 1;
      assert.equal(early, late, `${constants} ${expression}`);
    }),
    { numRuns: 1500 },
  );
  assert.ok(compared > 700, `only ${compared} expressions had a value`);
});
