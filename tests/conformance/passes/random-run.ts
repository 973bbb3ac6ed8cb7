import {
  type CompileTarget,
  type Expression,
  GATES,
  type Gate,
  gateByName,
  type Parameter,
} from '@qfs/circuit';
import fc from 'fast-check';
import { randomAngle } from '../../../packages/circuit/src/testing/random-program.ts';
import type { Op, Run } from '../../../packages/compiler/src/passes/contract.ts';

const INPUTS = 3;
const variable = (id: number): Expression => ({ kind: 'variable', variable: id });

/** Values for the inputs that symbolic runs name. */
export const randomInputs = (): fc.Arbitrary<number[]> =>
  fc.array(fc.double({ min: -7, max: 7, noNaN: true }), { minLength: INPUTS, maxLength: INPUTS });

/** Inputs alone, negated, doubled, halved and with something added. */
const randomExpression: fc.Arbitrary<Expression> = fc
  .tuple(fc.nat(INPUTS - 1), fc.nat(4), fc.integer({ min: -3, max: 3 }))
  .map(([id, form, number]): Expression => {
    const operand = variable(id);
    const value: Expression = { kind: 'float', value: number / 2 };
    if (form === 0) return { kind: 'unary', operator: '-', operand };
    if (form === 1) return { kind: 'binary', operator: '*', left: value, right: operand };
    if (form === 2) return { kind: 'binary', operator: '+', left: operand, right: value };
    if (form === 3)
      return { kind: 'binary', operator: '-', left: operand, right: variable((id + 1) % INPUTS) };
    return operand;
  });

const GATES_OF_RUNS = GATES.filter((gate) => gate.qubits > 0);

/** Those that algorithms are made of, so that something meets its inverse. */
const FREQUENT = ['h', 'x', 's', 'sdg', 't', 'tdg', 'rz', 'rx', 'cx', 'cx', 'cx', 'cz', 'swap', 'rzz', 'p'];
const FREQUENT_GATES = FREQUENT.map((name) => GATES.find((gate) => gate.name === name) as Gate);

function randomOp(qubits: number, parameter: fc.Arbitrary<Parameter>): fc.Arbitrary<Op> {
  const fits = (gate: Gate): boolean => gate.qubits <= qubits;
  const gate = fc.oneof(
    fc.constantFrom(...GATES_OF_RUNS.filter(fits)),
    fc.constantFrom(...FREQUENT_GATES.filter(fits)),
  );
  const all = Array.from({ length: qubits }, (_, qubit) => qubit);
  return gate.chain(({ name, parameters, qubits: operands }) =>
    fc
      .tuple(
        fc.tuple(...parameters.map(() => parameter)),
        fc.shuffledSubarray(all, { minLength: operands, maxLength: operands }),
      )
      .map(([values, on]): Op => ({ gate: name, parameters: values, qubits: on })),
  );
}

export interface RandomRun {
  readonly qubits: number;
  readonly run: Run;
}

const GATES_IN_RUN_MAX = 30;

/** Operations in a row, some followed at once by their like. */
const randomOps = (op: fc.Arbitrary<Op>): fc.Arbitrary<Op[]> =>
  fc
    .array(fc.tuple(op, fc.nat(5)), { maxLength: GATES_IN_RUN_MAX, size: 'max' })
    .map((drawn) => drawn.flatMap(([one, again]) => (again === 0 ? [one, one] : [one])));

const randomParameter = (isSymbolic: boolean): fc.Arbitrary<Parameter> =>
  isSymbolic
    ? fc.oneof({ weight: 1, arbitrary: randomAngle() }, { weight: 2, arbitrary: randomExpression })
    : randomAngle();

/** Gates of the whole table on up to five qubits. */
export function randomRun({ isSymbolic }: { readonly isSymbolic: boolean }): fc.Arbitrary<RandomRun> {
  const parameter = randomParameter(isSymbolic);
  return fc
    .integer({ min: 1, max: 5 })
    .chain((qubits) =>
      fc
        .tuple(randomOps(randomOp(qubits, parameter)), parameter)
        .map(([ops, phase]) => ({ qubits, run: { phase, ops } })),
    );
}

/** Gates that a target has, on qubits that it couples. */
export function randomRunFor(
  { qubits, coupling, directed, basisGates }: CompileTarget,
  { isSymbolic }: { readonly isSymbolic: boolean },
): fc.Arbitrary<RandomRun> {
  const parameter = randomParameter(isSymbolic);
  const gates = basisGates.map((name) => gateByName(name) as Gate);
  const couplings = coupling ?? pairsOf(qubits);
  const pairs = directed
    ? couplings
    : couplings.flatMap(([a, b]) => [
        [a!, b!],
        [b!, a!],
      ]);
  const singles = Array.from({ length: qubits }, (_, qubit) => [qubit]);
  const op = fc
    .constantFrom(...gates)
    .chain(({ name, parameters, qubits: operands }) =>
      fc
        .tuple(
          fc.tuple(...parameters.map(() => parameter)),
          fc.constantFrom(...(operands === 1 ? singles : pairs)),
        )
        .map(([values, on]): Op => ({ gate: name, parameters: values, qubits: on })),
    );
  return fc.tuple(randomOps(op), parameter).map(([ops, phase]) => ({ qubits, run: { phase, ops } }));
}

const pairsOf = (qubits: number): number[][] =>
  Array.from({ length: qubits }, (_, b) => Array.from({ length: b }, (_, a) => [a, b])).flat();
