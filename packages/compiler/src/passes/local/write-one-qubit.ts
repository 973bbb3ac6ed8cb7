import type { Parameter } from '@qfs/circuit';
import type { Op } from '../contract.ts';
import { ANGLE_TOLERANCE, wrapAngle } from '../matrix/angles.ts';
import type { Matrix } from '../matrix/complex.ts';
import { euler } from '../matrix/euler.ts';
import type { Writer } from '../target/one-qubit.ts';
import type { GateSet } from './gate-set.ts';

const PI = Math.PI;
const TAU = 2 * PI;
const HALF_PI = PI / 2;

const ROTATIONS: ReadonlySet<string> = new Set(['rx', 'ry', 'rz']);

/** Gates on one qubit being written, with the phase that they leave. */
class Collector implements Writer {
  readonly ops: Op[] = [];
  left: number;
  readonly #qubits: readonly [number];

  constructor(qubit: number, phase: number) {
    this.#qubits = [qubit];
    this.left = phase;
  }

  gate(name: string, ...parameters: number[]): void {
    let angles = parameters;
    if (ROTATIONS.has(name)) {
      // A whole turn is the sign −1.
      const wrapped = wrapAngle(parameters[0]!, TAU);
      this.left += PI * Math.round((parameters[0]! - wrapped) / TAU);
      if (wrapped === 0) return;
      angles = [wrapped];
    }
    this.ops.push({ gate: name, parameters: angles, qubits: this.#qubits });
  }

  phase(angle: Parameter): void {
    this.left += angle as number;
  }
}

export interface Written {
  readonly ops: readonly Op[];
  readonly phase: number;
}

/**
 * The shortest sequence for a unitary on one qubit (8 numbers) in a gate set, exact with the phase it gives.
 */
export function writeOneQubit(matrix: Matrix, qubit: number, set: GateSet): Written | undefined {
  if (set.turns === undefined) return undefined;
  const { theta, phi, lambda, phase } = euler(matrix);
  const collector = new Collector(qubit, phase);
  const turn = {
    theta: snapped(theta),
    phi: wrapAngle(phi, TAU),
    lambda: wrapAngle(lambda, TAU),
    phase: 0,
  };
  collector.left += PI * Math.round((phi - turn.phi + lambda - turn.lambda) / TAU);
  const isNamed =
    set.isFree && (turn.theta === 0 ? writeDiagonal(turn, collector) : writeNamed(turn, collector));
  if (!isNamed) {
    if (turn.theta === 0 && isMultiple(turn.phi + turn.lambda, TAU)) {
      collector.left += PI * Math.round((turn.phi + turn.lambda) / TAU);
    } else set.turns.write(turn, collector, set.names);
  }
  return { ops: collector.ops, phase: collector.left };
}

/** Angles for which there are shorter sequences, exactly. */
const snapped = (theta: number): number =>
  [0, HALF_PI, PI].find((special) => Math.abs(theta - special) < ANGLE_TOLERANCE) ?? theta;

/** A turn with numbers. */
interface Angles {
  readonly theta: number;
  readonly phi: number;
  readonly lambda: number;
}

/** Multiples of π/4 as named gates, others as `rz`. */
const EIGHTHS = ['', 't', 's', '', 'z', '', 'sdg', 'tdg'] as const;

function writeDiagonal({ phi, lambda }: Angles, collector: Collector): true {
  const angle = phi + lambda;
  const eighth = ((Math.round((4 * angle) / PI) % 8) + 8) % 8;
  const name = isMultiple(angle, PI / 4) ? EIGHTHS[eighth]! : '';
  if (name === '') collector.gate('rz', angle);
  else {
    collector.gate(name);
    collector.left -= angle / 2;
  }
  return true;
}

const isMultiple = (angle: number, period: number): boolean => wrapAngle(angle, period) === 0;

/** Gates with a name: Pauli X and Y, their roots and rotations, Hadamard. */
function writeNamed({ theta, phi, lambda }: Angles, collector: Collector): boolean {
  const isFlip = theta === PI;
  // A half turn depends on the difference alone.
  const azimuth = isFlip ? (phi - lambda) / 2 : phi;
  if (theta === HALF_PI) {
    if (isMultiple(phi, TAU) && isMultiple(lambda - PI, TAU)) {
      // rz(φ)·ry(π/2)·rz(λ) with upper left entry e^{−i(φ+λ)/2}/√2, where that of h is 1/√2.
      collector.gate('h');
      collector.left -= (phi + lambda) / 2;
      return true;
    }
  }
  if (!isFlip && !isMultiple(phi + lambda, TAU)) return false;
  const sign = isMultiple(azimuth, TAU) || isMultiple(azimuth + HALF_PI, TAU) ? 1 : -1;
  const name = isMultiple(azimuth, PI) ? 'ry' : isMultiple(azimuth - HALF_PI, PI) ? 'rx' : undefined;
  if (name === undefined) return false;
  // rz(φ)·ry(θ)·rz(−φ), and rz of whole turns beside it.
  if (!isFlip) collector.left += PI * Math.round((phi + lambda) / TAU);
  writeAxis(name, sign * theta, collector);
  return true;
}

const AXIS_NAMES = { rx: ['x', 'sx', 'sxdg'], ry: ['y', undefined, undefined] } as const;

function writeAxis(name: 'rx' | 'ry', angle: number, collector: Collector): void {
  const [whole, root, inverse] = AXIS_NAMES[name];
  const exact =
    Math.abs(angle) > PI - ANGLE_TOLERANCE
      ? whole
      : isMultiple(angle, HALF_PI)
        ? angle > 0
          ? root
          : inverse
        : undefined;
  if (exact === undefined) collector.gate(name, angle);
  else {
    collector.gate(exact);
    collector.left -= angle / 2;
  }
}
