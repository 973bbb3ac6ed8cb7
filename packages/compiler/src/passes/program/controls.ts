import { decompositionOf, type GateInstruction, gateByName, type Parameter } from '@qfs/circuit';
import { assert } from '@qfs/core';
import type { Op } from '../contract.ts';
import { addAngles, scaleAngle, subtractAngles } from '../matrix/angles.ts';

/** Operations equal to a gate under controls, and the phase that comes with them. */
export interface Expansion {
  readonly ops: Op[];
  phase: Parameter;
}

/** Gates of the table that are another gate under controls on their first qubits. */
const UNDER_CONTROLS: Readonly<Record<string, { readonly gate: string; readonly controls: number }>> = {
  cx: { gate: 'x', controls: 1 },
  ccx: { gate: 'x', controls: 2 },
  cy: { gate: 'y', controls: 1 },
  cz: { gate: 'z', controls: 1 },
  ccz: { gate: 'z', controls: 2 },
  ch: { gate: 'h', controls: 1 },
  cp: { gate: 'p', controls: 1 },
  cs: { gate: 's', controls: 1 },
  csdg: { gate: 'sdg', controls: 1 },
  csx: { gate: 'sx', controls: 1 },
  crx: { gate: 'rx', controls: 1 },
  cry: { gate: 'ry', controls: 1 },
  crz: { gate: 'rz', controls: 1 },
  cswap: { gate: 'swap', controls: 1 },
};

const WITH_CONTROLS = new Map(
  Object.entries(UNDER_CONTROLS).map(([name, { gate, controls }]) => [`${controls} ${gate}`, name]),
);

/** The multiple of pi that the gate puts as a phase on |1⟩, for those that do nothing else. */
const PHASES: Readonly<Record<string, number>> = { z: 1, s: 1 / 2, sdg: -1 / 2, t: 1 / 4, tdg: -1 / 4 };

/**
 * A gate whose control modifiers the table has a gate for, as operations without modifiers; undefined where
 * it has none. Controls on |0⟩ are turned about by X gates.
 */
export function tabledControls(instruction: GateInstruction): Expansion | undefined {
  const expander = new Expander();
  return expander.tabled(instruction) ? expander.expansion : undefined;
}

/**
 * Any gate under any control modifiers as operations without modifiers. A gate with n controls becomes a
 * number of gates quadratic in n, without further qubits (Barenco et al. 1995, "Elementary gates for quantum
 * computation", lemmas 7.5 and 7.11).
 */
export function expandControls(instruction: GateInstruction): Expansion {
  const expander = new Expander();
  if (!expander.tabled(instruction)) expander.expand(instruction);
  return expander.expansion;
}

/** A global phase under controls. */
export function expandControlledPhase(
  angle: Parameter,
  controls: readonly boolean[],
  qubits: readonly number[],
): Expansion {
  const expander = new Expander();
  expander.onZeros(controls, qubits, () => expander.phaseOn(angle, qubits));
  return expander.expansion;
}

const fixedQubits = (instruction: GateInstruction): readonly number[] =>
  instruction.qubits.map((qubit) => {
    assert(typeof qubit === 'number', 'the gate has constant qubits');
    return qubit;
  });

class Expander {
  readonly expansion: Expansion = { ops: [], phase: 0 };

  tabled(instruction: GateInstruction): boolean {
    const { gate, parameters, controls = [] } = instruction;
    const qubits = fixedQubits(instruction);
    const { gate: base, controls: own } = UNDER_CONTROLS[gate] ?? { gate, controls: 0 };
    const total = controls.length + own;
    const name = total === own ? gate : WITH_CONTROLS.get(`${total} ${base}`);
    if (name === undefined) return false;
    this.onZeros(controls, qubits, () => this.push(name, qubits, parameters));
    return true;
  }

  expand(instruction: GateInstruction): void {
    const { controls = [] } = instruction;
    const qubits = fixedQubits(instruction);
    this.onZeros(controls, qubits, () =>
      this.positive(instruction, qubits.slice(0, controls.length), qubits.slice(controls.length)),
    );
  }

  onZeros(controls: readonly boolean[], qubits: readonly number[], body: () => void): void {
    const zeros = controls.flatMap((polarity, at) => (polarity ? [] : [qubits[at]!]));
    for (const qubit of zeros) this.push('x', [qubit]);
    body();
    for (const qubit of zeros) this.push('x', [qubit]);
  }

  push(gate: string, qubits: readonly number[], parameters: readonly Parameter[] = []): void {
    this.expansion.ops.push({ gate, parameters, qubits });
  }

  /** The gate where all controls are |1⟩. */
  positive(
    { gate, parameters }: Pick<GateInstruction, 'gate' | 'parameters'>,
    outer: readonly number[],
    operands: readonly number[],
  ): void {
    const known = UNDER_CONTROLS[gate];
    const base = known?.gate ?? gate;
    const controls = [...outer, ...operands.slice(0, known?.controls ?? 0)];
    const targets = operands.slice(known?.controls ?? 0);
    const [target = 0, other = 0] = targets;
    const [angle = 0] = parameters;
    const tabled = controls.length === 0 ? base : WITH_CONTROLS.get(`${controls.length} ${base}`);
    if (tabled !== undefined) this.push(tabled, [...controls, ...targets], parameters);
    else if (base === 'x') this.flip(controls, target);
    else if (base === 'p') this.phaseOn(angle, [...controls, target]);
    else if (PHASES[base] !== undefined) this.phaseOn(PHASES[base] * Math.PI, [...controls, target]);
    else if (base === 'rz' || base === 'ry') this.rotation(base, angle, controls, target);
    else if (base === 'rx') this.between('h', target, () => this.rotation('rz', angle, controls, target));
    else if (base === 'swap') {
      this.push('cx', [other, target]);
      this.flip([...controls, target], other);
      this.push('cx', [other, target]);
    } else if (base === 'U') this.euler(parameters, controls, target);
    else this.steps({ gate: base, parameters }, controls, targets);
  }

