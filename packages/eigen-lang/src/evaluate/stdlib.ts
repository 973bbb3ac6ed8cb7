import { gateByName } from '@qfs/circuit';
import { EIGEN_QUBITS_MAX } from '@qfs/core';
import type { Arguments, Given } from './arguments.ts';
import { type CircuitBuilder, isBasis } from './circuit-builder.ts';
import type { PauliTerm, Value } from './value.ts';

/** What a function of the library does to the program. */
export interface Evaluation {
  readonly circuit: CircuitBuilder;
  /** The expectation that is asked for; the last one counts. */
  expect(terms: readonly PauliTerm[]): void;
  /** The loop that is to be run. */
  minimise(plan: MinimisePlan, call: Arguments): void;
}

export interface MinimisePlan {
  readonly terms: readonly PauliTerm[];
  readonly method: string;
  readonly start: readonly number[];
  readonly iterationsMax: number | undefined;
  readonly tolerance: number | undefined;
}

export interface LibraryRow {
  readonly signature: string;
  readonly help: string;
  call(given: Arguments, evaluation: Evaluation): Value;
}

const NONE: Value = { kind: 'none' };

/** A gate of the table of gates: its parameters are named as there, `theta` first in all of them. */
function gate(name: string): LibraryRow {
  const row = gateByName(name)!;
  const qubits = row.qubits === 1 ? ['q'] : Array.from({ length: row.qubits }, (_, k) => `q${k}`);
  return {
    signature: `${name}(${[...qubits, ...row.parameters].join(', ')})`,
    help: row.help,
    call: (given, { circuit }) => {
      const named = qubits.map((qubit) => given.qubit(given.required(qubit)));
      const angles = row.parameters.map((parameter) => given.angle(given.required(parameter)));
      given.finish();
      const refused = circuit.gate(row.name, angles, named);
      return refused === undefined ? NONE : given.refuse(refused);
    },
  };
}

const size = (given: Arguments): number => {
  const value = given.whole(given.required('size', 'n'), 1, EIGEN_QUBITS_MAX);
  given.finish();
  return value;
};

/** Declared, or why not. */
const declared = (given: Arguments, offset: number | string): number =>
  typeof offset === 'number' ? offset : given.refuse(offset);

function qubitRegister(given: Arguments, { circuit }: Evaluation): Value {
  const qubits = size(given);
  return { kind: 'qubits', offset: declared(given, circuit.declareQubits(qubits)), size: qubits };
}

function classicalRegister(given: Arguments, { circuit }: Evaluation): Value {
  const bits = size(given);
  return { kind: 'bits', offset: declared(given, circuit.declareBits(bits)), size: bits };
}

const SYMBOL = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

function param(given: Arguments, { circuit }: Evaluation): Value {
  const named = given.required('name');
  const name = given.text(named);
  if (!SYMBOL.test(name)) given.refuse(`"${name}" is no name; it has letters, digits and _.`, named.span);
  const start = given.take('init', 'initial');
  const initial = start === undefined || start.value.kind === 'none' ? undefined : given.number(start);
  given.finish();
  const variable = declared(given, circuit.declareParameter({ name, initial }));
  return { kind: 'angle', expression: { kind: 'variable', variable }, parameter: name };
}

function measure(given: Arguments, { circuit }: Evaluation): Value {
  const basisGiven = given.takeNamed('basis');
  const basis = basisGiven === undefined ? 'Z' : given.text(basisGiven);
  if (!isBasis(basis)) return given.refuse(`the basis is "${basis}"; it is X, Y or Z.`, basisGiven?.span);
  const bitsGiven = given.takeNamed('c');
  const qubits = given.rest().flatMap((one) => given.qubits(one));
  given.finish();
  if (qubits.length === 0) given.refuse('a qubit is expected.');
  const bits = bitsGiven === undefined ? qubits : given.bits(bitsGiven);
  if (bits.length !== qubits.length) given.refuse(`${qubits.length} qubits go to ${bits.length} bits.`);
  if (new Set(bits).size !== bits.length) given.refuse('a bit is named twice.');
  const refused =
    circuit.use(qubits) ?? qubits.map((qubit, k) => circuit.measure(qubit, bits[k]!, basis)).find(Boolean);
  return refused === undefined ? NONE : given.refuse(refused);
}

