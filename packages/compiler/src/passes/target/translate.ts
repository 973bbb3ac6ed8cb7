import { decompositionOf, gateByName, type Parameter } from '@qfs/circuit';
import { assert } from '@qfs/core';
import type { Op, Run } from '../contract.ts';
import { ruleOf } from '../local/gate-rules.ts';
import { AngleSum, scaleAngle, wrapAngle } from '../matrix/angles.ts';
import { exchanged, type Matrix } from '../matrix/complex.ts';
import { euler } from '../matrix/euler.ts';
import { kak } from '../matrix/kak.ts';
import type { PairCircuit } from '../matrix/synthesis.ts';
import type { Basis } from './basis.ts';
import { type Turn, turnOf } from './one-qubit.ts';

/**
 * Every gate of a run with gates of the basis, in the orders that the target allows.
 * @param operationsMax no further gates are translated once there are more: whoever gives it looks at the
 * number
 */
export function translate(run: Run, basis: Basis, operationsMax = Number.POSITIVE_INFINITY): Run {
  const translator = new Translator(basis, run.phase);
  for (const op of run.ops) {
    translator.op(op);
    if (translator.ops.length > operationsMax) break;
  }
  const { ops } = translator;
  const phase = translator.phase.value();
  return { ops, phase: typeof phase === 'number' ? wrapAngle(phase, 2 * Math.PI) : phase };
}

type Step = readonly [gate: string, parameters: readonly Parameter[], operands: readonly number[]];

/** Rotations of a pair with a symbolic angle by RZZ: steps, and a factor of the angle for the phase. */
const BY_RZZ: Readonly<Record<string, (angle: Parameter) => { steps: readonly Step[]; phase: Parameter }>> = {
  cp: (angle) => ({
    steps: [
      ['p', [scaleAngle(angle, 1 / 2)], [0]],
      ['p', [scaleAngle(angle, 1 / 2)], [1]],
      ['rzz', [scaleAngle(angle, -1 / 2)], [0, 1]],
    ],
    phase: scaleAngle(angle, -1 / 4),
  }),
  crz: (angle) => ({
    steps: [
      ['rz', [scaleAngle(angle, 1 / 2)], [1]],
      ['rzz', [scaleAngle(angle, -1 / 2)], [0, 1]],
    ],
    phase: 0,
  }),
};

/** RZZ with a symbolic angle by another rotation of the basis. */
const RZZ_BY: Readonly<Record<string, (angle: Parameter) => readonly Step[]>> = {
  rxx: (angle) => [
    ['h', [], [0]],
    ['h', [], [1]],
    ['rxx', [angle], [0, 1]],
    ['h', [], [0]],
    ['h', [], [1]],
  ],
  ryy: (angle) => [
    ['sxdg', [], [0]],
    ['sxdg', [], [1]],
    ['ryy', [angle], [0, 1]],
    ['sx', [], [0]],
    ['sx', [], [1]],
  ],
  rzx: (angle) => [
    ['h', [], [1]],
    ['rzx', [angle], [0, 1]],
    ['h', [], [1]],
  ],
  crz: (angle) => [
    ['rz', [angle], [1]],
    ['crz', [scaleAngle(angle, -2)], [0, 1]],
  ],
};

class Translator {
  readonly ops: Op[] = [];
  readonly phase: AngleSum;
  readonly #basis: Basis;
  readonly #pairs = new Map<string, PairCircuit & { readonly gate: string }>();

  constructor(basis: Basis, phase: Parameter) {
    this.#basis = basis;
    this.phase = new AngleSum(phase);
  }

  op(op: Op): void {
    if (op.qubits.length === 1) this.#one(op);
    else if (op.qubits.length === 2) this.#two(op);
    else this.#decomposed(op);
  }

