import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompileTarget } from '@qfs/circuit';
import type { PassContext } from '../contract.ts';
import { LOCAL_PASSES, type LocalPassName } from './index.ts';
import { runOf, textOf } from './testing/text-run.ts';

const target = (...basisGates: string[]): CompileTarget => ({
  name: 'test',
  qubits: 5,
  directed: false,
  basisGates,
});

const rewritten = (names: readonly LocalPassName[], text: string, basis?: CompileTarget): string => {
  const context: PassContext = { qubits: 6, target: basis, level: 3 };
  return textOf(names.reduce((run, name) => LOCAL_PASSES[name].run(run, context), runOf(text)));
};

/** Before and after a pass, in the notation of `runOf`. */
const check = (
  name: LocalPassName,
  cases: readonly (readonly [string, string])[],
  basis?: CompileTarget,
): void => {
  for (const [before, after] of cases) assert.equal(rewritten([name], before, basis), after, before);
};

test('unrolling leaves gates on one and two qubits', () => {
  assert.equal(
    rewritten(['unroll'], 'id 0; ccz 0 1 2'),
    'h 2; h 2; cx 1 2; tdg 2; cx 0 2; t 2; cx 1 2; tdg 2; cx 0 2; t 1; t 2; h 2; cx 0 1; t 0; tdg 1; cx 0 1; h 2',
  );
});

test('Toffoli gates that compute and uncompute take half the CNOTs', () => {
  const count = (text: string): number => rewritten(['unroll'], text).match(/cx/g)?.length ?? 0;
  assert.equal(count('ccx 0 1 2; ccx 2 3 4; ccx 1 0 2'), 3 + 6 + 3);
  assert.equal(count('ccx 0 1 2; cz 2 3; rz(a) 0; ccx 0 1 2'), 6);
  assert.equal(count('ccx 0 1 2; cx 3 2; ccx 0 1 2'), 13);
  assert.equal(count('ccx 0 1 2; h 0; ccx 0 1 2'), 12);
  assert.equal(count('ccx 0 1 2; cz 2 3; ccx 1 2 0; ccx 0 1 2'), 18);
});

test('inverse gates cancel, next to each other and across gates that commute with them', () => {
  check('cancellation', [
    ['h 0; h 0', ''],
    ['cx 0 1; h 1; h 1; cx 0 1', ''],
    ['cx 0 1; rz(a) 0; rx(b) 1; cx 2 1; cx 0 3; cx 0 1', 'rz(a) 0; rx(b) 1; cx 2 1; cx 0 3'],
    ['cx 0 1; cx 1 0; cx 0 1', 'cx 0 1; cx 1 0; cx 0 1'],
    ['swap 0 1; rzz(a) 1 0; swap 1 0', 'rzz(a) 1 0'],
    ['cz 0 1; swap 0 1; cz 0 1', 'swap 0 1'],
    ['ccx 0 1 2; cz 0 1; ccx 1 0 2', 'cz 0 1'],
    ['s 0; cx 0 1; sdg 0', 'cx 0 1'],
    ['id 0; rz(0) 1; p(2*pi) 0; cp(2*pi) 0 1; crz(4*pi) 0 1', ''],
    ['rx(2*pi) 0; rzz(2*pi) 0 1', ''],
    ['ry(2*pi) 0', 'gphase(1pi)'],
  ]);
});

test('rotations merge, also with symbolic angles and across gates that commute with them', () => {
  check('cancellation', [
    ['rz(a) 0; cx 0 1; rz(b) 0', 'rz(a + b) 0; cx 0 1'],
    ['rz(a) 0; rz(-a) 0', ''],
    ['rx(a) 1; cx 0 1; rx(a) 1', 'rx(2 * a) 1; cx 0 1'],
    ['t 0; t 0', 's 0'],
    ['p(a) 0; p(b) 0', 'p(a + b) 0'],
    ['p(a) 0; rz(b) 0', 'rz(a + b) 0; gphase(0.5 * a)'],
    ['rz(1.5) 0; rz(-1.5) 0', ''],
    ['rz(pi) 0; rz(pi) 0', 'gphase(1pi)'],
    ['rzz(a) 0 1; rzz(b) 1 2; rzz(a) 1 0', 'rzz(2 * a) 0 1; rzz(b) 1 2'],
    ['rxx(a) 0 1; ryy(b) 0 1; rxx(a) 1 0', 'rxx(2 * a) 0 1; ryy(b) 0 1'],
    ['cp(pi/2) 0 1; cp(pi/2) 1 0', 'cz 0 1'],
    ['crz(pi) 0 1; crz(pi) 0 1', 'crz(2pi) 0 1'],
    ['csx 0 1; csx 0 1', 'cx 0 1'],
  ]);
});

