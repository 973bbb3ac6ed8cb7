import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lowerSource } from '../index.ts';

const PROGRAM = `OPENQASM 2.0;
include "qelib1.inc";
opaque magic(a, b) x1, x2;
gate g(a, b) in, bit { rx(-a/2^2) in; barrier in, bit; cu3(sin(b), ln(2), 0) in, bit; gphase(a); }
qreg q[4]; qreg x[1]; creg c[4]; creg d[1];
h q; g(pi, 1e-3) q[0], q[1]; CX q[0], q[3]; U(0, pi, 0.5) x; c4x q[0], q[1], q[2], q[3], x[0];
measure q -> c; if (c == 9) x q[2]; if(d==1) measure x[0] -> d[0]; reset q[1]; barrier q, x[0]; // end
`;
const PIECES = PROGRAM.match(/[\w.$]+|\s+|[^\s\w]/g)!;
const FOREIGN = [
  'qubit[2]',
  'ctrl @',
  'for',
  '{',
  '}',
  '[',
  '(',
  '"',
  '/*',
  '1e999',
  '**',
  '==',
  'end;',
  '@a',
  '$0',
];

const change = fc.record({
  at: fc.nat(),
  remove: fc.boolean(),
  text: fc.oneof(fc.constantFrom(...PIECES, ...FOREIGN), fc.string({ unit: 'binary', maxLength: 4 })),
});

test('deleted, replaced and inserted tokens of OpenQASM 2 never break the front end', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
      const pieces = [...PIECES];
      for (const { at, remove, text } of changes) pieces.splice(at % pieces.length, remove ? 1 : 0, text);
      const source = pieces.join('');
      const { program, diagnostics } = lowerSource(source, 'openqasm2');
      assert.equal(
        program === undefined,
        diagnostics.some(({ severity }) => severity === 'error'),
      );
      const lines = source.split('\n').length;
      for (const { line, column } of diagnostics) assert.ok(line >= 1 && line <= lines && column >= 1);
    }),
    { numRuns: 500 },
  );
});

test('the program that is mutated is right', () => {
  assert.deepEqual(
    lowerSource(PROGRAM, 'openqasm2').diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
});
