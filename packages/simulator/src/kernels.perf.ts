import { Prng } from '@qfs/core/math';
import { placeGate, StateVector, tableGate } from './state-vector.ts';

/** Prints nanoseconds per amplitude and gate, per kernel: `node packages/simulator/src/kernels.perf.ts [qubits]`. */
const qubits = Number(process.argv[2] ?? 16);
const GATES: readonly [string, number, readonly number[]][] = [
  ['h', 1, []],
  ['rx', 1, [0.3]],
  ['x', 1, []],
  ['rz', 1, [0.4]],
  ['z', 1, []],
  ['cx', 2, []],
  ['cz', 2, []],
  ['cp', 2, [0.7]],
  ['crx', 2, [0.2]],
  ['swap', 2, []],
  ['rzz', 2, [0.1]],
  ['rxx', 2, [0.1]],
  ['ccx', 3, []],
];
const SECONDS_PER_ROW = 0.25;

const random = new Prng(1, 'perf');
const state = new StateVector(qubits);
for (let q = 0; q < qubits; q += 1) state.apply(placeGate(tableGate('ry'), [random.uniform() * 3], [], [q]));

process.stdout.write(`${qubits} qubits, ns per amplitude and gate\n`);
for (const [name, operands, parameters] of GATES) {
  const columns = [0, Math.floor(qubits / 2), qubits - operands].map((lowest) => {
    const places = Array.from({ length: operands }, (_, i) => lowest + i);
    const gate = placeGate(tableGate(name), parameters, [], places.reverse());
    let count = 0;
    const start = performance.now();
    while (performance.now() - start < SECONDS_PER_ROW * 1000) {
      for (let i = 0; i < 8; i += 1) state.apply(gate);
      count += 8;
    }
    const nanoseconds = (performance.now() - start) * 1e6;
    return `qubit ${String(lowest).padStart(2)} ${(nanoseconds / count / 2 ** qubits).toFixed(3)}`;
  });
  process.stdout.write(`${name.padEnd(5)} ${columns.join('   ')}\n`);
}
