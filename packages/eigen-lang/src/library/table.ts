import { gateByName } from '@qfs/circuit';
import { EIGEN_QUBITS_MAX } from '@qfs/core';
import type { Arguments } from '../evaluate/arguments.ts';
import { CircuitFault, isBasis } from '../evaluate/circuit-builder.ts';
import type { Value } from '../evaluate/value.ts';
import { CIRCUITS } from './ansatz.ts';
import { type Evaluation, type LibraryRow, NONE } from './library-row.ts';
import { OBJECTIVES } from './observables.ts';

/** A gate of the table of gates; Python has a `lambda` of its own, so that every angle is called `theta`. */
function gate(name: string): LibraryRow {
  const row = gateByName(name)!;
  const qubits = row.qubits === 1 ? ['q'] : ['a', 'b', 'c'].slice(0, row.qubits);
  const angleNames = row.parameters.map(() => 'theta');
  return {
    group: 'gates',
    signature: `${name}(${[...qubits, ...angleNames].join(', ')})`,
    help: row.help.replaceAll('λ', 'θ'),
    call: (given, { circuit }) => {
      const named = qubits.map((qubit) => given.qubit(given.required(qubit)));
      const angles = angleNames.map((parameter) => given.angle(given.required(parameter)));
      given.finish();
      const nodes = angles.reduce((sum, angle) => sum + angle.nodes, 0);
      circuit.gate(
        row.name,
        angles.map(({ parameter }) => parameter),
        named,
        nodes,
      );
      return NONE;
    },
  };
}

const size = (given: Arguments): number => {
  const value = given.whole(given.required('size', 'n'), 1, EIGEN_QUBITS_MAX);
  given.finish();
  return value;
};

function qubitRegister(given: Arguments, { circuit }: Evaluation): Value {
  const qubits = size(given);
  return { kind: 'qubits', offset: circuit.declareQubits(qubits), size: qubits };
}

function classicalRegister(given: Arguments, { circuit }: Evaluation): Value {
  const bits = size(given);
  return { kind: 'bits', offset: circuit.declareBits(bits), size: bits };
}

function param(given: Arguments, { circuit }: Evaluation): Value {
  const name = given.symbol(given.required('name'));
  const start = given.take('init', 'initial');
  const initial = start === undefined || start.value.kind === 'none' ? undefined : given.number(start);
  given.finish();
  const variable = circuit.declareParameter({ name, ...(initial === undefined ? {} : { initial }) });
  return { kind: 'angle', expression: { kind: 'variable', variable }, nodes: 1, parameter: name };
}

function measure(given: Arguments, { circuit }: Evaluation): Value {
  const basisGiven = given.takeNamed('basis');
  const basis = basisGiven === undefined ? 'Z' : given.text(basisGiven);
  if (!isBasis(basis)) {
    return given.refuse(`the basis is "${basis.slice(0, 40)}"; it is X, Y or Z.`, basisGiven?.span);
  }
  const bitsGiven = given.takeNamed('c');
  const qubits = given.rest().flatMap((one) => given.qubits(one));
  given.finish();
  if (qubits.length === 0) given.refuse('a qubit is expected.');
  const bits = bitsGiven === undefined ? qubits : circuit.namedBits(given.bits(bitsGiven));
  if (bits.length !== qubits.length) given.refuse(`${qubits.length} qubits go to ${bits.length} bits.`);
  if (new Set(bits).size !== bits.length) given.refuse('a bit is named twice.');
  circuit.measure(qubits, bits, basis);
  return { kind: 'outcome' };
}

function measureAll(given: Arguments, { circuit }: Evaluation): Value {
  given.finish();
  const qubits = Array.from({ length: circuit.qubits }, (_, k) => k);
  if (qubits.length === 0) given.refuse('there are no qubits yet.');
  circuit.measure(qubits, qubits, 'Z');
  return { kind: 'outcome' };
}

function reset(given: Arguments, { circuit }: Evaluation): Value {
  const qubits = given.rest().flatMap((one) => given.qubits(one));
  given.finish();
  if (qubits.length === 0) given.refuse('a qubit is expected.');
  for (const qubit of qubits) circuit.reset(qubit);
  return NONE;
}

const unsupported = (signature: string, why: string): LibraryRow => ({
  group: 'unsupported',
  signature,
  help: why,
  call: () => {
    throw new CircuitFault(`${why}.`, 'EIGEN_UNSUPPORTED');
  },
});

const NO_DATA_SETS = 'Programs are circuits and what is measured of them; data sets are not loaded';

// biome-ignore format: one family a line
const GATE_NAMES = [
  'rx', 'ry', 'rz', 'p',
  'x', 'y', 'z', 'h', 's', 'sdg', 't', 'tdg', 'sx',
  'cx', 'cz', 'swap', 'ccx', 'ccz',
];

/** Every function that programs can import, by name. */
export const LIBRARY: Readonly<Record<string, LibraryRow>> = {
  QubitRegister: {
    group: 'declarations',
    signature: 'QubitRegister(n)',
    help: 'Declares n qubits. Without any register there are as many qubits as are used. `.size` is n',
    call: qubitRegister,
  },
  allocate_qubits: {
    group: 'declarations',
    signature: 'allocate_qubits(n)',
    help: 'Another name of QubitRegister',
    call: qubitRegister,
  },
  ClassicalRegister: {
    group: 'declarations',
    signature: 'ClassicalRegister(n)',
    help: 'Declares n bits. `.size` is n',
    call: classicalRegister,
  },
  Param: {
    group: 'declarations',
    signature: 'Param(name, init=None)',
    help: 'A parameter of the circuit, and where its search begins. `.name` is its name',
    call: param,
  },
  ...Object.fromEntries(GATE_NAMES.map((name) => [name, gate(name)])),
  cnot: { ...gate('cx'), signature: 'cnot(a, b)', help: 'Another name of cx.' },
  measure: {
    group: 'measurements',
    signature: 'measure(*q, basis="Z", c=None)',
    help:
      'Measures qubits, registers or lists of them in the basis X, Y or Z, into the bits `c`, else into bits of ' +
      'the same numbers. The change of basis is not undone. Where nothing is measured, every qubit is at the end',
    call: measure,
  },
  measure_all: {
    group: 'measurements',
    signature: 'measure_all()',
    help: 'Measures every qubit into the bit of its number',
    call: measureAll,
  },
  reset: { group: 'measurements', signature: 'reset(*q)', help: 'Sets qubits to |0⟩', call: reset },
  ...CIRCUITS,
  ...OBJECTIVES,
  load_dataset: unsupported('load_dataset(source, format="parquet")', NO_DATA_SETS),
  DatasetRef: unsupported('DatasetRef(source)', NO_DATA_SETS),
};

/** Numbers that programs can import. */
export const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI };

export const DECORATOR = 'hybrid_program';

/** Everything that programs can import; `from_terms` comes with its class. */
export const IMPORTABLE: readonly string[] = [
  DECORATOR,
  ...Object.keys(CONSTANTS),
  ...Object.keys(LIBRARY).filter((name) => !name.includes('.')),
];