  /** Every step of the gate's decomposition under the controls. */
  steps(
    { gate, parameters }: Pick<GateInstruction, 'gate' | 'parameters'>,
    controls: readonly number[],
    targets: readonly number[],
  ): void {
    assert(gateByName(gate) !== undefined, () => `no gate '${gate}' in the gate table`);
    const steps = decompositionOf({ kind: 'gate', gate, parameters, qubits: targets });
    assert(steps !== undefined, () => `the gate '${gate}' has a decomposition`);
    for (const step of steps) {
      if (step.kind === 'gphase') this.phaseOn(step.angle, controls);
      else {
        const inner = step.controls?.length ?? 0;
        const qubits = fixedQubits(step);
        this.positive(step, [...controls, ...qubits.slice(0, inner)], qubits.slice(inner));
      }
    }
  }

  between(gate: string, qubit: number, body: () => void): void {
    this.push(gate, [qubit]);
    body();
    this.push(gate, [qubit]);
  }

  /** e^{i·angle} on the state where all of these qubits are |1⟩. */
  phaseOn(angle: Parameter, qubits: readonly number[]): void {
    if (qubits.length === 0) this.expansion.phase = addAngles(this.expansion.phase, angle);
    else if (qubits.length === 1) this.push('p', qubits, [angle]);
    else if (qubits.length === 2) this.push('cp', qubits, [angle]);
    else {
      const target = qubits.at(-1)!;
      const last = qubits.at(-2)!;
      const rest = qubits.slice(0, -2);
      this.push('cp', [last, target], [scaleAngle(angle, 1 / 2)]);
      this.flip(rest, last, target);
      this.push('cp', [last, target], [scaleAngle(angle, -1 / 2)]);
      this.flip(rest, last, target);
      this.phaseOn(scaleAngle(angle, 1 / 2), [...rest, target]);
    }
  }

  /**
   * X where all controls are |1⟩.
   * @param borrowed a qubit in any state, which is given back as it was
   */
  flip(controls: readonly number[], target: number, borrowed?: number): void {
    const [a = 0, b = 0] = controls;
    if (controls.length === 0) this.push('x', [target]);
    else if (controls.length === 1) this.push('cx', [a, target]);
    else if (controls.length === 2) this.push('ccx', [a, b, target]);
    else if (borrowed === undefined)
      this.between('h', target, () => this.phaseOn(Math.PI, [...controls, target]));
    else {
      // Twice two halves: the borrowed qubit carries the first half, each half borrows from the other.
      const half = Math.ceil((controls.length + 1) / 2);
      const first = controls.slice(0, half);
      const second = [...controls.slice(half), borrowed];
      for (let round = 0; round < 2; round++) {
        this.chain(first, borrowed, [...controls.slice(half), target]);
        this.chain(second, target, first);
      }
    }
  }

  /** X where all controls are |1⟩, with at least two borrowed qubits fewer than controls (lemma 7.2). */
  chain(controls: readonly number[], target: number, borrowed: readonly number[]): void {
    const count = controls.length;
    if (count <= 2) {
      this.flip(controls, target);
      return;
    }
    const work = [...borrowed.slice(0, count - 2), target];
    assert(work.length === count - 1, 'there are qubits to borrow');
    const step = (at: number): void =>
      this.push('ccx', [controls[at + 1]!, at === 0 ? controls[0]! : work[at - 1]!, work[at]!]);
    for (const top of [count - 2, count - 3]) {
      for (let at = top; at > 0; at--) step(at);
      step(0);
      for (let at = 1; at <= top; at++) step(at);
    }
  }

  rotation(gate: 'ry' | 'rz', angle: Parameter, controls: readonly number[], target: number): void {
    this.push(gate, [target], [scaleAngle(angle, 1 / 2)]);
    this.flip(controls, target);
    this.push(gate, [target], [scaleAngle(angle, -1 / 2)]);
    this.flip(controls, target);
  }

  /** U = e^{i(θ+φ+λ)/2}·RZ(φ)·RY(θ)·RZ(λ), which is A·X·B·X·C with A·B·C the identity. */
  euler(parameters: readonly Parameter[], controls: readonly number[], target: number): void {
    const [theta = 0, phi = 0, lambda = 0] = parameters;
    this.push('rz', [target], [scaleAngle(subtractAngles(lambda, phi), 1 / 2)]);
    this.flip(controls, target);
    this.push('rz', [target], [scaleAngle(addAngles(lambda, phi), -1 / 2)]);
    this.push('ry', [target], [scaleAngle(theta, -1 / 2)]);
    this.flip(controls, target);
    this.push('ry', [target], [scaleAngle(theta, 1 / 2)]);
    this.push('rz', [target], [phi]);
    this.phaseOn(scaleAngle(addAngles(theta, addAngles(phi, lambda)), 1 / 2), controls);
  }
}
