import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GateInstruction, gateMatrix, gateOf, type Program } from '@qfs/circuit';
import fc from 'fast-check';
import { readProgram } from '../../read-program.ts';
import { writeQasm } from '../../write-qasm.ts';
import { matrixOf } from '../testing/unitary.ts';
import { expandControls } from './controls.ts';
import { elideSwaps, expandChoices, extract, inlineCalls, rebuild, withoutUncalled } from './index.ts';

const HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';

function programOf(source: string): Program {
  const read = readProgram({ language: 'openqasm3', source: HEAD + source });
  assert.ok(read.ok, read.ok ? '' : read.error.message);
  return read.value.program;
}

/** Statements of a program without its declarations. */
const statementsOf = (program: Program): string =>
  writeQasm(program)
    .split('\n')
    .filter((line) => line !== '' && !/^(OPENQASM|include|qubit|bit|int|input|float|@|let)/.test(line))
    .join(' ');

const cut = (source: string, isForDevice = false): string => {
  const program = programOf(source);
  const code = extract(program, { expandControls: isForDevice });
  return code
    .map((piece) =>
      piece.kind === 'run'
        ? `[${piece.run.ops.map(({ gate, qubits }) => `${gate} ${qubits.join(' ')}`).join(', ')}]`
        : piece.instruction.kind,
    )
    .join(' ');
};

test('gates join the earliest run that nothing on their qubits keeps them from', () => {
  const measured = 'qubit[2] q; bit[2] c; h q[0]; c[0] = measure q[0]; h q[1]; c[1] = measure q[1]; ';
  assert.equal(cut(measured), '[h 0, h 1] measure measure');
  assert.equal(cut(`${measured} x q[0]; cx q[0], q[1];`), '[h 0, h 1] measure measure [x 0, cx 0 1]');
  assert.equal(cut('qubit[3] q; h q[0]; barrier q[0], q[1]; x q[2]; x q[1];'), '[h 0, x 2] barrier [x 1]');
});

test('gates stay on their side of instructions that their angles depend on, and of ways out of a block', () => {
  const source =
    'input float[64] a; float[64] b; qubit[1] q; b = a; rz(b) q[0]; b = 2 * a; rz(b) q[0]; rz(a) q[0];';
  assert.equal(cut(source), 'assign [rz 0] assign [rz 0, rz 0]');
  assert.equal(cut('qubit[2] q; bit c; c = measure q[0]; if (c) { end; } h q[1];'), 'measure if [h 1]');
});

test('control modifiers become gates of the table where it has them, else only for a device', () => {
  const source =
    'qubit[4] q; ctrl @ x q[0], q[1]; negctrl @ z q[0], q[1]; ctrl(3) @ x q[0], q[1], q[2], q[3];';
  assert.equal(cut(source), '[cx 0 1, x 0, cz 0 1, x 0] gate');
  assert.match(cut(source, true), /^\[cx 0 1, x 0, cz 0 1, x 0, h 3, cp /);
});

const CONTROLLED = [
  'x',
  'h',
  'sx',
  'ry',
  'U',
  'u2',
  'p',
  's',
  'swap',
  'cswap',
  'rzz',
  'ecr',
  'ccx',
  'r',
  'id',
];

test('gates under any controls are the unitary that they say, phase included', () => {
  const angles = fc.double({ min: -4, max: 4, noNaN: true });
  const controlled = fc
    .tuple(
      fc.constantFrom(...CONTROLLED),
      fc.array(fc.boolean(), { maxLength: 4 }),
      fc.tuple(angles, angles, angles),
    )
    .map(([gate, controls, values]): GateInstruction => {
      const row = gateOf({ kind: 'gate', gate, parameters: [], qubits: [] });
      const controlsThatFit = controls.slice(0, 5 - row.qubits);
      return {
        kind: 'gate',
        gate,
        parameters: values.slice(0, row.parameters.length),
        ...(controlsThatFit.length > 0 && { controls: controlsThatFit }),
        qubits: Array.from({ length: row.qubits + controlsThatFit.length }, (_, qubit) => qubit),
      };
    });
  fc.assert(
    fc.property(controlled, (instruction) => {
      const { qubits, controls, parameters } = instruction;
      const expected = gateMatrix(gateOf(instruction), parameters as number[], controls);
      const actual = matrixOf(expandControls(instruction), qubits.length);
      const distance = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - actual[at]!)), 0);
      assert.ok(distance < 1e-9, `differs by ${distance}`);
    }),
    { numRuns: Number(process.env.QFS_PROPERTY_RUNS ?? 40) },
  );
});

