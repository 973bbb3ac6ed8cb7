import { readFileSync } from 'node:fs';

/** The text of one of the examples, by name. */
export const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}.qasm`, import.meta.url), 'utf8');

/** Entangling layers over a register; every qubit more doubles the time they take. */
export function layered(qubits: number, layers: number): string {
  const lines = ['OPENQASM 3.0;', 'include "stdgates.inc";', `qubit[${qubits}] q;`, `bit[${qubits}] c;`];
  lines.push('h q;');
  for (let layer = 0; layer < layers; layer += 1) {
    for (let k = 0; k < qubits - 1; k += 1) {
      lines.push(`cx q[${k}], q[${k + 1}];`, `rz(0.${layer + 1}) q[${k}];`);
    }
    lines.push('h q;');
  }
  return [...lines, 'c = measure q;'].join('\n');
}
