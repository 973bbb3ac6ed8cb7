import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSource, printProgram } from './index.ts';

/** A tree without places, so that trees of different texts can be compared. */
const bare = (tree: unknown): string =>
  JSON.stringify(tree, (key, value) =>
    key === 'start' || key === 'end' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
  );

const name = fc.constantFrom('a', 'b', 'theta', 'q', 'ψ_1');
const literal = fc.oneof(
  fc.nat().map(String),
  fc
    .double({ noNaN: true, noDefaultInfinity: true, min: 0 })
    .map((value) => (/[.e]/.test(String(value)) ? String(value) : `${value}.0`)),
  fc.constantFrom('0b101', '0o17', '0xff', '2.5im', 'true', 'false', '"0110"', '20ns', '3.0µs', '$3'),
);
const operator = fc.constantFrom(
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '<<',
  '>>',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  '&',
  '^',
  '|',
  '&&',
  '||',
);
const type = fc.constantFrom(
  'int[8]',
  'uint',
  'bit[n]',
  'float[64]',
  'angle[20]',
  'bool',
  'complex[float[32]]',
  'duration',
);

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    name,
    literal,
    fc.tuple(tie('expression'), operator, tie('expression')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc.tuple(tie('expression'), operator, tie('expression')).map(([a, op, b]) => `${a} ${op} ${b}`),
    fc.tuple(fc.constantFrom('-', '!', '~'), tie('expression')).map(([op, a]) => `${op}(${a})`),
    fc.tuple(name, tie('expression')).map(([a, b]) => `${a}[${b}]`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a})[${b}]`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `a[${a}:2:${b}]`),
    fc.tuple(tie('expression')).map(([a]) => `a[{1, ${a}}]`),
    fc
      .tuple(name, fc.array(tie('expression'), { maxLength: 3 }))
      .map(([f, args]) => `${f}(${args.join(', ')})`),
    fc.tuple(type, tie('expression')).map(([t, a]) => `${t}(${a})`),
  ),
}));

const operand = fc.oneof(
  name,
  fc.tuple(name, expression).map(([a, i]) => `${a}[${i}]`),
  fc.constant('$0'),
);
const operands = fc.array(operand, { minLength: 1, maxLength: 3 }).map((list) => list.join(', '));
const modifier = fc.oneof(
  fc.constantFrom('inv @ ', 'ctrl @ ', 'negctrl(2) @ '),
  expression.map((power) => `pow(${power}) @ `),
);

const { statement } = fc.letrec<{ statement: string; block: string }>((tie) => ({
  block: fc
    .array(tie('statement'), { maxLength: 3 })
    .map((list) => `{ ${list.map((text) => `${text}\n`).join('')} }`),
  statement: fc.oneof(
    { maxDepth: 3 },
    fc
      .tuple(fc.array(modifier, { maxLength: 2 }), name, fc.array(expression, { maxLength: 2 }), operands)
      .map(([m, g, p, o]) => `${m.join('')}${g}(${p.join(', ')}) ${o};`),
    fc.tuple(operand, operand).map(([q, c]) => `measure ${q} -> ${c.startsWith('$') ? 'c' : c};`),
    fc
      .tuple(name, fc.constantFrom('=', '+=', '**=', '<<='), expression)
      .map(([a, op, e]) => `${a} ${op} ${e};`),
    fc.tuple(type, name, expression).map(([t, n, e]) => `${t} ${n} = ${e};`),
    fc.tuple(type, name, expression).map(([t, n, e]) => `const ${t} ${n} = ${e};`),
    fc
      .tuple(name, fc.array(operand, { minLength: 1, maxLength: 3 }))
      .map(([n, o]) => `let ${n} = ${o.join(' ++ ')};`),
    fc.constantFrom(
      'qubit[3] q;',
      'creg c[2];',
      'input angle t;',
      'output bit o;',
      'end;',
      'break;',
      'include "x.inc";',
      'reset q;',
      'return;',
      'return measure q;',
      'barrier;',
      'nop q;',
    ),
    fc.constantFrom(
      'array[int[8], 2, 3] x = {{1, 2, 3}, {a, b + 1, 2}};',
      'extern f(int, readonly array[int, #dim = 2]) -> bit;',
      'cal { play(x); }',
      'defcal rz(angle[20] t) $0 -> bit { a { b } }',
      'pragma a b c',
      '@note one two\nx q;',
      'gphase(2);',
      'delay[20ns] q;',
      'x[3ns] q;',
    ),
    fc
      .tuple(expression, tie('statement'), tie('statement'))
      .map(([c, a, b]) => `if (${c}) { ${a}\n } else ${b}`),
    fc.tuple(expression, tie('statement')).map(([c, a]) => `if (${c}) ${a}`),
    fc.tuple(expression, tie('block')).map(([c, b]) => `while (${c}) ${b}`),
    fc.tuple(expression, expression, tie('block')).map(([a, z, b]) => `for uint[4] i in [${a}:${z}] ${b}`),
    fc.tuple(expression, tie('block')).map(([a, b]) => `for int i in {1, ${a}} ${b}`),
    fc
      .tuple(expression, tie('block'), tie('block'))
      .map(([s, a, b]) => `switch (${s}) { case 1, 2 ${a} default ${b} }`),
    tie('block').map((body) => `gate g(a) b, c ${body}`),
    tie('block').map(
      (body) => `def f(int[4] a, qubit[2] q, mutable array[bit, 2] r, qreg o[2]) -> bit ${body}`,
    ),
    tie('block').map((body) => `box[5ns] ${body}`),
    tie('block'),
  ),
}));

test('what is printed reads back as the same tree, and prints as the same text', () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 5 }), (statements) => {
      const first = parseSource(statements.join('\n'));
      assert.deepEqual(first.diagnostics, []);
      const text = printProgram(first.ast);
      const second = parseSource(text);
      assert.deepEqual(second.diagnostics, [], text);
      assert.equal(bare(second.ast), bare(first.ast));
      assert.equal(printProgram(second.ast), text);
    }),
    { numRuns: 400 },
  );
});
