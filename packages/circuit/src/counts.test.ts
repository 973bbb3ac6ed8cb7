import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsLayout, formatKey, orderCounts } from './counts.ts';
import type { Program, Variable } from './ir.ts';
import { BELL, measure, program, TELEPORT } from './testing/circuits.ts';

const bits = (name: string, width: number, more: Partial<Variable> = {}): Variable => ({
  name,
  type: { kind: 'bit', width },
  role: 'local',
  ...more,
});
const loose = (name: string, more: Partial<Variable> = {}): Variable =>
  bits(name, 1, { loose: true, ...more });

/** The places of a key as `variable.bit`. */
const shape = (variables: Variable[]): string =>
  countsLayout(program(1, variables, []))
    .characters.map((character) => (character === ' ' ? '|' : `${character.variable}.${character.bit}`))
    .join(' ');

test('RESULT-3: registers come in reverse order of declaration with bit 0 rightmost', () => {
  assert.equal(shape([bits('a', 2), bits('b', 3)]), '1.2 1.1 1.0 | 0.1 0.0');
});

test('RESULT-3: consecutive loose bits form one group, the first declared rightmost', () => {
  assert.equal(shape([loose('a'), loose('b'), bits('c', 2), loose('d')]), '3.0 | 2.1 2.0 | 1.0 0.0');
  assert.equal(shape([bits('c', 1), bits('d', 1)]), '1.0 | 0.0');
});

test('RESULT-3: only outputs appear where there are any, and never inner bits, inputs or other types', () => {
  const number: Variable = { name: 'n', type: { kind: 'uint', width: 8 }, role: 'output' };
  assert.equal(shape([bits('a', 1), bits('b', 2, { role: 'output' }), number]), '1.1 1.0');
  assert.equal(shape([number, bits('a', 1)]), '');
  assert.equal(shape([bits('a', 1), bits('b', 1, { inner: true }), bits('i', 4, { role: 'input' })]), '0.0');
  assert.equal(shape([loose('a'), loose('t', { inner: true }), loose('b')]), '2.0 0.0');
});

test('a key has one character per bit', () => {
  const layout = countsLayout(program(1, [bits('a', 2), bits('b', 3)], []));
  const set = new Set(['0:1', '1:0']);
  assert.equal(
    formatKey(layout, (variable, bit) => set.has(`${variable}:${bit}`)),
    '001 10',
  );
});

test('written tells whether any shown bit is ever written, also inside blocks', () => {
  const written = (variables: Variable[], body: Program['body']): boolean =>
    countsLayout(program(2, variables, body)).written;
  const c = [bits('c', 2)];
  assert.equal(countsLayout(BELL).written, true);
  assert.equal(countsLayout(TELEPORT).written, true);
  assert.equal(written(c, []), false);
  assert.equal(written([], [{ kind: 'measure', qubit: 0 }]), false);
  const condition = { kind: 'bool', value: true } as const;
  assert.equal(written(c, [{ kind: 'while', condition, body: [measure(0, c)] }]), true);
  const outputs = [...c, bits('o', 1, { role: 'output' })];
  assert.equal(written(outputs, [measure(0, outputs, 0, 0)]), false);
  const assign = { kind: 'assign', target: { kind: 'variable', variable: 1 }, value: condition } as const;
  assert.equal(written(outputs, [assign]), true);
  const call = {
    kind: 'call',
    subroutine: 0,
    arguments: [{ kind: 'reference', target: assign.target }],
  } as const;
  const negated = { kind: 'unary', operator: '!', operand: call } as const;
  assert.equal(written(outputs, [{ kind: 'evaluate', value: negated }]), true);
});

test('RESULT-4: counts are ordered by key, whatever looks like an integer', () => {
  const counts = new Map([
    ['11', 1],
    ['00', 2],
    ['10 1', 3],
    ['01', 4],
  ]);
  assert.deepEqual([...orderCounts(counts).keys()], ['00', '01', '10 1', '11']);
});