function measureAll(given: Arguments, { circuit }: Evaluation): Value {
  given.finish();
  const qubits = Array.from({ length: circuit.qubits }, (_, k) => k);
  const refused = qubits.map((qubit) => circuit.measure(qubit, qubit, 'Z')).find(Boolean);
  return refused === undefined ? NONE : given.refuse(refused);
}

function reset(given: Arguments, { circuit }: Evaluation): Value {
  const qubits = given.rest().flatMap((one) => given.qubits(one));
  given.finish();
  const refused = qubits.map((qubit) => circuit.reset(qubit)).find(Boolean);
  return refused === undefined ? NONE : given.refuse(refused);
}

const PAULI = /^[XYZ]$/;

/** `Observable(Z=0, X=[0, 1])`: each keyword is a term of weight 1; a list is a product. */
function observable(given: Arguments): Value {
  const terms = given.keywords().map(([letter, value]): PauliTerm => {
    if (!PAULI.test(letter)) given.refuse(`${letter} is no Pauli operator; they are X, Y and Z.`, value.span);
    const qubits = given.qubits(value);
    if (new Set(qubits).size !== qubits.length) given.refuse('a qubit is named twice.', value.span);
    return { coefficient: 1, paulis: new Map(qubits.map((qubit) => [qubit, letter as 'X' | 'Y' | 'Z'])) };
  });
  given.finish();
  if (terms.length === 0) given.refuse('at least one term is expected, for example Z=0.');
  return { kind: 'observable', terms };
}

/** `Observable.from_terms([(-1.052, "II"), (0.398, "IZ")])`: one letter a qubit, qubit 0 rightmost. */
function fromTerms(given: Arguments): Value {
  const list = given.required('terms');
  given.finish();
  const terms = given.elements(list).map((pair): PauliTerm => {
    const [weight, letters, more] = given.elements(pair);
    if (weight === undefined || letters === undefined || more !== undefined) {
      return given.refuse('a term is a pair of a weight and letters, for example (0.5, "IZ").', pair.span);
    }
    return { coefficient: given.number(weight), paulis: paulisOf(given, letters) };
  });
  if (terms.length === 0) given.refuse('at least one term is expected.', list.span);
  return { kind: 'observable', terms };
}

function paulisOf(given: Arguments, letters: Given): PauliTerm['paulis'] {
  const text = given.text(letters);
  if (!/^[IXYZ]+$/.test(text)) given.refuse(`"${text}" has letters other than I, X, Y and Z.`, letters.span);
  if (text.length > EIGEN_QUBITS_MAX)
    given.refuse(`"${text.slice(0, 20)}…" has too many letters.`, letters.span);
  const paulis = new Map<number, 'X' | 'Y' | 'Z'>();
  for (const [k, letter] of [...text].entries()) {
    if (letter !== 'I') paulis.set(text.length - 1 - k, letter as 'X' | 'Y' | 'Z');
  }
  return paulis;
}

/**
 * All shapes in use: a label or a circuit and the observable, by place or by name, or the observable
 * alone.
 */
function expectationValue(given: Arguments, evaluation: Evaluation): Value {
  const named = given.takeNamed('observable');
  given.takeNamed('circuit');
  const others = given.rest();
  given.finish();
  const found = named ?? others.find(({ value }) => value.kind === 'observable');
  if (found?.value.kind !== 'observable') {
    return given.refuse('an observable is expected.', found?.span ?? given.span);
  }
  if (others.length > 2) given.refuse('a label and an observable are expected.');
  const { terms } = found.value;
  evaluation.expect(terms);
  return { kind: 'expectation', terms };
}