  #add(angle: Parameter): void {
    this.phase.add(angle);
  }

  #one({ gate, parameters, qubits }: Op): void {
    if (this.#basis.gates.has(gate)) this.ops.push({ gate, parameters, qubits });
    else if (gate !== 'id') this.#turn(turnFrom(gate, parameters), qubits);
  }

  #turn(turn: Turn, qubits: readonly number[]): void {
    const writer = {
      gate: (gate: string, ...parameters: Parameter[]): void => {
        this.ops.push({ gate, parameters, qubits });
      },
      phase: (angle: Parameter): void => this.#add(angle),
    };
    this.#basis.turns.write(turn, writer, this.#basis.gates);
  }

  #two(op: Op): void {
    const { gate, parameters, qubits } = op;
    const [a = 0, b = 0] = qubits;
    const isForward = this.#basis.isAllowed(a, b);
    if (this.#basis.gates.has(gate) && (isForward || ruleOf(gate).symmetric === 'all')) {
      this.ops.push({ gate, parameters, qubits: isForward ? qubits : [b, a] });
    } else if (gate === 'swap') this.#decomposed(op);
    else if (parameters.every((parameter) => typeof parameter === 'number')) {
      this.#synthesised(gate, parameters, isForward ? [a, b] : [b, a], isForward);
    } else this.#symbolic(op, isForward);
  }

  /** A gate with numbers as parameters by the entangler of the basis that it takes fewest of. */
  #synthesised(
    gate: string,
    parameters: readonly number[],
    qubits: readonly number[],
    isForward: boolean,
  ): void {
    const key = `${gate}(${parameters.join(',')})${isForward}`;
    let circuit = this.#pairs.get(key);
    if (circuit === undefined) {
      const matrix = gateByName(gate)!.matrix(parameters);
      circuit = this.#fewest(isForward ? matrix : exchanged(matrix));
      this.#pairs.set(key, circuit);
    }
    circuit.layers.forEach((layer, at) => {
      if (at > 0) this.ops.push({ gate: circuit.gate, parameters: circuit.parameters[at - 1]!, qubits });
      layer.forEach((one, operand) => {
        this.#turn(euler(one), [qubits[operand]!]);
      });
    });
    this.#add(circuit.phase);
  }

  #fewest(matrix: Matrix): PairCircuit & { readonly gate: string } {
    const decomposition = kak(matrix);
    const best = this.#basis.entanglers.reduce((chosen, candidate) =>
      candidate.count(decomposition.coordinates) < chosen.count(decomposition.coordinates)
        ? candidate
        : chosen,
    );
    return { ...best.synthesise(decomposition), gate: best.gate };
  }

  /** With rotations where the basis has them, else by the gate table. */
  #symbolic(op: Op, isForward: boolean): void {
    const { gate, parameters, qubits } = op;
    const [angle = 0] = parameters;
    const [a = 0, b = 0] = qubits;
    if (gate === 'rzx' && this.#basis.gates.has('rzx') && !isForward) {
      const around: readonly Step[] = [
        ['h', [], [0]],
        ['h', [], [1]],
      ];
      this.#steps([...around, ['rzx', [angle], [0, 1]], ...around], [b, a]);
      return;
    }
    const rotation = Object.keys(RZZ_BY).find((name) => this.#basis.gates.has(name));
    if (rotation === undefined && !this.#basis.gates.has('rzz')) this.#decomposed(op);
    else if (gate === 'rzz') this.#steps(RZZ_BY[rotation!]!(angle), isForward ? [a, b] : [b, a]);
    else if (BY_RZZ[gate] !== undefined) {
      const { steps, phase } = BY_RZZ[gate](angle);
      this.#steps(steps, qubits);
      this.#add(phase);
    } else this.#decomposed(op);
  }

  #steps(steps: readonly Step[], qubits: readonly number[]): void {
    for (const [gate, parameters, operands] of steps) {
      this.op({ gate, parameters, qubits: operands.map((operand) => qubits[operand]!) });
    }
  }

  #decomposed(op: Op): void {
    const steps = decompositionOf({ kind: 'gate', ...op });
    assert(steps !== undefined, () => `the gate '${op.gate}' has a decomposition`);
    for (const step of steps) {
      if (step.kind === 'gphase') this.#add(step.angle);
      else
        this.op({ gate: step.gate, parameters: step.parameters, qubits: step.qubits as readonly number[] });
    }
  }
}

function turnFrom(gate: string, parameters: readonly Parameter[]): Turn {
  const row = gateByName(gate);
  assert(row !== undefined, () => `no gate '${gate}' in the gate table`);
  const turn = turnOf(gate, parameters);
  if (turn !== undefined) return turn;
  return euler(row.matrix(parameters as readonly number[]));
}
