/**
 * The gates of IonQ's JSON circuits and what they are in OpenQASM 3 (`stdgates.inc` and `qfs.inc`). Sources: IonQ's
 * API documentation, "Writing quantum programs" (gateset `qis`) and "Getting started with native gates".
 */

/** How a gate of the gateset `qis` is written. A rotation is in radians; controls come before targets. */
interface QisGate {
  readonly targets: 1 | 2;
  /** The gate without an angle. */
  readonly plain?: string;
  /** The gate with one. */
  readonly rotated?: string;
  /** Fewest controls. */
  readonly controls?: number;
}

/**
 * Angles follow exp(-iθ/2·P). `z` with an angle is the phase gate diag(1, e^iθ): clients write `p`, `cp` and `mcphase`
 * so. `v` is the square root of X with upper left entry (1+i)/2.
 */
export const QIS_GATES = {
  x: { targets: 1, plain: 'x' },
  not: { targets: 1, plain: 'x' },
  cnot: { targets: 1, plain: 'x', controls: 1 },
  y: { targets: 1, plain: 'y' },
  z: { targets: 1, plain: 'z', rotated: 'p' },
  h: { targets: 1, plain: 'h' },
  s: { targets: 1, plain: 's' },
  si: { targets: 1, plain: 'sdg' },
  t: { targets: 1, plain: 't' },
  ti: { targets: 1, plain: 'tdg' },
  v: { targets: 1, plain: 'sx' },
  vi: { targets: 1, plain: 'sxdg' },
  rx: { targets: 1, rotated: 'rx' },
  ry: { targets: 1, rotated: 'ry' },
  rz: { targets: 1, rotated: 'rz' },
  swap: { targets: 2, plain: 'swap' },
  xx: { targets: 2, rotated: 'rxx' },
  yy: { targets: 2, rotated: 'ryy' },
  zz: { targets: 2, rotated: 'rzz' },
} as const satisfies Record<string, QisGate>;

/** Gates of `stdgates.inc` that have a name of their own with one control, or with two. */
const CONTROLLED: Readonly<Record<string, readonly string[]>> = {
  x: ['cx', 'ccx'],
  y: ['cy'],
  z: ['cz'],
  h: ['ch'],
  p: ['cp'],
  rx: ['crx'],
  ry: ['cry'],
  rz: ['crz'],
  swap: ['cswap'],
};

/** A gate under so many controls. */
export function withControls(gate: string, controls: number): string {
  if (controls === 0) return gate;
  return CONTROLLED[gate]?.[controls - 1] ?? `ctrl(${controls}) @ ${gate}`;
}

/** A gate of the gateset `native`; its numbers are in turns, as the client gives them. */
interface NativeGate {
  readonly targets: 1 | 2;
  /** The numbers it takes, with what stands for one that is left out. */
  readonly turns: readonly { readonly names: readonly string[]; readonly absent?: number }[];
  /** Statements on the targets `a` and `b`, angles in radians: `turn` is 2π. */
  readonly write: (turns: readonly number[], a: string, b: string) => readonly string[];
}

const angle = (turns: number): string => String(turns * 2 * Math.PI);

/**
 * Global phases included, with α = 2πφ:
 *
 * - GPI(φ) = [[0, e^-iα], [e^iα, 0]] = RZ(2α)·X
 * - GPI2(φ) = [[1, -i·e^-iα], [-i·e^iα, 1]]/√2 = RZ(α)·RX(π/2)·RZ(-α)
 * - MS(φ0, φ1, θ) = (RZ(α0)⊗RZ(α1))·exp(-iπθ·X⊗X)·(RZ(-α0)⊗RZ(-α1))
 * - ZZ(θ) = exp(-iπθ·Z⊗Z)
 */
export const NATIVE_GATES = {
  gpi: {
    targets: 1,
    turns: [{ names: ['phase'] }],
    write: ([phase = 0], a) => [`x ${a};`, `rz(${angle(2 * phase)}) ${a};`],
  },
  gpi2: {
    targets: 1,
    turns: [{ names: ['phase'] }],
    write: ([phase = 0], a) => [
      `rz(${angle(-phase)}) ${a};`,
      `rx(${angle(0.25)}) ${a};`,
      `rz(${angle(phase)}) ${a};`,
    ],
  },
  ms: {
    targets: 2,
    turns: [{ names: ['phases[0]'] }, { names: ['phases[1]'] }, { names: ['angle'], absent: 0.25 }],
    write: ([first = 0, second = 0, theta = 0], a, b) => [
      `rz(${angle(-first)}) ${a};`,
      `rz(${angle(-second)}) ${b};`,
      `rxx(${angle(theta)}) ${a}, ${b};`,
      `rz(${angle(first)}) ${a};`,
      `rz(${angle(second)}) ${b};`,
    ],
  },
  zz: {
    targets: 2,
    // Cirq's client calls the angle a phase.
    turns: [{ names: ['angle', 'phase'], absent: 0.25 }],
    write: ([theta = 0], a, b) => [`rzz(${angle(theta)}) ${a}, ${b};`],
  },
} as const satisfies Record<string, NativeGate>;

export const GATESETS = { qis: QIS_GATES, native: NATIVE_GATES } as const;
export type Gateset = keyof typeof GATESETS;

export const qisGate = (name: string): QisGate | undefined =>
  Object.hasOwn(QIS_GATES, name) ? QIS_GATES[name as keyof typeof QIS_GATES] : undefined;

export const nativeGate = (name: string): NativeGate | undefined =>
  Object.hasOwn(NATIVE_GATES, name) ? NATIVE_GATES[name as keyof typeof NATIVE_GATES] : undefined;