const ITERATIONS_MAX = 1_000_000;

function minimize(given: Arguments, evaluation: Evaluation): Value {
  const cost = given.required('cost', 'cost_function', 'objective');
  const start = given.take('init_params', 'x0', 'initial');
  const method = given.take('method', 'optimizer');
  const iterations = given.take('max_iters', 'maxiter');
  const tolerance = given.take('tol', 'tolerance');
  given.finish();
  if (cost.value.kind !== 'expectation') return given.refuse('the cost is an ExpectationValue.', cost.span);
  evaluation.minimise(
    {
      terms: cost.value.terms,
      method: method === undefined ? 'COBYLA' : given.text(method).toUpperCase(),
      start: start === undefined ? [] : given.elements(start).map((value) => given.number(value)),
      iterationsMax: iterations === undefined ? undefined : given.whole(iterations, 1, ITERATIONS_MAX),
      tolerance: tolerance === undefined ? undefined : given.number(tolerance),
    },
    given,
  );
  return { kind: 'optimum' };
}

const unsupported =
  (why: string): LibraryRow['call'] =>
  (given) =>
    given.refuse(why);

const GATE_NAMES = [
  'rx',
  'ry',
  'rz',
  'p',
  'x',
  'y',
  'z',
  'h',
  's',
  'sdg',
  't',
  'tdg',
  'sx',
  'cx',
  'cz',
  'swap',
  'ccx',
  'ccz',
];

/** Everything that programs can import, by name. */
export const LIBRARY: Readonly<Record<string, LibraryRow>> = {
  ...Object.fromEntries(GATE_NAMES.map((name) => [name, gate(name)])),
  cnot: { ...gate('cx'), help: 'Another name of cx.' },
  QubitRegister: { signature: 'QubitRegister(n)', help: 'Declares qubits.', call: qubitRegister },
  allocate_qubits: {
    signature: 'allocate_qubits(n)',
    help: 'Another name of QubitRegister.',
    call: qubitRegister,
  },
  ClassicalRegister: { signature: 'ClassicalRegister(n)', help: 'Declares bits.', call: classicalRegister },
  Param: {
    signature: 'Param(name, init=None)',
    help: 'A parameter of the circuit, and where its search begins.',
    call: param,
  },
  measure: {
    signature: 'measure(*q, basis="Z", c=[…])',
    help: 'Measures qubits in a basis, into bits of the same numbers or into c.',
    call: measure,
  },
  measure_all: { signature: 'measure_all()', help: 'Measures every qubit.', call: measureAll },
  reset: { signature: 'reset(*q)', help: 'Sets qubits to zero.', call: reset },
  Observable: {
    signature: 'Observable(Z=0, X=[0, 1], …)',
    help: 'A sum of Pauli products.',
    call: observable,
  },
  'Observable.from_terms': {
    signature: 'Observable.from_terms([(weight, letters), …])',
    help: 'A weighted sum of Pauli strings, qubit 0 rightmost.',
    call: fromTerms,
  },
  ExpectationValue: {
    signature: 'ExpectationValue(label, observable)',
    help: 'The mean of an observable after the circuit.',
    call: expectationValue,
  },
  minimize: {
    signature: 'minimize(cost, init_params, method=, max_iters=, tol=)',
    help: 'Searches the parameters for which the cost is least.',
    call: minimize,
  },
  load_dataset: {
    signature: 'load_dataset(source, format="parquet")',
    help: 'Declared, and not supported.',
    call: unsupported('data sets are not loaded by this server.'),
  },
  Ansatz: {
    signature: 'Ansatz(name)',
    help: 'Declared, and not supported.',
    call: unsupported('no named circuits are known; write the gates.'),
  },
};

/** Importable, and no function: the decorator, and the type of data sets. */
export const OTHER_SYMBOLS: ReadonlySet<string> = new Set(['hybrid_program', 'DatasetRef']);