test('nothing merges into a gate that the basis does not have', () => {
  check(
    'cancellation',
    [
      ['sx 0; x 0', 'sx 0; x 0'],
      ['sx 0; sx 0', 'x 0'],
      ['x 0; x 0', ''],
    ],
    target('rz', 'sx', 'x', 'cx'),
  );
  check('cancellation', [['sx 0; sx 0', 'sx 0; sx 0']], target('rz', 'sx', 'cx'));
});

test('rotations of the same parity become one, wherever they stand', () => {
  check('phaseFolding', [
    [
      't 1; cx 0 1; h 0; cx 2 1; cx 2 1; h 2; cx 0 1; t 1',
      't 1; cx 0 1; h 0; cx 2 1; cx 2 1; h 2; cx 0 1; t 1',
    ],
    ['t 1; cx 0 1; h 2; cx 0 1; t 1', 's 1; cx 0 1; h 2; cx 0 1'],
    ['rz(a) 0; x 0; rz(b) 0; x 0', 'rz(a - b) 0; x 0; x 0'],
    ['rz(a) 0; cx 0 1; swap 0 2; h 0; rz(b) 2', 'rz(a + b) 0; cx 0 1; swap 0 2; h 0'],
    ['cx 0 1; rz(a) 1; cx 0 1; h 2; rzz(b) 0 1', 'cx 0 1; rz(a + b) 1; cx 0 1; h 2'],
    ['cp(a) 0 1; cx 2 0; cx 2 0; cp(a) 1 0', 'cp(2 * a) 0 1; cx 2 0; cx 2 0'],
    ['t 0; h 0; t 0', 't 0; h 0; t 0'],
  ]);
});

test('short patterns become one gate', () => {
  check('templates', [
    ['h 1; cx 0 1; h 1', 'cz 0 1'],
    ['h 0; h 1; cx 0 1; h 0; h 1', 'cx 1 0'],
    ['h 2; ccz 0 1 2; h 2', 'ccx 0 1 2'],
    ['h 0; h 1; rzz(a) 0 1; h 0; h 1', 'rxx(a) 1 0'],
    ['cx 0 1; rz(a) 1; cx 0 1', 'rzz(a) 0 1'],
    ['cx 0 1; rz(a) 1; rz(b) 0; cx 0 1', 'rzz(a) 0 1; rz(b) 0'],
    ['cx 0 1; rx(a) 0; cx 0 1', 'rxx(a) 0 1'],
    ['cz 0 1; rx(a) 0; cz 1 0', 'rzx(a) 1 0'],
    ['cx 0 1; t 1; cx 0 1', 'cx 0 1; t 1; cx 0 1'],
    ['cx 0 1; rz(a) 1; cx 1 0', 'cx 0 1; rz(a) 1; cx 1 0'],
  ]);
});

test('swaps are turned so that their CNOTs cancel those beside them', () => {
  const both: readonly LocalPassName[] = ['swapExpansion', 'cancellation'];
  assert.equal(rewritten(both, 'cx 1 0; swap 0 1'), 'cx 0 1; cx 1 0');
  assert.equal(rewritten(both, 'swap 0 1; cx 1 0'), 'cx 1 0; cx 0 1');
  assert.equal(rewritten(both, 'cx 0 1; ry(a) 0; swap 0 1; h 2'), 'cx 1 0; cx 0 1; ry(a) 1; h 2');
  assert.equal(rewritten(both, 'swap 0 1; ry(a) 0; cx 0 1'), 'ry(a) 1; cx 0 1; cx 1 0');
  assert.equal(rewritten(both, 'swap 0 1; h 0; swap 1 0'), 'h 1');
});

