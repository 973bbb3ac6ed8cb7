import type { Parameter } from '@qfs/circuit';
import { ANGLE_TOLERANCE, addAngles, scaleAngle, subtractAngles, wrapAngle } from '../matrix/angles.ts';
import { product3 } from '../matrix/complex.ts';
import { euler } from '../matrix/euler.ts';
import { H, ry, rz } from '../matrix/rotations.ts';

/** A gate on one qubit as e^{i·phase}·RZ(phi)·RY(theta)·RZ(lambda), also with symbolic angles. */
export interface Turn {
  readonly theta: Parameter;
  readonly phi: Parameter;
  readonly lambda: Parameter;
  readonly phase: Parameter;
}

/** Takes gates in the order of their application, and phases. */
export interface Writer {
  gate(name: string, ...parameters: Parameter[]): void;
  phase(angle: Parameter): void;
}

/** How any gate on one qubit is written with some gates of a basis. */
export interface TurnFamily {
  readonly name: string;
  /** It can be used where the basis has all of these, for `z` any of `Z_ROTATIONS`. */
  readonly needs: readonly string[];
  write(turn: Turn, writer: Writer, basis: ReadonlySet<string>): void;
}

const HALF = Math.PI / 2;

/** Gates with parameters as turns. */
const SYMBOLIC: Readonly<Record<string, (...angles: Parameter[]) => Turn>> = {
  rz: (angle = 0) => ({ theta: 0, phi: angle, lambda: 0, phase: 0 }),
  p: (angle = 0) => ({ theta: 0, phi: angle, lambda: 0, phase: scaleAngle(angle, 1 / 2) }),
  rx: (theta = 0) => ({ theta, phi: -HALF, lambda: HALF, phase: 0 }),
  ry: (theta = 0) => ({ theta, phi: 0, lambda: 0, phase: 0 }),
  u2: (phi = 0, lambda = 0) => ({ theta: HALF, phi, lambda, phase: 0 }),
  u3: (theta = 0, phi = 0, lambda = 0) => ({ theta, phi, lambda, phase: 0 }),
  u: (theta = 0, phi = 0, lambda = 0) => ({
    theta,
    phi,
    lambda,
    phase: scaleAngle(addAngles(phi, lambda), 1 / 2),
  }),
  U: (theta = 0, phi = 0, lambda = 0) => ({
    theta,
    phi,
    lambda,
    phase: scaleAngle(addAngles(theta, addAngles(phi, lambda)), 1 / 2),
  }),
  r: (theta = 0, axis = 0) => ({
    theta,
    phi: addAngles(axis, -HALF),
    lambda: subtractAngles(HALF, axis),
    phase: 0,
  }),
};

/** The turn that a gate with symbolic angles is; undefined for gates without parameters. */
export const turnOf = (gate: string, parameters: readonly Parameter[]): Turn | undefined =>
  SYMBOLIC[gate]?.(...parameters);

const Z_ROTATIONS = ['rz', 'p', 'u', 'u3', 'U'] as const;

/** RZ(angle), unless it is nothing. */
function writeZ(angle: Parameter, writer: Writer, basis: ReadonlySet<string>): void {
  let rest = angle;
  if (typeof angle === 'number') {
    rest = wrapAngle(angle, 2 * Math.PI);
    // RZ has the period 4π: a whole turn is the phase π.
    if (Math.round((angle - rest) / (2 * Math.PI)) % 2 !== 0) writer.phase(Math.PI);
    if (rest === 0) return;
  }
  if (basis.has('rz')) writer.gate('rz', rest);
  else if (basis.has('p')) {
    writer.gate('p', rest);
    writer.phase(scaleAngle(rest, -1 / 2));
  } else writeEuler({ theta: 0, phi: rest, lambda: 0, phase: 0 }, writer, basis);
}

/** With one of the gates that are Euler rotations themselves. */
function writeEuler({ theta, phi, lambda, phase }: Turn, writer: Writer, basis: ReadonlySet<string>): void {
  writer.phase(phase);
  const sum = scaleAngle(addAngles(phi, lambda), -1 / 2);
  if (isNothing(theta) && isNothing(sum)) return;
  if (basis.has('u3')) writer.gate('u3', theta, phi, lambda);
  else if (basis.has('u')) {
    writer.gate('u', theta, phi, lambda);
    writer.phase(sum);
  } else {
    writer.gate('U', theta, phi, lambda);
    writer.phase(subtractAngles(sum, scaleAngle(theta, 1 / 2)));
  }
}

/** RX(θ) between rotations about Z: RY(θ) = RZ(π/2)·RX(θ)·RZ(-π/2). */
const aroundX =
  (writeX: (theta: Parameter, writer: Writer, basis: ReadonlySet<string>) => void): TurnFamily['write'] =>
  ({ theta, phi, lambda, phase }, writer, basis) => {
    writer.phase(phase);
    if (isNothing(theta)) {
      writeZ(addAngles(phi, lambda), writer, basis);
      return;
    }
    writeZ(addAngles(lambda, -HALF), writer, basis);
    writeX(theta, writer, basis);
    writeZ(addAngles(phi, HALF), writer, basis);
  };

