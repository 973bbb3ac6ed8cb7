import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DRAWING_CELLS_MAX,
  DRAWING_LABEL_CHARS_MAX,
  DRAWING_OPERATIONS_MAX,
  DRAWING_WIRES_MAX,
} from '@qfs/core';
import fc from 'fast-check';
import { constantIndex } from '../constants.ts';
import { GATES } from '../gates/table.ts';
import type { ClassicalType, Expression, Program, Variable } from '../ir.ts';
import { BELL, equals, GHZ, gate, measure, program, TELEPORT } from '../testing/circuits.ts';
import { assertGolden } from '../testing/golden.ts';
import { randomProgram } from '../testing/random-program.ts';
import { COUNTS_ORDERS, type CountsOrder, drawCounts, sortCounts } from './counts.ts';
import { angleText, expressionText } from './labels.ts';
import { drawSvg } from './svg.ts';
import { drawText } from './text.ts';

const golden = (name: string): URL => new URL(`./golden/${name}`, import.meta.url);

/** The text between the quotes without the indentation of the test. */
const drawing = (...lines: string[]): string => `${lines.join('\n')}\n`;

test('Bell is drawn as everybody knows it', () => {
  assert.equal(
    drawText(BELL),
    drawing(
      '     ┌───┐     ┌─┐',
      'q_0: ┤ H ├──■──┤M├────',
      '     └───┘┌─┴─┐└╥┘┌─┐',
      'q_1: ─────┤ X ├─╫─┤M├─',
      '          └───┘ ║ └╥┘',
      'c: 2/═══════════╩══╩══',
      '                0  1',
    ),
  );
});

test('ASCII drawings have no character outside ASCII', () => {
  assert.equal(
    drawText(BELL, { ascii: true }),
    drawing(
      '     +---+     +-+',
      'q_0: | H |--@--|M|----',
      '     +---++-+-+++++-+',
      'q_1: -----| X |-+-|M|-',
      '          +---+ | +++',
      'c: 2/===========^==^==',
      '                0  1',
    ),
  );
});

const C3: Variable[] = [
  { name: 'c', type: { kind: 'bit', width: 2 }, role: 'local' },
  { name: 'n', type: { kind: 'uint', width: 8 }, role: 'local' },
  { name: 'flag', type: { kind: 'bit', width: 1 }, role: 'local', loose: true },
];
const EVERYTHING = program(4, C3, [
  gate('swap', [0, 2]),
  gate('ccx', [3, 0, 1]),
  gate('cp', [0, 3], Math.PI / 4),
  gate('rxx', [1, 3], -3 * (Math.PI / 2)),
  gate('sx', [0]),
  { kind: 'gate', gate: 'x', parameters: [], controls: [true, false], qubits: [0, 1, 2] },
  { kind: 'gate', gate: 'rzz', parameters: [0.123456], controls: [true], qubits: [0, 2, 3] },
  { kind: 'gate', gate: 'ecr', parameters: [], controls: [false], qubits: [1, 2, 0] },
  { kind: 'gphase', angle: Math.PI },
  { kind: 'gphase', angle: 0.5, controls: [true, true], qubits: [0, 1] },
  { kind: 'barrier', qubits: [0, 1, 3] },
  { kind: 'reset', qubit: 2 },
  { kind: 'delay', duration: { kind: 'float', value: 100 }, qubits: [3] },
  measure(1, C3, 0, 1),
  measure(2, C3, 2, 0),
  {
    kind: 'measure',
    qubit: { offset: 0, size: 2, index: { kind: 'variable', variable: 1 } },
    target: {
      kind: 'index',
      base: { kind: 'variable', variable: 0 },
      index: { kind: 'variable', variable: 1 },
    },
  },
  {
    kind: 'for',
    variable: 1,
    over: { kind: 'range', start: constantIndex(0), step: constantIndex(1), stop: constantIndex(3) },
    body: [
      { kind: 'if', condition: equals(0, 3), body: [gate('h', [0])], otherwise: [{ kind: 'break' }] },
      { kind: 'while', condition: { kind: 'variable', variable: 2 }, body: [gate('y', [1])] },
    ],
  },
  {
    kind: 'switch',
    subject: { kind: 'variable', variable: 1 },
    cases: [{ values: [1n, 2n], body: [gate('z', [0])] }],
    otherwise: [{ kind: 'assign', target: { kind: 'variable', variable: 1 }, value: constantIndex(0) }],
  },
]);

test('every construct has its form: the golden drawings', () => {
  const drawings: readonly (readonly [string, Program, Parameters<typeof drawText>[1]?])[] = [
    ['ghz', GHZ],
    ['ghz-reversed', GHZ, { reverseBits: true }],
    ['teleport', TELEPORT],
    ['teleport-folded', TELEPORT, { fold: 40 }],
    ['everything', EVERYTHING],
    ['everything-folded-ascii', EVERYTHING, { fold: 100, ascii: true }],
  ];
  for (const [name, circuit, options] of drawings)
    assertGolden(golden(`${name}.txt`), drawText(circuit, options));
  assertGolden(golden('teleport.svg'), drawSvg(TELEPORT, { title: 'Teleportation' }));
  assertGolden(golden('everything.svg'), drawSvg(EVERYTHING));
});

