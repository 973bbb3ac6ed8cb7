import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GATES, type Gate } from '@qfs/circuit';
import { distance, exchanged, type Matrix, pairProduct, product, turn } from '../matrix/complex.ts';
import { rx, ry, rz, X, Y, Z } from '../matrix/rotations.ts';
import { type Axis, GATE_RULES, type RotationFamily, ruleOf } from './gate-rules.ts';

const gates = GATES.filter(({ qubits }) => qubits > 0);
const angles = (gate: Gate): number[] => gate.parameters.map((_, at) => 0.7 + at);

/** A gate on one of the qubits that a matrix is over. */
function widened(matrix: Matrix, operand: number, qubits: number): Matrix {
  const size = 2 ** qubits;
  const bit = 1 << (qubits - 1 - operand);
  const wide = new Float64Array(2 * size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if ((row & ~bit) !== (column & ~bit)) continue;
      const entry = 2 * (2 * ((row & bit) === 0 ? 0 : 1) + ((column & bit) === 0 ? 0 : 1));
      wide.set(matrix.subarray(entry, entry + 2), 2 * (row * size + column));
    }
  }
  return wide;
}

function times(a: Matrix, b: Matrix): Matrix {
  const size = Math.sqrt(a.length / 2);
  const out = new Float64Array(a.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      for (let k = 0; k < size; k++) {
        const [i, j, o] = [2 * (row * size + k), 2 * (k * size + column), 2 * (row * size + column)];
        out[o]! += a[i]! * b[j]! - a[i + 1]! * b[j + 1]!;
        out[o + 1]! += a[i]! * b[j + 1]! + a[i + 1]! * b[j]!;
      }
    }
  }
  return out;
}

const PAULIS: Readonly<Record<Exclude<Axis, '-'>, Matrix>> = { X, Y, Z };

test('every gate has a rule, with the axis of each qubit on which it has one', () => {
  assert.deepEqual(Object.keys(GATE_RULES).sort(), gates.map(({ name }) => name).sort());
  for (const gate of gates) {
    const matrix = gate.matrix(angles(gate));
    for (const [operand, axis] of ruleOf(gate.name).axes.entries()) {
      const commuting = (['X', 'Y', 'Z'] as const).filter((candidate) => {
        const pauli = widened(PAULIS[candidate], operand, gate.qubits);
        return distance(times(matrix, pauli), times(pauli, matrix)) < 1e-12;
      });
      const expected = gate.name === 'id' ? ['X', 'Y', 'Z'] : axis === '-' ? [] : [axis];
      assert.deepEqual(commuting, expected, `${gate.name}, qubit ${operand}`);
    }
  }
});

test('gates that are their own inverse, or symmetric, are marked so, and no others', () => {
  for (const gate of gates) {
    const matrix = gate.matrix(angles(gate));
    const size = Math.sqrt(matrix.length / 2);
    const square = times(matrix, matrix);
    const isIdentity = square.every(
      (value, at) => Math.abs(value - (at % (2 * (size + 1)) === 0 ? 1 : 0)) < 1e-12,
    );
    const { isOwnInverse, symmetric, rotation } = ruleOf(gate.name);
    if (rotation === undefined) assert.equal(isOwnInverse, isIdentity, gate.name);
    if (gate.qubits !== 2) continue;
    const isSymmetric = distance(exchanged(matrix), matrix) < 1e-12;
    if (symmetric === 'all') assert.ok(isSymmetric, gate.name);
    else if (rotation !== undefined || isOwnInverse)
      assert.ok(!isSymmetric || symmetric !== 'none', gate.name);
  }
});

const ROTATIONS: Partial<Readonly<Record<RotationFamily, (angle: number) => Matrix>>> = { rx, ry, rz };

test('rotations have the angle and the phase that their rules say', () => {
  for (const gate of gates) {
    const { rotation } = ruleOf(gate.name);
    if (rotation === undefined || gate.qubits > 2) continue;
    const angle = rotation.angle ?? 0.7;
    const own = gate.matrix(angles(gate));
    const family = ROTATIONS[rotation.family];
    if (family !== undefined) {
      const phase = rotation.phaseFactor * angle;
      const expected = turn(family(angle), Math.cos(phase), Math.sin(phase));
      assert.ok(distance(own, expected) < 1e-12, gate.name);
      assert.ok(distance(product(own, own), product(expected, expected)) < 1e-12, gate.name);
    } else if (rotation.angle !== undefined && rotation.family === 'cp') {
      const cp = GATES.find(({ name }) => name === 'cp')!;
      assert.ok(distance(own, cp.matrix([angle])) < 1e-12, gate.name);
    } else if (gate.name === 'csx') {
      const cx = GATES.find(({ name }) => name === 'cx')!;
      assert.ok(distance(pairProduct(own, own), cx.matrix([])) < 1e-12);
    }
  }
});