test('a flip under many controls takes gates that grow with the square of their number', () => {
  const sizeOf = (controls: number): number => {
    const instruction: GateInstruction = {
      kind: 'gate',
      gate: 'x',
      parameters: [],
      controls: new Array<boolean>(controls).fill(true),
      qubits: Array.from({ length: controls + 1 }, (_, qubit) => qubit),
    };
    return expandControls(instruction).ops.length;
  };
  assert.ok(sizeOf(40) < 5 * sizeOf(20), `${sizeOf(40)} and ${sizeOf(20)}`);
});

test('gates under controls stay where all of them would become more operations than are worked on', () => {
  const program = programOf(
    'qubit[5] q; ctrl(4) @ x q; ctrl(4) @ x q;'.replaceAll('x q', 'x q[0], q[1], q[2], q[3], q[4]'),
  );
  const kindsOf = (operationsMax: number): string[] =>
    extract(program, { expandControls: true, operationsMax }).map(({ kind }) => kind);
  assert.deepEqual(kindsOf(1000), ['run']);
  assert.deepEqual(kindsOf(1), ['run', 'fixed']);
});

test('code that was cut and put together again is the program that it was', () => {
  const source =
    'qubit[2] q; bit[2] c; int n; h q[0]; c[0] = measure q[0]; ' +
    'if (c[0]) { x q[1]; } else { z q[1]; } switch (n) { case 1 { x q[0]; } default { y q[0]; } } ' +
    'while (n < 3) { n = n + 1; if (n == 2) { break; } h q[0]; } box { x q[0]; }';
  const program = programOf(source);
  assert.equal(writeQasm(rebuild(program, extract(program, { expandControls: false }))), writeQasm(program));
});

test('swaps are left out by exchanging the names of qubits, inside of no block', () => {
  const program = programOf('qubit[3] q; bit c; h q[0]; swap q[0], q[2]; cx q[0], q[1]; c = measure q[2];');
  const { code, final } = elideSwaps(extract(program, { expandControls: true }), 3);
  assert.equal(statementsOf(rebuild(program, code)), 'h q[0]; cx q[2], q[1]; c = measure q[0];');
  assert.deepEqual([...final], [2, 1, 0]);
  const nested = programOf('qubit[2] q; bit c; c = measure q[0]; if (c) { swap q[0], q[1]; }');
  assert.deepEqual([...elideSwaps(extract(nested, { expandControls: true }), 2).final], [0, 1]);
  const ended = programOf('qubit[2] q; bit c; swap q[0], q[1]; c = measure q[0]; if (c) { end; } x q[0];');
  assert.deepEqual([...elideSwaps(extract(ended, { expandControls: true }), 2).final], [0, 1]);
});

const inlined = (source: string): string => {
  const program = withoutUncalled(inlineCalls(programOf(source)));
  return `${program.subroutines.length} left: ${statementsOf(program)}`;
};

test('subroutines that are given qubits are written out, with variables of their own', () => {
  assert.equal(
    inlined(
      'def turn(qubit[2] a, float[64] by) { rz(by) a[1]; h a[0]; } qubit[3] q; turn(q[1:2], 0.5); turn(q[0:1], 1);',
    ),
    '0 left: by = 0.5; rz(by) q[2]; h q[1]; by_1 = 1.0; rz(by_1) q[1]; h q[0];',
  );
  assert.equal(
    inlined('def look(qubit a) -> bit { bit r; r = measure a; return r; } qubit q; if (look(q)) { x q; }'),
    '0 left: r = "0"; r = measure q; look_result = r; if (bool(look_result)) {   x q; }',
  );
  assert.equal(
    inlined(
      'def inner(qubit a) { x a; } def outer(qubit[2] a) { inner(a[1]); h a[0]; } qubit[2] q; outer(q);',
    ),
    '0 left: x q[1]; h q[0];',
  );
});

test('the qubit that a subroutine is given is the one that was chosen when it was called', () => {
  assert.equal(
    inlined('def flip(qubit a) { x a; } qubit[2] q; int n; flip(q[n]);'),
    '0 left: chosen = n; x q[chosen];',
  );
});

test('a subroutine stays where it returns before its end, or is part of a larger expression', () => {
  const early = 'def early(qubit a) -> bit { bit r; r = measure a; if (r) { return r; } x a; return r; } ';
  assert.match(inlined(`${early} qubit q; bit c; c = early(q);`), /^1 left: .*early\(q\)/s);
  const look = 'def look(qubit a) -> bit { bit r; r = measure a; return r; } ';
  assert.match(inlined(`${look} qubit q; bit c; c = look(q) | c;`), /^1 left/);
});

test('a gate that chooses a qubit becomes a choice of gates, which fails where there is no such qubit', () => {
  const program = expandChoices(programOf('qubit[2] q; int n; cx q[0], q[n];'));
  assert.equal(
    statementsOf(program),
    'switch (int[64](n)) {   case 0, -2 {     reset qubits[1];   }   case 1, -1 {     cx q[0], q[1];   }   ' +
      'default {     reset q[n];   } }',
  );
});
