import { OPTIMUM_PARTS, type OptimumPart } from '@qfs/hybrid';
import { type PauliTerm, termText, type Value } from './value.ts';

interface AttributeRow {
  readonly name: string;
  readonly help: string;
  /** The value, or undefined of something that has no such attribute. */
  read(of: Value): Value | undefined;
}

/** Everything that programs can read of a value with a point, by what has it. */
export const ATTRIBUTES: Readonly<Record<string, readonly AttributeRow[]>> = {
  'a register of qubits or bits': [
    {
      name: 'size',
      help: 'How many there are',
      read: (of) =>
        of.kind === 'qubits' || of.kind === 'bits' ? { kind: 'number', value: BigInt(of.size) } : undefined,
    },
  ],
  'a parameter': [
    {
      name: 'name',
      help: 'Its name',
      read: (of) =>
        of.kind === 'angle' && of.parameter !== undefined
          ? { kind: 'string', value: of.parameter }
          : undefined,
    },
  ],
  'an observable or an expectation value': [
    {
      name: 'terms',
      help: 'A list of weights and letters: `[(1.0, "Z0"), (0.5, "X0 X1")]`',
      read: (of) => (of.kind === 'observable' || of.kind === 'expectation' ? termsOf(of.terms) : undefined),
    },
  ],
  'an Ansatz': [
    {
      name: 'params',
      help: 'The list of its angles',
      read: (of) => (of.kind === 'ansatz' ? { kind: 'list', elements: of.angles } : undefined),
    },
  ],
  'the result of minimize': Object.entries(OPTIMUM_PARTS).map(([name, help]) => ({
    name,
    help: `Known when the job ends, and for \`return\` alone: ${help}`,
    read: (of) => (of.kind === 'optimum' ? { kind: 'output', name: name as OptimumPart } : undefined),
  })),
};

const ROWS = Object.values(ATTRIBUTES).flat();

/** What stands behind a point, or undefined where there is nothing. */
export function attributeOf(value: Value, name: string): Value | undefined {
  for (const row of ROWS) {
    const found = row.name === name ? row.read(value) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

const termsOf = (terms: readonly PauliTerm[]): Value => ({
  kind: 'list',
  elements: terms.map((term) => ({
    kind: 'tuple',
    elements: [
      { kind: 'number', value: term.coefficient },
      { kind: 'string', value: termText(term) },
    ],
  })),
});
