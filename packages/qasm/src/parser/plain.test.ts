import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QASM_EXPRESSION_DEPTH_MAX } from '@qfs/core';
import fc from 'fast-check';
import { Findings } from '../findings.ts';
import { tokenize } from '../syntax/lexer.ts';
import { Cursor } from './cursor.ts';
import { parseStatements } from './statements.ts';

/** What lexer and parser make of a text, with plain tokens and forms read at one look or by the rules. */
function read(source: string, isPlainRead: boolean) {
  const findings = new Findings();
  const cursor = new Cursor(tokenize(source, findings, isPlainRead), findings);
  cursor.isPlainRead = isPlainRead;
  const statements = parseStatements(cursor, true);
  const { hardwareQubits, lostNames, tokens } = cursor;
  const texts = Array.from({ length: tokens.count }, (_, at) => [
    tokens.kinds[at],
    source.slice(tokens.starts[at], tokens.ends[at]),
  ]);
  return { texts, statements, findings: findings.list, hardwareQubits, lostNames };
}

const assertSame = (source: string): void =>
  assert.deepEqual(read(source, true), read(source, false), JSON.stringify(source));

const numberText = fc.constantFrom(
  ...['0', '3', '007', '1_000', '999', '1000', '123456789012345', '1234567890123456', '0x1F', '0b10', '0o7'],
  ...[
    '0.5',
    '.5',
    '5.',
    '1_0.2_5',
    '1e3',
    '1.5E-2',
    '2e+5',
    '1e400',
    '1.2.3',
    '3x',
    '12__3',
    '2im',
    '10ns',
    '5 us',
  ],
);
const word = fc.oneof(
  fc.constantFrom('q', 'reg', 'π', 'ß1', 'x_1', '𝒙', '$0', '$12', 'if', 'pi', 'int', 'gphase', 'pragma_'),
  fc.string({ unit: fc.constantFrom(...'abcxyz_01'), minLength: 1, maxLength: 4 }),
);
const blank = fc.constantFrom('', '', '', ' ', '\n', '\t ', '/* , */', '// ]\n');
const spaced = (parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts.flatMap((part) => [part, blank])).map((texts) => texts.join(''));
const mark = (text: string): fc.Arbitrary<string> => fc.constant(text);

const operator = fc.constantFrom(...'+-*/%|&^<>=!~', '**', '++', '->', '<<=', '/=', '&&', '+ +', '-.', '^5');
const index = fc.oneof(
  numberText,
  word,
  spaced([word, mark('+'), numberText]),
  spaced([numberText, mark(':'), numberText]),
);
const operand = fc.oneof(
  word,
  spaced([word, mark('['), index, mark(']')]),
  spaced([word, mark('['), index, mark(']['), index, mark(']')]),
);
const listOf = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(spaced([item]), { minLength: 1, maxLength: 3 }), fc.constantFrom('', '', ','))
    .map(([items, last]) => items.join(',') + last);
const parameters = listOf(
  fc.oneof(numberText, word, spaced([mark('-'), numberText]), spaced([word, mark('/'), numberText])),
);
const modifier = fc.constantFrom('', '', '', 'inv @ ', 'ctrl(2) @ ');
const gap = mark(' ');
const statement = fc.oneof(
  spaced([modifier, word, gap, listOf(operand), mark(';')]),
  spaced([modifier, word, mark('('), parameters, mark(')'), gap, listOf(operand), mark(';')]),
  spaced([
    word,
    mark('='),
    fc.oneof(numberText, operand),
    operator,
    fc.oneof(numberText, operand),
    mark(';'),
  ]),
  spaced([fc.constantFrom('barrier', 'reset', 'measure', 'nop', 'let a ='), gap, listOf(operand), mark(';')]),
);

/** A few characters lost or put in at random. */
const mutated = fc
  .tuple(
    fc.array(statement, { maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...';,[]()0q. @{}"#'))),
  )
  .map(([statements, changes]) => {
    const characters = [...statements.join('')];
    for (const [at, character] of changes.slice(0, 2)) {
      characters.splice(at % (characters.length + 1), at % 2, character);
    }
    return characters.join('');
  });

test('plain forms are read as the rules of the grammar read them', () => {
  fc.assert(
    fc.property(mutated, (source) => assertSame(source)),
    { numRuns: 1000 },
  );
});

test('a number at the bound of nesting is refused in either way', () => {
  for (const depth of [
    QASM_EXPRESSION_DEPTH_MAX - 1,
    QASM_EXPRESSION_DEPTH_MAX,
    QASM_EXPRESSION_DEPTH_MAX + 1,
  ]) {
    const source = `a = ${'('.repeat(depth)}1${')'.repeat(depth)};`;
    assertSame(source);
    assert.equal(read(source, true).findings.length, depth < QASM_EXPRESSION_DEPTH_MAX ? 0 : 1);
  }
});
