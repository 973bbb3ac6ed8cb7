import { EIGEN_QUBITS_MAX, HYBRID_ITERATIONS_MAX, HYBRID_TERMS_MAX, nearestName } from '@qfs/core';
import { METHODS, type MethodName } from '@qfs/optimise';
import type { Arguments, Given } from '../evaluate/arguments.ts';
import { CircuitFault } from '../evaluate/circuit-builder.ts';
import { nameOf, type PauliTerm, type Value } from '../evaluate/value.ts';
import type { Evaluation, LibraryRow } from './library-row.ts';

const PAULI = /^[XYZ]$/;

/** `Observable(Z=0, X=[0, 1])`: each keyword is a term of weight 1; a list is a product. */
function observable(given: Arguments): Value {
  const terms = given.keywords().map(([letter, value]): PauliTerm => {
    if (!PAULI.test(letter)) given.refuse(`${letter} is no Pauli operator; they are X, Y and Z.`, value.span);
    const qubits = given.qubits(value);
    if (qubits.length === 0) given.refuse('a product has at least one qubit.', value.span);
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
  const pairs = given.elements(list);
  if (pairs.length > HYBRID_TERMS_MAX) {
    throw new CircuitFault(`An observable has at most ${HYBRID_TERMS_MAX} terms.`, 'EIGEN_LIMIT');
  }
  const terms = pairs.map((pair): PauliTerm => {
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
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  if (!/^[IXYZ]+$/.test(text)) given.refuse(`"${shown}" has letters other than I, X, Y and Z.`, letters.span);
  if (text.length > EIGEN_QUBITS_MAX) given.refuse(`"${shown}" has too many letters.`, letters.span);
  const paulis = new Map<number, 'X' | 'Y' | 'Z'>();
  for (const [k, letter] of [...text].entries()) {
    if (letter !== 'I') paulis.set(text.length - 1 - k, letter as 'X' | 'Y' | 'Z');
  }
  return paulis;
}

/**
 * All shapes in use: a label or a circuit and the observable, by place or by name, or the observable alone.
 */
function expectationValue(given: Arguments, evaluation: Evaluation): Value {
  const [named, circuit] = [given.takeNamed('observable'), given.takeNamed('circuit')];
  const all = [circuit, ...given.rest(), named].filter((one) => one !== undefined);
  given.finish();
  const { value, span } = all.pop() ?? given.refuse('an observable is expected.');
  const label = all.pop();
  if (label !== undefined && label.value.kind !== 'string' && label.value.kind !== 'ansatz') {
    given.refuse(`the circuit is a text or an Ansatz, not ${nameOf(label.value)}.`, label.span);
  }
  if (all.length > 0) given.refuse('a circuit and an observable are expected, and nothing else.');
  if (value.kind === 'string') {
    given.refuse(
      `no observable has the name "${value.value.slice(0, 40)}". Write it with Observable(…) or Observable.from_terms([…]).`,
      span,
    );
  }
  if (value.kind !== 'observable') {
    return given.refuse(`an observable is expected, not ${nameOf(value)}.`, span);
  }
  evaluation.expect(value.terms, given);
  return { kind: 'expectation', terms: value.terms };
}

const METHOD_NAMES = Object.keys(METHODS) as MethodName[];

function methodOf(given: Arguments, method: Given): MethodName {
  const written = given.text(method);
  const wanted = written.toUpperCase().replaceAll('_', '-');
  const known = METHOD_NAMES.find((name) => name === wanted);
  if (known !== undefined) return known;
  const nearest = nearestName(wanted, METHOD_NAMES);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  const names = METHOD_NAMES.join(', ');
  return given.refuse(`"${written.slice(0, 40)}" is no method; they are ${names}.${hint}`, method.span);
}

function minimize(given: Arguments, evaluation: Evaluation): Value {
  const cost = given.required('cost', 'cost_function', 'objective');
  const start = given.take('init_params', 'x0', 'initial');
  const method = given.take('method', 'optimizer');
  const iterations = given.take('max_iters', 'maxiter');
  const tolerance = given.take('tol', 'tolerance');
  given.finish();
  if (cost.value.kind !== 'expectation') return given.refuse('the cost is an ExpectationValue.', cost.span);
  const parameters = evaluation.circuit.parameters.length;
  if (parameters === 0) given.refuse('the circuit has no parameters. Declare some with Param("name").');
  const begin = start === undefined ? undefined : given.elements(start).map((value) => given.number(value));
  if (begin !== undefined && begin.length !== parameters) {
    const counts = `${begin.length} start values for ${parameters} parameters`;
    given.refuse(`there are ${counts}; they are in the order of the declarations.`, start!.span);
  }
  const tolerated = tolerance === undefined ? undefined : given.number(tolerance);
  if (tolerated !== undefined && tolerated <= 0) {
    given.refuse(`the tolerance is ${tolerated}; it must be above 0.`, tolerance!.span);
  }
  evaluation.minimise(
    {
      terms: cost.value.terms,
      method: method === undefined ? 'COBYLA' : methodOf(given, method),
      start: begin,
      iterationsMax: iterations === undefined ? undefined : given.whole(iterations, 1, HYBRID_ITERATIONS_MAX),
      tolerance: tolerated,
    },
    given,
  );
  return { kind: 'optimum' };
}

export const OBJECTIVES: Readonly<Record<string, LibraryRow>> = {
  Observable: {
    group: 'objectives',
    signature: 'Observable(Z=0, X=[0, 1], …)',
    help: 'A sum of Pauli products of weight 1: each keyword is a product of one letter on a qubit or on several',
    call: observable,
  },
  'Observable.from_terms': {
    group: 'objectives',
    signature: 'Observable.from_terms([(weight, letters), …])',
    help: 'A weighted sum of Pauli strings, one letter for each qubit, qubit 0 rightmost: `(0.5, "ZI")` is 0.5 Z₁',
    call: fromTerms,
  },
  ExpectationValue: {
    group: 'objectives',
    signature: 'ExpectationValue(circuit, observable)',
    help:
      'The mean of an observable after the gates above it, of which there are no more then. The circuit is an ' +
      'Ansatz or any text, and may be left out; both may be given by name',
    call: expectationValue,
  },
  minimize: {
    group: 'objectives',
    signature: 'minimize(cost, init_params=None, method="COBYLA", max_iters=None, tol=None)',
    help:
      'Searches the parameters for which the cost, an ExpectationValue, is least. The platform runs the loop. ' +
      '`init_params` are in the order of the declarations; without them the search begins where the parameters ' +
      'say, else at 0. `optimizer` is another name of `method`',
    call: minimize,
  },
};
