import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompileTarget, GATES, gateByName, type Parameter } from '@qfs/circuit';
import fc from 'fast-check';
import type { Op, PassContext, Run } from '../contract.ts';
import { LOCAL_PASSES } from './index.ts';

const RUNS = Number(process.env.QFS_PROPERTY_RUNS ?? 8);

/** The unitary of a run, column by column: 2·4ⁿ numbers, qubit 0 the highest bit of the index. */
function unitaryOf({ ops, phase }: Run, qubits: number): Float64Array {
  const size = 2 ** qubits;
  const columns = new Float64Array(2 * size * size);
  for (let column = 0; column < size; column++) {
    columns[2 * (column * size + column)] = Math.cos(phase as number);
    columns[2 * (column * size + column) + 1] = Math.sin(phase as number);
    for (const op of ops) apply(op, qubits, columns.subarray(2 * column * size, 2 * (column + 1) * size));
  }
  return columns;
}

function apply(op: Op, qubits: number, state: Float64Array): void {
  const matrix = gateByName(op.gate)!.matrix(op.parameters as number[]);
  const bits = op.qubits.map((qubit) => 1 << (qubits - 1 - qubit));
  const mask = bits.reduce((sum, bit) => sum | bit, 0);
  const places = Array.from({ length: 2 ** bits.length }, (_, index) =>
    bits.reduce((sum, bit, at) => ((index >> (bits.length - 1 - at)) & 1 ? sum | bit : sum), 0),
  );
  for (let base = 0; base < 2 ** qubits; base++) {
    if ((base & mask) !== 0) continue;
    const before = places.map(
      (place) => [state[2 * (base + place)]!, state[2 * (base + place) + 1]!] as const,
    );
    for (const [row, place] of places.entries()) {
      let re = 0;
      let im = 0;
      for (const [column, [x, y]] of before.entries()) {
        const m = 2 * (row * places.length + column);
        re += matrix[m]! * x - matrix[m + 1]! * y;
        im += matrix[m]! * y + matrix[m + 1]! * x;
      }
      state[2 * (base + place)] = re;
      state[2 * (base + place) + 1] = im;
    }
  }
}

const distanceOf = (left: Run, right: Run, qubits: number): number => {
  const [a, b] = [unitaryOf(left, qubits), unitaryOf(right, qubits)];
  return a.reduce((largest, value, at) => Math.max(largest, Math.abs(value - b[at]!)), 0);
};

const angle = fc.oneof(
  fc.integer({ min: -16, max: 16 }).map((eighths) => (eighths * Math.PI) / 8),
  fc.double({ min: -7, max: 7, noNaN: true }),
);

const randomOp = (qubits: number, names: readonly string[]): fc.Arbitrary<Op> =>
  fc.constantFrom(...names.filter((name) => gateByName(name)!.qubits <= qubits)).chain((gate) => {
    const row = gateByName(gate)!;
    const all = Array.from({ length: qubits }, (_, qubit) => qubit);
    return fc.record({
      gate: fc.constant(gate),
      parameters: fc.tuple(...row.parameters.map(() => angle)) as fc.Arbitrary<Parameter[]>,
      qubits: fc.shuffledSubarray(all, { minLength: row.qubits, maxLength: row.qubits }),
    });
  });

const randomRun = (qubits: number, names: readonly string[], length = 24): fc.Arbitrary<Run> =>
  fc.record({ ops: fc.array(randomOp(qubits, names), { maxLength: length }), phase: angle });

const ALL = GATES.filter(({ qubits }) => qubits > 0).map(({ name }) => name);
/** Few gates, so that they meet often. */
const VOCABULARIES: readonly (readonly string[])[] = [
  ALL,
  ['cx', 'rz', 'h', 'x'],
  ['cx', 't', 's', 'x', 'swap', 'h'],
  ['cz', 'sx', 'rz', 'x'],
  ['rzz', 'rxx', 'ryy', 'cp', 'crz', 'rx', 'ry', 'p'],
  ['ccx', 'cx', 'h', 'ccz', 'cswap'],
  ['h', 'cx', 'cz', 'cs', 'csx', 'crx', 'crz', 'cry', 'rzz', 'rzx', 'rxx'],
  ['cx', 'cz', 'rz', 'rx', 'p'],
  ['cx', 'swap', 'h', 's', 'rzz', 'cp'],
  ['ccx', 'ccx', 'ccx', 'ccx', 'cz', 'rz', 'ccz', 'cx'],
  ['rzz', 'rzz', 'cz', 'cx', 'swap', 'rz', 'x'],
];

const FREE: PassContext = { qubits: 4, target: undefined, level: 3 };
const targetOf = (...basisGates: string[]): CompileTarget => ({
  name: 'test',
  qubits: 4,
  directed: true,
  coupling: [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].filter((b) => a < b).map((b) => [a, b])),
  basisGates,
});
const TARGETS = [
  targetOf('rz', 'sx', 'x', 'cx'),
  targetOf('rz', 'sx', 'cz'),
  targetOf('rz', 'sx', 'x', 'ecr'),
  targetOf('u', 'cx'),
  targetOf('U', 'cz'),
  targetOf('rx', 'ry', 'rxx'),
  targetOf('rz', 'rx', 'rzz'),
  targetOf('p', 'r', 'cp'),
  targetOf('h', 'rz', 'cx'),
  targetOf('u3', 'cry'),
];

for (const pass of Object.values(LOCAL_PASSES)) {
  test(`${pass.name} keeps the unitary with its phase`, () => {
    for (const names of VOCABULARIES) {
      fc.assert(
        fc.property(randomRun(4, names), (run) => {
          const rewritten = pass.run(run, FREE);
          assert.ok(distanceOf(run, rewritten, 4) < 1e-9, JSON.stringify(rewritten));
        }),
        { numRuns: RUNS },
      );
    }
  });

  test(`${pass.name} stays within the basis of a target and the order of its pairs`, () => {
    for (const target of TARGETS) {
      const context: PassContext = { ...FREE, target };
      fc.assert(
        fc.property(randomRun(3, target.basisGates), (run) => {
          const ordered = { ...run, ops: run.ops.map((op) => ({ ...op, qubits: op.qubits.toSorted() })) };
          const rewritten = pass.run(ordered, context);
          for (const { gate, qubits } of rewritten.ops) {
            assert.ok(target.basisGates.includes(gate), gate);
            assert.ok(qubits.length === 1 || qubits[0]! < qubits[1]!, `${gate} ${qubits}`);
          }
          assert.ok(distanceOf(ordered, rewritten, 3) < 1e-9, JSON.stringify(rewritten));
        }),
        { numRuns: Math.ceil(RUNS / 2) },
      );
    }
  });
}