test('every gate of the table can be drawn, each on its own wires', () => {
  const all = GATES.filter(({ qubits }) => qubits > 0).map(({ name, qubits, parameters }) =>
    gate(name, [2, 0, 1].slice(0, qubits), ...parameters.map(() => Math.PI / 2)),
  );
  assertGolden(golden('gates.txt'), drawText(program(3, [], all), { fold: 100 }));
});

test('idle qubits can be left out', () => {
  const text = drawText(program(3, [], [gate('x', [1])]), { hideIdle: true });
  assert.equal(text, drawing('     ┌───┐', 'q_1: ┤ X ├─', '     └───┘'));
});

test('no line is longer than the fold, and folding loses no operation', () => {
  const long = program(
    2,
    [],
    Array.from({ length: 60 }, (_, at) => gate(at % 2 ? 'h' : 'cx', at % 2 ? [0] : [0, 1])),
  );
  const folded = drawText(long, { fold: 50 });
  for (const line of folded.split('\n')) assert.ok([...line].length <= 50, line);
  assert.equal(folded.split('H').length - 1, 30);
  assert.equal(folded.split('■').length - 1, 30);
});

test('operations up to the bound are drawn, and a note counts those beyond', () => {
  const many = (operations: number): Program =>
    program(
      1,
      [],
      Array.from({ length: operations }, () => gate('x', [0])),
    );
  const atBound = drawText(many(DRAWING_OPERATIONS_MAX));
  assert.equal(atBound.split('X').length - 1, DRAWING_OPERATIONS_MAX);
  assert.doesNotMatch(atBound, /not drawn/);
  const beyond = drawText(many(DRAWING_OPERATIONS_MAX + 3));
  assert.equal(beyond.split('X').length - 1, DRAWING_OPERATIONS_MAX);
  assert.match(beyond, /\n3 further operations are not drawn\.\n$/);
  assert.match(drawSvg(many(DRAWING_OPERATIONS_MAX + 3)), />3 further operations are not drawn\.</);
});

test('layers times wires are drawn up to the bound', () => {
  const layers = Math.floor(DRAWING_CELLS_MAX / 100);
  const tall = (operations: number): string => {
    const all = Array.from({ length: 100 }, (_, qubit) => qubit);
    const body = Array.from({ length: operations }, () => ({ kind: 'barrier', qubits: all }) as const);
    return drawText(program(100, [], body));
  };
  assert.doesNotMatch(tall(layers), /not drawn/);
  assert.match(tall(layers + 2), /\n2 further operations are not drawn\.\n$/);
});

test('qubits up to the bound are drawn, and a note counts those beyond', () => {
  const wide = (qubits: number): Program => program(qubits, [], [gate('x', [qubits - 1])]);
  assert.match(drawText(wide(DRAWING_WIRES_MAX)), /q_255: ┤ X ├─/);
  const beyond = drawText(wide(DRAWING_WIRES_MAX + 1));
  assert.match(beyond, /1 further operations are not drawn\.\n1 qubits are not drawn\.\n$/);
});

test('labels are cut at their bound', () => {
  const named = (length: number): string =>
    drawText(
      program(
        1,
        [{ name: 'b'.repeat(length), type: { kind: 'bit', width: 1 }, role: 'local', loose: true }],
        [],
      ),
    );
  assert.match(named(DRAWING_LABEL_CHARS_MAX), new RegExp(`^b{${DRAWING_LABEL_CHARS_MAX}}: ═`, 'm'));
  assert.match(named(DRAWING_LABEL_CHARS_MAX + 1), new RegExp(`^b{${DRAWING_LABEL_CHARS_MAX - 1}}…: ═`, 'm'));
});

test('any program can be drawn, within ASCII on demand, and its SVG is well formed', () => {
  fc.assert(
    fc.property(randomProgram(), (any) => {
      assert.match(drawText(any, { ascii: true, fold: 80 }), /^[\n -~]*$/);
      const svg = drawSvg(any);
      const open = [...svg.matchAll(/<(svg|g|title|text)\b/g)].length;
      assert.equal([...svg.matchAll(/<\/(svg|g|title|text)>/g)].length, open);
      assert.doesNotMatch(svg, /="[^"]*(?:NaN|Infinity|undefined)/);
      assert.doesNotMatch(svg.replace(/<\/?(?:svg|g|title|text|rect|path|circle)\b[^<>]*>/g, ''), /[<>]/);
    }),
    { numRuns: 60 },
  );
});