test('gates on a pair come together through what commutes with them', () => {
  check('gathering', [
    ['rzz(a) 0 1; rzz(b) 1 2; rzz(c) 0 1', 'rzz(a) 0 1; rzz(c) 0 1; rzz(b) 1 2'],
    ['rzz(a) 0 1; rzz(b) 1 2; swap 0 1', 'rzz(b) 1 2; rzz(a) 0 1; swap 0 1'],
    ['swap 0 1; rzz(b) 1 2; rzz(a) 0 1', 'swap 0 1; rzz(a) 0 1; rzz(b) 1 2'],
    ['rzz(a) 0 1; rx(c) 1; rzz(b) 1 2; swap 0 1', 'rzz(a) 0 1; rx(c) 1; rzz(b) 1 2; swap 0 1'],
    ['cx 0 1; cx 2 1; rz(a) 0; cx 3 1; cx 0 1', 'cx 0 1; rz(a) 0; cx 0 1; cx 2 1; cx 3 1'],
  ]);
});

test('gates in a row on one qubit become the shortest sequence', () => {
  check('singleQubitResynthesis', [
    ['h 0; s 0; h 0', 'sx 0'],
    ['s 0; h 0; s 0; h 0; s 0', 'h 0; gphase(0.25pi)'],
    ['t 0; t 0; cx 0 1; x 0; y 0', 's 0; cx 0 1; z 0; gphase(-0.5pi)'],
    ['ry(0.5) 0; ry(0.25) 0', 'ry(0.75) 0'],
    ['rx(0.5) 0; rx(a) 0; rx(0.5) 0', 'rx(0.5) 0; rx(a) 0; rx(0.5) 0'],
  ]);
  check(
    'singleQubitResynthesis',
    [['rz(0.3) 0; sx 0; sx 0; rz(0.3) 0', 'x 0']],
    target('rz', 'sx', 'x', 'cx'),
  );
});

test('gates in a row on a pair become the fewest', () => {
  check('twoQubitResynthesis', [
    ['cx 0 1; rz(0.5) 1; cx 0 1; rz(0.5) 0', 'rzz(0.5) 0 1; rz(0.5) 0'],
    ['cx 1 0; cx 0 1; cx 1 0', 'swap 1 0'],
    ['cx 0 1; h 0; cz 1 0; h 0; cx 0 1; t 1', 'swap 0 1; t 1'],
    ['cx 0 1; rz(a) 1; cx 0 1', 'cx 0 1; rz(a) 1; cx 0 1'],
  ]);
  const counts = [
    ['cx 0 1; rz(0.5) 1; cx 0 1; cx 0 1; cx 1 0; cx 0 1', 3],
    ['cx 0 1; cx 1 0; cx 0 1; cx 1 0', 2],
    [
      'cx 0 1; rx(0.3) 0; rz(0.4) 1; cx 0 1; u3(0.1, 0.5, 1) 0; u3(0.3, 2, 1) 1; cx 0 1; rx(0.2) 0; cx 0 1',
      3,
    ],
    ['cx 0 1; rz(0.3) 0; x 1; cx 0 1', 0],
  ] as const;
  for (const [before, count] of counts) {
    const inBasis = rewritten(['twoQubitResynthesis'], before, target('rz', 'sx', 'x', 'cx'));
    assert.equal(inBasis.match(/cx/g)?.length ?? 0, count, before);
  }
});

/**
 * The sum of two numbers of two bits (Cuccaro, Draper, Kutin and Moulton 2004): four Toffoli gates with 28 T.
 */
const ADDER = [
  ...[0, 2].map((c) => `cx ${c + 2} ${c + 1}; cx ${c + 2} ${c}; ccx ${c} ${c + 1} ${c + 2}`),
  'cx 4 5',
  ...[2, 0].map((c) => `ccx ${c} ${c + 1} ${c + 2}; cx ${c + 2} ${c}; cx ${c} ${c + 1}`),
].join('; ');

test('an adder of Clifford and T gates needs fewer T gates', () => {
  const text = rewritten(['unroll', 'phaseFolding', 'cancellation', 'phaseFolding'], ADDER);
  assert.equal(text.match(/\bt(?:dg)? /g)?.length, 16);
});
