import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportText } from './compile-report.ts';

const size = (depth: number, gates: number, two: number) => ({ depth, gates, two_qubit_gates: two });
const text = (report: object): string =>
  reportText(new TextEncoder().encode(JSON.stringify({ version: '1.0', optimization_level: 3, ...report })));

test('a report is a line for each pass, with what it changed, and the sum of all', () => {
  const passes = [
    { pass: 'layout', before: size(5, 9, 4), after: size(5, 9, 4) },
    { pass: 'routing', before: size(5, 9, 4), after: size(8, 12, 7) },
    { pass: 'cancel', before: size(8, 12, 7), after: size(4, 8, 3) },
  ];
  const layout = { initial: [3, 4], final: [3, 6] };
  assert.equal(
    text({ target: 'emulator:line-16', passes, layout }),
    `level   3
target  emulator:line-16
layout  0 on 3; 1 on 4, then 6

PASS        DEPTH  GATES   TWO-QUBIT
layout      5      9       4
routing     5 → 8  9 → 12  4 → 7
cancel      8 → 4  12 → 8  7 → 3
all passes  5 → 4  9 → 8   4 → 3
`,
  );
});

test('a layout of many qubits is shown in part', () => {
  const initial = Array.from({ length: 20 }, (_, k) => k);
  assert.match(text({ passes: [], layout: { initial, final: initial } }), /; 15 on 15; and 4 more\n$/);
});

test('a circuit that no pass changed has a level alone', () => {
  assert.equal(text({ passes: [] }), 'level  3\n');
  assert.equal(reportText(undefined), 'No passes: the circuit is compiled as it is written.\n');
  assert.throws(() => text({ passes: [{ pass: 'a' }] }), { code: 'RESULT_INCOMPLETE' });
  assert.throws(() => reportText(new Uint8Array([0x7b])), /compile\.json cannot be read/);
});