test('text in an SVG is escaped, title included', () => {
  const hostile: Variable = { name: 'c', type: { kind: 'bit', width: 1 }, role: 'local' };
  const less: Expression = {
    kind: 'binary',
    operator: '<',
    left: { kind: 'variable', variable: 0 },
    right: constantIndex(1),
  };
  const svg = drawSvg(program(1, [hostile], [{ kind: 'if', condition: less, body: [gate('x', [0])] }]), {
    title: '</title><script>alert("&\u0000")</script>',
  });
  assert.match(
    svg,
    /<title>&lt;\/title&gt;&lt;script&gt;alert\(&quot;&amp;\ufffd&quot;\)&lt;\/script&gt;<\/title>/,
  );
  assert.match(svg, />c &lt; 1</);
  assert.match(svg, /^<svg [^>]*role="img"/);
});

test('angles read as multiples of π where they are', () => {
  const shown = [
    Math.PI,
    -Math.PI / 2,
    (3 * Math.PI) / 4,
    Math.PI / 16,
    2 * Math.PI,
    0,
    1.23456,
    1e-12,
    -0.5,
  ];
  const expected = ['π', '-π/2', '3π/4', 'π/16', '2π', '0', '1.235', '1e-12', '-0.5'];
  assert.deepEqual(
    shown.map((angle) => angleText(angle, false)),
    expected,
  );
  assert.equal(angleText((-3 * Math.PI) / 4, true), '-3*pi/4');
});

test('expressions have the brackets that they need and no others', () => {
  const labels = { ascii: false, program: program(0, C3, []) };
  const binary = (operator: '+' | '*' | '-' | '==', left: Expression, right: Expression): Expression => ({
    kind: 'binary',
    operator,
    left,
    right,
  });
  const [a, b] = [constantIndex(1), { kind: 'variable', variable: 1 } as const];
  assert.equal(expressionText(binary('*', binary('+', a, b), b), labels), '(1 + n) * n');
  assert.equal(expressionText(binary('-', a, binary('-', a, b)), labels), '1 - (1 - n)');
  assert.equal(expressionText(binary('==', binary('+', a, binary('*', a, b)), b), labels), '1 + 1 * n == n');
  assert.equal(
    expressionText({ kind: 'unary', operator: '-', operand: binary('+', a, b) }, labels),
    '-(1 + n)',
  );
});

test('casts that say nothing to a reader are left out', () => {
  const labels = { ascii: false, program: program(0, C3, []) };
  const cast = (type: ClassicalType, operand: Expression): Expression => ({ kind: 'cast', type, operand });
  const n: Expression = { kind: 'variable', variable: 1 };
  const isTwo: Expression = { kind: 'binary', operator: '==', left: n, right: constantIndex(2) };
  const not: Expression = { kind: 'unary', operator: '!', operand: cast({ kind: 'bool' }, isTwo) };
  assert.equal(expressionText(cast({ kind: 'bool' }, not), labels), '!(n == 2)');
  const narrow = cast({ kind: 'uint', width: 3 }, n);
  assert.equal(expressionText(narrow, labels), 'uint[3](n)');
  assert.equal(expressionText(cast({ kind: 'int', width: 64 }, narrow), labels), 'uint[3](n)');
});

const COUNTS = new Map([
  ['11', 523],
  ['00', 500],
  ['01', 3],
  ['10', 1],
]);

test('counts are bars with numbers and shares, in order of the keys', () => {
  assert.equal(
    drawCounts(COUNTS, { width: 40 }),
    drawing(
      '00 ███████████████████████▉  500   48.7%',
      '01 ▏                           3    0.3%',
      '10 ▏                           1    0.1%',
      '11 █████████████████████████ 523   50.9%',
    ),
  );
});

test('more than a thousand outcomes are never listed, however many there are', () => {
  const many = new Map(Array.from({ length: 200_000 }, (_, at) => [at.toString(2).padStart(18, '0'), 1]));
  const lines = drawCounts(many, { top: 5000 }).split('\n');
  assert.equal(lines.length, 1002);
  assert.match(lines[1000] as string, /^rest \(199000\) /);
});

test('beyond the top outcomes the others are one row, and the order can be by frequency', () => {
  assert.equal(
    drawCounts(COUNTS, { width: 40, top: 2, sort: 'value_desc', ascii: true }),
    drawing(
      '11       ################### 523   50.9%',
      '00       ##################  500   48.7%',
      'rest (2) #                     4    0.4%',
    ),
  );
  assert.equal(drawCounts(new Map()), 'no counts\n');
});

test('counts stand in every order that people ask for, equal ones by bitstring', () => {
  const counts = new Map([
    ['110', 2],
    ['001', 5],
    ['100', 2],
    ['000', 1],
  ]);
  const orders: Readonly<Record<CountsOrder, string>> = {
    key: '000 001 100 110',
    key_desc: '110 100 001 000',
    value: '000 100 110 001',
    value_desc: '001 100 110 000',
    hamming: '000 001 100 110',
  };
  for (const order of COUNTS_ORDERS) {
    const keys = sortCounts(counts, order).map(([key]) => key);
    assert.equal(keys.join(' '), orders[order], order);
  }
});
