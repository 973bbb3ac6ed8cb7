import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aqoDigest, type Block, GATES, gateByName, gateMatrix, type Program, writeAqo } from '@qfs/circuit';
import { OPENQASM2_CONDITION_BITS_MAX, OPENQASM2_CONTROLS_MAX } from '@qfs/core';
import { readProgram } from '../read-program.ts';
import { writeOpenQasm2 } from './write-openqasm2.ts';

function programOf(source: string, language = 'openqasm3'): Program {
  const read = readProgram({ language, source });
  assert.ok(read.ok, read.ok ? '' : `${source}\n${read.error.message}`);
  return read.value.program;
}

function written(program: Program): { text: string; notes: readonly string[] } {
  const result = writeOpenQasm2(program);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

const HEAD = 'include "stdgates.inc"; include "qfs.inc"; ';
const messageFor = (source: string): string => {
  const result = writeOpenQasm2(programOf(HEAD + source));
  return result.ok ? 'written' : result.error.message;
};

/** Columns of the unitary of a block of gates on n qubits, as interleaved numbers; of a large one some. */
function unitaryOf(block: Block, n: number): Float64Array[] {
  const size = 2 ** n;
  const shown = Array.from({ length: size }, (_, at) => at).filter(
    (at) => n < 5 || at >= size - 3 || at % 19 === 0,
  );
  const columns = shown.map((at) => {
    const column = new Float64Array(2 * size);
    column[2 * at] = 1;
    return column;
  });
  for (const part of block) {
    assert.ok(part.kind === 'gate' || part.kind === 'gphase');
    const name = part.kind === 'gate' ? part.gate : 'gphase';
    const parameters = (part.kind === 'gate' ? part.parameters : [part.angle]) as number[];
    const matrix = gateMatrix(gateByName(name)!, parameters);
    const operands = (part.qubits ?? []) as number[];
    const controls = part.controls ?? [];
    const on = controls.reduce((sum, polarity, at) => sum + (polarity ? 1 << operands[at]! : 0), 0);
    const all = controls.reduce((sum, _, at) => sum + (1 << operands[at]!), 0);
    for (const column of columns)
      apply(matrix, operands.slice(controls.length), column, (base) => (base & all) === on);
  }
  return columns;
}

function apply(
  matrix: Float64Array,
  qubits: readonly number[],
  state: Float64Array,
  isOn: (base: number) => boolean,
): void {
  const size = 2 ** qubits.length;
  // Operand 0 is the most significant bit of the matrix index.
  const offset = (local: number): number =>
    qubits.reduce((sum, qubit, at) => sum + (((local >> (qubits.length - 1 - at)) & 1) << qubit), 0);
  const mask = offset(size - 1);
  for (let base = 0; base < state.length / 2; base++) {
    if ((base & mask) !== 0 || !isOn(base)) continue;
    const before = Array.from({ length: size }, (_, at) => [
      state[2 * (base + offset(at))]!,
      state[2 * (base + offset(at)) + 1]!,
    ]);
    for (let row = 0; row < size; row++) {
      let re = 0;
      let im = 0;
      before.forEach(([a, b], column) => {
        const [c, d] = matrix.subarray(2 * (row * size + column), 2 * (row * size + column) + 2);
        re += a! * c! - b! * d!;
        im += a! * d! + b! * c!;
      });
      state[2 * (base + offset(row))] = re;
      state[2 * (base + offset(row)) + 1] = im;
    }
  }
}

/** The largest difference of two unitaries after the phase of the one is turned to that of the other. */
function distance(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  let re = 0;
  let im = 0;
  a.forEach((column, at) => {
    for (let k = 0; k < column.length; k += 2) {
      re += column[k]! * b[at]![k]! + column[k + 1]! * b[at]![k + 1]!;
      im += column[k]! * b[at]![k + 1]! - column[k + 1]! * b[at]![k]!;
    }
  });
  const length = Math.hypot(re, im);
  const turned = ([x, y]: readonly [number, number]) => [
    (x * re - y * im) / length,
    (x * im + y * re) / length,
  ];
  let most = 0;
  a.forEach((column, at) => {
    for (let k = 0; k < column.length; k += 2) {
      const [x, y] = turned([column[k]!, column[k + 1]!]);
      most = Math.max(most, Math.hypot(x! - b[at]![k]!, y! - b[at]![k + 1]!));
    }
  });
  return most;
}

const LETTERS = [0.3, -1.1, 2.5, 0.7];

test('every gate of the table, with any controls, keeps its unitary', () => {
  for (const gate of GATES) {
    for (const modifiers of ['', 'ctrl @ ', 'negctrl @ ', 'ctrl(2) @ ', 'ctrl @ negctrl(2) @ ']) {
      const controls =
        modifiers === '' ? 0 : modifiers.includes('ctrl(2)') ? (modifiers.length > 11 ? 3 : 2) : 1;
      const n = Math.max(1, gate.qubits + controls);
      if (gate.name === 'gphase' && controls === 0) continue;
      const angles =
        gate.parameters.length === 0 ? '' : `(${LETTERS.slice(0, gate.parameters.length).join(', ')})`;
      const operands = Array.from({ length: gate.qubits + controls }, (_, at) => `q[${n - 1 - at}]`);
      const program = programOf(
        `${HEAD}qubit[${n}] q; ${modifiers}${gate.name}${angles} ${operands.join(', ')};`,
      );
      const { text, notes } = written(program);
      const again = programOf(text, 'openqasm2');
      const before = unitaryOf(program.body, n);
      const after = unitaryOf(again.body, n);
      assert.ok(distance(before, after) < 1e-9, `${modifiers}${gate.name}: ${text}`);
      // Without a note the global phase is the same as well.
      if (notes.length === 0) {
        const off = before.flatMap((column, at) => [...column].map((x, k) => Math.abs(x - after[at]![k]!)));
        assert.ok(Math.max(...off) < 1e-9, `phase of ${modifiers}${gate.name}: ${text}`);
      }
    }
  }
});

test('gates with many controls are written out, up to the bound', () => {
  for (const controls of [4, 5, 6]) {
    for (const call of ['x', 'p(0.7)', 'ry(0.4)', 'U(0.3, -1.1, 2.5)']) {
      const program = programOf(
        `${HEAD}qubit[${controls + 1}] q; ctrl(${controls}) @ ${call} ${qubits(controls + 1)};`,
      );
      const again = programOf(written(program).text, 'openqasm2');
      assert.ok(distance(unitaryOf(program.body, controls + 1), unitaryOf(again.body, controls + 1)) < 1e-9);
    }
  }
  const most = OPENQASM2_CONTROLS_MAX;
  assert.equal(messageFor(`qubit[20] q; ctrl(${most}) @ x ${qubits(most + 1)};`), 'written');
  assert.equal(
    messageFor(`qubit[20] q; ctrl(${most + 1}) @ x ${qubits(most + 2)};`),
    `OpenQASM 2 has no form for: a gate with more than ${most} controls.`,
  );
});

const qubits = (count: number): string => Array.from({ length: count }, (_, at) => `q[${at}]`).join(', ');

// biome-ignore format: one program per line
const OLD: readonly string[] = [
  'qreg q[2]; creg c[2]; h q; u3(1/2,-pi,1e-7) q[0]; cx q[0],q[1]; barrier q; measure q -> c; if(c==2) x q[0]; reset q; id q[1];',
  'qreg a[1]; qreg b[2]; creg in[1]; creg out[3]; cu3(1,2,3) a[0],b[1]; rccx a[0],b[0],b[1]; U(0,1,2) b; CX a[0],b[0];',
  'qreg q[5]; c3x q[0],q[1],q[2],q[3]; c4x q[0],q[1],q[2],q[3],q[4]; c3sqrtx q[0],q[1],q[2],q[3]; rxx(1) q[0],q[1]; rzz(1e20) q[0],q[1]; u0(1) q[0]; sx q[0]; sxdg q[0]; swap q[0],q[1]; cswap q[0],q[1],q[2];',
  'qreg q[1]; creg c[9]; gate g(a) x1 { rx(a) x1; } g(-0.25) q[0]; if(c==500) measure q[0] -> c[8]; if(c==3) reset q[0];',
];

test('what was OpenQASM 2 comes back as the same circuit', () => {
  for (const source of OLD) {
    const program = programOf(`OPENQASM 2.0;\ninclude "qelib1.inc";\n${source}`, 'openqasm2');
    const { text, notes } = written(program);
    assert.deepEqual(notes, [], source);
    const again = programOf(text, 'openqasm2');
    const digest = (read: Program): string => aqoDigest(writeAqo(read));
    assert.equal(digest(again), digest(program), text);
    assert.equal(written(again).text, text);
  }
});

test('the text of a program, line by line', () => {
  const { text, notes } = written(
    programOf(
      `${HEAD}qubit[2] Data; qubit ancilla; bit[2] c; bit flag; reset Data; ctrl(2) @ x Data[0], Data[1], ancilla; ` +
        'gphase(1); negctrl @ z Data[0], ancilla; iswap Data[0], Data[1]; cp(pi/2) Data[0], Data[1]; rx(1e-7) ancilla; ' +
        'c[1] = measure Data[1]; flag = measure ancilla; if (c[1]) { x Data[0]; } else { z Data[0]; } ' +
        'if (flag) { y ancilla; flag = measure ancilla; } if (c != 2) { if (c[0] == 1) s ancilla; } barrier Data;',
    ),
  );
  assert.equal(
    text,
    `OPENQASM 2.0;
include "qelib1.inc";
qreg qData[2];
qreg ancilla[1];
creg c[2];
creg flag[1];
reset qData[0];
reset qData[1];
ccx qData[0],qData[1],ancilla[0];
x qData[0];
cz qData[0],ancilla[0];
x qData[0];
s qData[0];
s qData[1];
h qData[0];
cx qData[0],qData[1];
cx qData[1],qData[0];
h qData[1];
cu1(1.5707963267948966) qData[0],qData[1];
rx(1.0e-7) ancilla[0];
measure qData[1] -> c[1];
measure ancilla[0] -> flag[0];
if(c==2) x qData[0];
if(c==3) x qData[0];
if(c==0) z qData[0];
if(c==1) z qData[0];
if(flag==1) y ancilla[0];
if(flag==1) measure ancilla[0] -> flag[0];
if(c==1) s ancilla[0];
if(c==3) s ancilla[0];
barrier qData[0],qData[1];
`,
  );
  assert.deepEqual(notes, [
    'OpenQASM 2 has no global phase; that of the program is left out. No outcome depends on it.',
  ]);
});

test('a note says when counts will look different', () => {
  const notes = (source: string): number => written(programOf(source)).notes.length;
  assert.equal(notes('qubit q; bit a; bit b; a = measure q;'), 1);
  assert.equal(notes('qubit q; bit a; output bit[2] b; a = measure q;'), 1);
  assert.equal(notes('qubit q; bit a; bit[2] b; a = measure q;'), 0);
});

test('everything without a form in OpenQASM 2 is named at once', () => {
  const source =
    'qubit[2] q; input float a; int k; bit[2] c; bit[2] d; bit[5] e; def f(qubit w) { x w; } rx(a) q[0]; ' +
    'while (k < 2) { k += 1; } x q[k]; f(q[0]); measure q[0]; if (c == d) x q[0]; ' +
    'if (c == 1) { if (d == 1) x q[0]; } if (c == 1) { measure q[0] -> c[0]; x q[0]; } if (e[0]) x q[0]; end;';
  assert.equal(
    messageFor(source),
    'OpenQASM 2 has no form for: input; a variable of type int; a subroutine; ' +
      'a gate parameter that is computed while the program runs; a loop; ' +
      'a qubit that is chosen while the program runs; a call; a measurement whose outcome is not kept; ' +
      'a condition that is not about the value of one register; a condition inside of another; ' +
      'operations under a condition that change its register; `end`.',
  );
  const bits = OPENQASM2_CONDITION_BITS_MAX;
  assert.equal(messageFor(`qubit q; bit[${bits}] c; if (c != 1) x q;`), 'written');
  assert.match(
    messageFor(`qubit q; bit[${bits + 1}] c; if (c != 1) x q;`),
    /not about the value of one register/,
  );
});
