import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gateByName, gateMatrix, type Program } from '@qfs/circuit';
import { lowerSource } from '@qfs/qasm';

/*
 * The expected unitaries are those of the definitions in the text of qelib1.inc, expanded down to U and CX by
 * scripts/exports; operand 0 is the most significant bit of the index.
 */
interface Gate {
  readonly parameters: readonly number[];
  readonly qubits: number;
  readonly matrix: readonly (readonly number[])[];
}

const FILE = new URL('./exports/qelib1.json', import.meta.url);
const { gates } = JSON.parse(readFileSync(FILE, 'utf8')) as { gates: Readonly<Record<string, Gate>> };

function programOf(name: string, { parameters, qubits }: Gate): Program {
  const args = parameters.length === 0 ? '' : `(${parameters.join(', ')})`;
  const operands = Array.from({ length: qubits }, (_, at) => `q[${at}]`).join(', ');
  const source = `OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[${qubits}];\n${name}${args} ${operands};`;
  const { program } = lowerSource(source, 'openqasm2');
  assert.ok(program, source);
  return program;
}

type Complex = readonly [number, number];

/** The column of a program's unitary, qubit 0 the most significant bit of the index. */
function column({ body, qubits: n }: Program, start: number): Complex[] {
  let state: Complex[] = Array.from({ length: 2 ** n }, (_, at) => [at === start ? 1 : 0, 0]);
  for (const part of body) {
    assert.ok(part.kind === 'gate');
    const matrix = gateMatrix(gateByName(part.gate)!, part.parameters as number[], part.controls);
    const qubits = part.qubits as number[];
    const bit = (index: number, qubit: number): number => (index >> (n - 1 - qubit)) & 1;
    const local = (index: number): number =>
      qubits.reduce((value, qubit) => 2 * value + bit(index, qubit), 0);
    const rest = (index: number): number =>
      qubits.reduce((value, qubit) => value & ~(1 << (n - 1 - qubit)), index);
    state = state.map((_, row) => {
      let [re, im] = [0, 0];
      state.forEach(([a, b], from) => {
        if (rest(from) !== rest(row)) return;
        const at = 2 * (local(row) * 2 ** qubits.length + local(from));
        re += a * matrix[at]! - b * matrix[at + 1]!;
        im += a * matrix[at + 1]! + b * matrix[at]!;
      });
      return [re, im];
    });
  }
  return state;
}

for (const [name, gate] of Object.entries(gates)) {
  test(`qelib1.inc: ${name} is what the file defines, up to a global phase`, () => {
    const program = programOf(name, gate);
    const size = 2 ** gate.qubits;
    // The overlap of the two unitaries: of length `size` exactly if they differ in a phase alone.
    let [re, im] = [0, 0];
    for (let start = 0; start < size; start++) {
      column(program, start).forEach(([a, b], row) => {
        const [c, d] = gate.matrix[row]!.slice(2 * start, 2 * start + 2) as [number, number];
        re += a * c + b * d;
        im += a * d - b * c;
      });
    }
    assert.ok(Math.abs(Math.hypot(re, im) - size) < 1e-9, `the overlap is ${Math.hypot(re, im)} of ${size}`);
  });
}

test('every gate of the file is known', () => {
  assert.equal(Object.keys(gates).length, 42);
});
