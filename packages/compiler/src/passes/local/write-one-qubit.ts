import type { Op } from '../contract.ts';
import { ANGLE_TOLERANCE, wrapAngle } from '../matrix/angles.ts';
import { type Matrix, product3 } from '../matrix/complex.ts';
import { type Euler, euler } from '../matrix/euler.ts';
import { H, ry, rz } from '../matrix/rotations.ts';
import type { EulerStyle, GateSet } from './gate-set.ts';

const PI = Math.PI;
const TAU = 2 * PI;
const HALF_PI = PI / 2;

/** Gates on one qubit being written, with the phase that they leave. */
class Writer {
  readonly ops: Op[] = [];
  phase: number;
  readonly #qubits: readonly [number];
  readonly #set: GateSet;

  constructor(qubit: number, phase: number, set: GateSet) {
    this.#qubits = [qubit];
    this.phase = phase;
    this.#set = set;
  }

  gate(name: string, ...parameters: number[]): void {
    this.ops.push({ gate: name, parameters, qubits: this.#qubits });
  }

  /** A rotation of period 2π up to the sign −1. */
  rotation(name: 'rx' | 'ry' | 'rz', angle: number): void {
    const wrapped = wrapAngle(angle, TAU);
    this.phase += PI * Math.round((angle - wrapped) / TAU);
    if (wrapped !== 0) this.gate(name, wrapped);
  }

  rz(angle: number): void {
    if (this.#set.zGate === 'rz') {
      this.rotation('rz', angle);
      return;
    }
    const wrapped = wrapAngle(angle, TAU);
    this.phase -= angle / 2;
    if (wrapped !== 0) this.gate('p', wrapped);
  }

  /** rx(π/2), written as √X. */
  sx(): void {
    this.gate('sx');
    this.phase -= PI / 4;
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
  if (set.style === undefined) return undefined;
  const angles = euler(matrix);
  const writer = new Writer(qubit, angles.phase, set);
  const isDiagonal = angles.theta < ANGLE_TOLERANCE;
  if (isDiagonal && isMultiple(angles.phi + angles.lambda, TAU)) {
    writer.phase += PI * Math.round((angles.phi + angles.lambda) / TAU);
  } else if (isDiagonal && set.isFree) writeDiagonal(angles.phi + angles.lambda, writer);
  else if (isDiagonal && set.zGate !== undefined) writer.rz(angles.phi + angles.lambda);
  else if (!(set.isFree && writeNamed(angles, writer))) STYLES[set.style](angles, writer, set);
  return writer;
}

/** Multiples of π/4 as named gates, others as `rz`. */
const EIGHTHS = ['', 't', 's', '', 'z', '', 'sdg', 'tdg'] as const;

function writeDiagonal(angle: number, writer: Writer): void {
  const eighth = ((Math.round((4 * angle) / PI) % 8) + 8) % 8;
  const name = isMultiple(angle, PI / 4) ? EIGHTHS[eighth]! : '';
  if (name === '') writer.rz(angle);
  else {
    writer.gate(name);
    writer.phase -= angle / 2;
  }
}

const isMultiple = (angle: number, period: number): boolean => wrapAngle(angle, period) === 0;

/** Gates with a name: Pauli X and Y, their roots and rotations, Hadamard. */
function writeNamed({ theta, phi, lambda, phase }: Euler, writer: Writer): boolean {
  const isFlip = Math.abs(theta - PI) < ANGLE_TOLERANCE;
  // A half turn depends on the difference alone.
  const azimuth = isFlip ? (phi - lambda) / 2 : phi;
  if (!isFlip && Math.abs(theta - HALF_PI) < ANGLE_TOLERANCE) {
    if (isMultiple(phi, TAU) && isMultiple(lambda - PI, TAU)) {
      // rz(φ)·ry(π/2)·rz(λ) with upper left entry e^{−i(φ+λ)/2}/√2, where that of h is 1/√2.
      writer.gate('h');
      writer.phase = phase - (phi + lambda) / 2;
      return true;
    }
  }
  if (!isFlip && !isMultiple(phi + lambda, TAU)) return false;
  const sign = isMultiple(azimuth, TAU) || isMultiple(azimuth + HALF_PI, TAU) ? 1 : -1;
  const name = isMultiple(azimuth, PI) ? 'ry' : isMultiple(azimuth - HALF_PI, PI) ? 'rx' : undefined;
  if (name === undefined) return false;
  // rz(φ)·ry(θ)·rz(−φ), and rz of whole turns beside it.
  if (!isFlip) writer.phase += PI * Math.round((phi + lambda) / TAU);
  writeAxis(name, sign * theta, writer);
  return true;
}

const AXIS_NAMES = { rx: ['x', 'sx', 'sxdg'], ry: ['y', undefined, undefined] } as const;

function writeAxis(name: 'rx' | 'ry', angle: number, writer: Writer): void {
  const [whole, root, inverse] = AXIS_NAMES[name];
  const exact =
    Math.abs(angle) > PI - ANGLE_TOLERANCE
      ? whole
      : isMultiple(angle, HALF_PI)
        ? angle > 0
          ? root
          : inverse
        : undefined;
  if (exact === undefined) writer.rotation(name, angle);
  else {
    writer.gate(exact);
    writer.phase -= angle / 2;
  }
}

/** How rz(φ)·ry(θ)·rz(λ) is written, θ in (0, π]. */
const STYLES: Readonly<Record<EulerStyle, (angles: Euler, writer: Writer, set: GateSet) => void>> = {
  u3: ({ theta, phi, lambda }, writer) => {
    const [p, l] = [wrapAngle(phi, TAU), wrapAngle(lambda, TAU)];
    writer.phase += PI * Math.round((phi - p + lambda - l) / TAU);
    writer.gate('u3', theta, p, l);
  },
  u: ({ theta, phi, lambda }, writer) => {
    writer.phase -= (phi + lambda) / 2;
    writer.gate('u', theta, wrapAngle(phi, TAU), wrapAngle(lambda, TAU));
  },
  U: ({ theta, phi, lambda }, writer) => {
    writer.phase -= (theta + phi + lambda) / 2;
    writer.gate('U', theta, wrapAngle(phi, TAU), wrapAngle(lambda, TAU));
  },
  'z-sx-z': ({ theta, phi, lambda }, writer, set) => {
    if (Math.abs(theta - PI) < ANGLE_TOLERANCE && set.allows('x')) {
      writer.rz(lambda - phi - PI);
      writer.gate('x');
      writer.phase -= HALF_PI;
    } else if (Math.abs(theta - HALF_PI) < ANGLE_TOLERANCE) {
      writer.rz(lambda - HALF_PI);
      writer.sx();
      writer.rz(phi + HALF_PI);
    } else {
      writer.rz(lambda - PI);
      writer.sx();
      writer.rz(PI - theta);
      writer.sx();
      writer.rz(phi);
    }
  },
  'z-y-z': ({ theta, phi, lambda }, writer) => {
    writer.rz(lambda);
    writer.rotation('ry', theta);
    writer.rz(phi);
  },
  'z-x-z': ({ theta, phi, lambda }, writer) => {
    writer.rz(lambda - HALF_PI);
    writer.rotation('rx', theta);
    writer.rz(phi + HALF_PI);
  },
  'x-y-x': ({ theta, phi, lambda }, writer) => {
    const { theta: t, phi: p, lambda: l, phase } = euler(hadamardConjugate(theta, phi, lambda));
    writer.phase += phase;
    writer.rotation('rx', l);
    writer.rotation('ry', -t);
    writer.rotation('rx', p);
  },
  'z-r': ({ theta, phi, lambda }, writer) => {
    // r(θ, φ) = rz(φ)·rx(θ)·rz(−φ).
    writer.rz(phi + lambda);
    writer.gate('r', theta, wrapAngle(phi + HALF_PI, TAU));
  },
  'z-h-z': ({ theta, phi, lambda }, writer) => {
    writer.rz(lambda - HALF_PI);
    writer.gate('h');
    writer.rz(theta);
    writer.gate('h');
    writer.rz(phi + HALF_PI);
  },
};

/** H·rz(φ)·ry(θ)·rz(λ)·H: X and Z have exchanged their roles, Y its sign. */
const hadamardConjugate = (theta: number, phi: number, lambda: number): Matrix =>
  product3(H, product3(rz(phi), ry(theta), rz(lambda)), H);