const isNothing = (angle: Parameter): boolean => isNear(angle, 0);
const isNear = (angle: Parameter, value: number): boolean =>
  typeof angle === 'number' && Math.abs(angle - value) < ANGLE_TOLERANCE;

/** X and SX are RX(π) and RX(π/2) with phases; RY(θ) = -RZ(π)·RX(π/2)·RZ(θ+π)·RX(π/2). */
const WITH_SX: TurnFamily['write'] = ({ theta, phi, lambda, phase }, writer, basis) => {
  writer.phase(phase);
  if (isNothing(theta)) writeZ(addAngles(phi, lambda), writer, basis);
  else if (isNear(theta, Math.PI) && basis.has('x')) {
    // RZ(φ)·RY(π) = RX(π)·RZ(-φ-π): one rotation is enough.
    writeZ(subtractAngles(addAngles(lambda, -Math.PI), phi), writer, basis);
    writer.gate('x');
    writer.phase(-HALF);
  } else if (isNear(theta, HALF)) {
    writeZ(addAngles(lambda, -HALF), writer, basis);
    writer.gate('sx');
    writer.phase(-HALF / 2);
    writeZ(addAngles(phi, HALF), writer, basis);
  } else {
    writer.phase(HALF);
    writeZ(lambda, writer, basis);
    writer.gate('sx');
    writeZ(addAngles(theta, Math.PI), writer, basis);
    writer.gate('sx');
    writeZ(addAngles(phi, Math.PI), writer, basis);
  }
};

/** RZ(α) = RX(π/2)·RY(α)·RX(-π/2); numbers take three gates, as X-Y-X Euler angles. */
const WITH_X_AND_Y: TurnFamily['write'] = ({ theta, phi, lambda, phase }, writer) => {
  writer.phase(phase);
  const turn = (gate: string, angle: Parameter): void => {
    if (!isNothing(angle)) writer.gate(gate, angle);
  };
  if (typeof theta === 'number' && typeof phi === 'number' && typeof lambda === 'number') {
    // Between two H, X and Z have exchanged their roles, and Y its sign.
    const turned = euler(product3(H, product3(rz(phi), ry(theta), rz(lambda)), H));
    writer.phase(turned.phase);
    turn('rx', turned.lambda);
    turn('ry', -turned.theta);
    turn('rx', turned.phi);
    return;
  }
  const turnZ = (angle: Parameter): void => {
    if (isNothing(angle)) return;
    turn('rx', -HALF);
    turn('ry', angle);
    turn('rx', HALF);
  };
  turnZ(lambda);
  turn('ry', theta);
  turnZ(phi);
};

/** RZ(φ)·RY(θ)·RZ(λ) = RZ(φ+λ)·R(θ, π/2-λ), and RZ(α) = -R(π, α/2)·R(π, 0). */
const WITH_R =
  (hasZ: boolean): TurnFamily['write'] =>
  ({ theta, phi, lambda, phase }, writer, basis) => {
    writer.phase(phase);
    if (!isNothing(theta)) writer.gate('r', theta, subtractAngles(HALF, lambda));
    const rest = addAngles(phi, lambda);
    if (hasZ) writeZ(rest, writer, basis);
    else if (!isNothing(rest)) {
      writer.gate('r', Math.PI, 0);
      writer.gate('r', Math.PI, scaleAngle(rest, 1 / 2));
      writer.phase(Math.PI);
    }
  };

/** In the order in which they are preferred. */
const FAMILIES: readonly TurnFamily[] = [
  { name: 'rz and sx', needs: ['z', 'sx'], write: WITH_SX },
  ...['u3', 'u', 'U'].map((gate) => ({ name: gate, needs: [gate], write: writeEuler })),
  {
    name: 'rz and rx',
    needs: ['z', 'rx'],
    write: aroundX((theta, writer) => writer.gate('rx', theta)),
  },
  {
    name: 'rz and ry',
    needs: ['z', 'ry'],
    write: ({ theta, phi, lambda, phase }, writer, basis) => {
      writer.phase(phase);
      if (isNothing(theta)) {
        writeZ(addAngles(phi, lambda), writer, basis);
        return;
      }
      writeZ(lambda, writer, basis);
      writer.gate('ry', theta);
      writeZ(phi, writer, basis);
    },
  },
  { name: 'rz and r', needs: ['z', 'r'], write: WITH_R(true) },
  {
    name: 'rz and h',
    needs: ['z', 'h'],
    write: aroundX((theta, writer, basis) => {
      writer.gate('h');
      writeZ(theta, writer, basis);
      writer.gate('h');
    }),
  },
  { name: 'rx and ry', needs: ['rx', 'ry'], write: WITH_X_AND_Y },
  { name: 'r', needs: ['r'], write: WITH_R(false) },
];

/** How these gates write any gate on one qubit; undefined where they cannot. */
export const turnFamilyOf = (basis: ReadonlySet<string>): TurnFamily | undefined =>
  FAMILIES.find(({ needs }) =>
    needs.every((gate) => (gate === 'z' ? Z_ROTATIONS.some((z) => basis.has(z)) : basis.has(gate))),
  );

/** The gates that each family takes, for reference pages. */
export const turnFamilies = (): readonly (readonly string[])[] => FAMILIES.map(({ needs }) => needs);
