import { readFileSync } from 'node:fs';
import { type Program, writeAqo } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';

/** A gate on qubits, and which parameter it takes. */
type Step = readonly [gate: 'x' | 'ry' | 'cx', qubits: readonly number[], parameter?: number];

/** An ansatz, a Hamiltonian, and where the search begins. */
export interface VqeCase {
  readonly name: string;
  readonly qubits: number;
  readonly steps: readonly Step[];
  readonly terms: readonly (readonly [coefficient: number, paulis: string])[];
  readonly start: readonly number[];
}

/** Hamiltonians of the examples. */
function termsOf(example: string): VqeCase['terms'] {
  const source = readFileSync(
    new URL(`../../../examples/${example}/program.eigen.py`, import.meta.url),
    'utf8',
  );
  return [...source.matchAll(/\((-?[\d.]+), "([IXYZ]+)"\)/g)].map((found) => [Number(found[1]), found[2]!]);
}

/** Layers of RY on every qubit with CNOTs along a line between them. */
function hardwareEfficient(qubits: number, layers: number): Step[] {
  const rotations = (layer: number): Step[] =>
    Array.from({ length: qubits }, (_, q) => ['ry', [q], layer * qubits + q] as const);
  const couplings: Step[] = Array.from({ length: qubits - 1 }, (_, q) => ['cx', [q, q + 1]] as const);
  return [
    ...rotations(0),
    ...Array.from({ length: layers }, (_, layer) => [...couplings, ...rotations(layer + 1)]).flat(),
  ];
}

const random = new Prng(1, 'bench-vqe');
const LETTERS = 'IXYZ';
const angles = (count: number): number[] => Array.from({ length: count }, () => random.uniform() - 0.5);

export const CASES: readonly VqeCase[] = [
  {
    name: 'H2, 2 qubits, 5 terms',
    qubits: 2,
    steps: [
      ['x', [0]],
      ['ry', [1], 0],
      ['cx', [1, 0]],
    ],
    terms: termsOf('vqe_h2'),
    start: [0.5],
  },
  {
    name: 'LiH, 4 qubits, 27 terms',
    qubits: 4,
    steps: hardwareEfficient(4, 2),
    terms: termsOf('vqe_lih'),
    start: angles(12),
  },
  {
    name: '8 qubits, 40 angles, 100 terms',
    qubits: 8,
    steps: hardwareEfficient(8, 4),
    terms: Array.from({ length: 100 }, () => [
      random.uniform() - 0.5,
      Array.from({ length: 8 }, () => LETTERS[Math.floor(4 * random.uniform())]!).join(''),
    ]),
    start: angles(40),
  },
];

/** The search as a program in Eigen-Lang. */
export function eigenLang({ qubits, steps, terms, start }: VqeCase): string {
  const calls = steps.map(([gate, on, parameter]) => {
    const operands = on.map((q) => `q[${q}]`);
    if (parameter !== undefined) operands.push(`t${parameter}`);
    return `    ${gate === 'cx' ? 'cnot' : gate}(${operands.join(', ')})`;
  });
  return [
    'from eigen_lang import ExpectationValue, Observable, Param, QubitRegister, cnot, hybrid_program, minimize, ry, x',
    '',
    '@hybrid_program()',
    'def ansatz():',
    `    q = QubitRegister(${qubits})`,
    ...start.map((value, k) => `    t${k} = Param("t${k}", ${value})`),
    ...calls,
    `    terms = [${terms.map(([weight, paulis]) => `(${weight}, "${paulis}")`).join(', ')}]`,
    '    optimum = minimize(ExpectationValue("ansatz", Observable.from_terms(terms)), method="COBYLA")',
    '    return {"energy": optimum.fun}',
    '',
  ].join('\n');
}

/** The ansatz alone, with its angles as inputs. */
export function aqoOf({ qubits, steps, start }: VqeCase): Uint8Array {
  const program: Program = {
    qubits,
    qubitRegisters: [{ name: 'q', offset: 0, size: qubits }],
    variables: start.map((_, k) => ({ name: `t${k}`, type: { kind: 'float', width: 64 }, role: 'input' })),
    subroutines: [],
    body: steps.map(([gate, on, parameter]) => ({
      kind: 'gate',
      gate,
      parameters: parameter === undefined ? [] : [{ kind: 'variable', variable: parameter }],
      qubits: on,
    })),
  };
  return writeAqo(program);
}
