import type { Gate } from '@qfs/circuit';
import { adjoint, type Matrix, product, product3 } from './complex.ts';
import { COORDINATE_TOLERANCE, type Kak, kak } from './kak.ts';
import { H, rx, ry, rz, S, SDG, V, VDG, Z } from './rotations.ts';

/** One-qubit gates on both qubits of a pair, at the same time. */
export type Layer = readonly [Matrix, Matrix];

/**
 * A unitary on a pair: layers[0], gate, layers[1], gate, …, in order of application, times e^{i·phase}. The gates
 * are all the entangler of the caller, on the operands in their order, with these parameters.
 */
export interface PairCircuit {
  readonly layers: readonly Layer[];
  readonly parameters: readonly (readonly number[])[];
  readonly phase: number;
}

/** A two-qubit gate that, together with one-qubit gates, makes every other. */
export interface Entangler {
  readonly gate: string;
  /** How often the gate is needed for these coordinates of the Weyl chamber. */
  count(coordinates: readonly [number, number, number]): number;
  synthesise(decomposition: Kak): PairCircuit;
}

/**
 * The entangler that a gate of the table is: one equivalent to CNOT up to one-qubit gates, or a family
 * exp(iθ·rate·PP) with one parameter; undefined for other gates.
 */
export function entanglerOf(gate: Gate): Entangler | undefined {
  if (gate.qubits !== 2 || gate.parameters.length > 1) return undefined;
  const probe = kak(gate.matrix(gate.parameters.map(() => PROBE)));
  const [a, b, c] = probe.coordinates;
  if (b !== 0 || c !== 0) return undefined;
  if (gate.parameters.length === 0)
    return Math.abs(a - Math.PI / 4) < COORDINATE_TOLERANCE ? controlled(gate, probe) : undefined;
  return rotation(gate, PROBE / a);
}

/** An angle whose coordinate does not wrap for any of the gates. */
const PROBE = 0.5;

const steps = (coordinates: readonly number[]): number => coordinates.filter((value) => value !== 0).length;

function controlled(gate: Gate, probe: Kak): Entangler {
  const cnot = kak(CNOT);
  const before = [0, 1].map((i) => product(adjoint(probe.before[i]!), cnot.before[i]!)) as [Matrix, Matrix];
  const after = [0, 1].map((i) => product(cnot.after[i]!, adjoint(probe.after[i]!))) as [Matrix, Matrix];
  const isCnot = gate.name === 'cx';
  const turn = isCnot ? 0 : cnot.phase - probe.phase;
  return {
    gate: gate.name,
    count: ([a, b, c]) => {
      if (c !== 0) return 3;
      if (b === 0 && Math.abs(a - Math.PI / 4) < COORDINATE_TOLERANCE) return 1;
      return a === 0 ? 0 : 2;
    },
    synthesise(decomposition) {
      const core = cnotCore(decomposition.coordinates, this.count(decomposition.coordinates));
      const layers = isCnot
        ? core.layers
        : core.layers.map((layer, at) => {
            const first = at === 0 ? layer : (layer.map((m, i) => product(m, after[i]!)) as unknown as Layer);
            return at === core.layers.length - 1
              ? first
              : (first.map((m, i) => product(before[i]!, m)) as unknown as Layer);
          });
      return closed(
        decomposition,
        layers,
        core.layers.slice(1).map(() => []),
        core.phase + turn * (layers.length - 1),
      );
    },
  };
}

const CNOT: Matrix = Float64Array.of(
  ...[1, 0, 0, 0, 0, 0, 0, 0],
  ...[0, 0, 1, 0, 0, 0, 0, 0],
  ...[0, 0, 0, 0, 0, 0, 1, 0],
  ...[0, 0, 0, 0, 1, 0, 0, 0],
);
const I: Matrix = Float64Array.of(1, 0, 0, 0, 0, 0, 1, 0);

/**
 * exp(i(a·XX + b·YY + c·ZZ)) by CNOTs from the first to the second qubit. With two, XX and ZZ become rotations of one
 * qubit each between the CNOTs; with three, Vatan and Williams (2004), whose outer CNOTs are turned round here.
 */
function cnotCore(
  [a, b, c]: readonly [number, number, number],
  count: number,
): { readonly layers: readonly Layer[]; readonly phase: number } {
  const quarter = Math.PI / 4;
  switch (count) {
    case 0:
      return { layers: [[I, I]], phase: 0 };
    case 1:
      return {
        layers: [
          [H, I],
          [product(H, rz(-2 * quarter)), rx(-2 * quarter)],
        ],
        phase: -quarter,
      };
    case 2:
      return {
        layers: [
          [VDG, VDG],
          [rx(-2 * a), rz(-2 * b)],
          [V, V],
        ],
        phase: 0,
      };
    default:
      return {
        layers: [
          [H, product(H, SDG)],
          [product(rz(2 * quarter - 2 * c), H), product(ry(2 * a - 2 * quarter), H)],
          [H, product(H, ry(2 * quarter - 2 * b))],
          [product(S, H), H],
        ],
        phase: quarter,
      };
  }
}

/** PP = (W⊗W)·XX·(W⊗W)†, by the axis P. */
const AXES = [I, S, H] as const;

function rotation(gate: Gate, rate: number): Entangler {
  return {
    gate: gate.name,
    count: steps,
    synthesise(decomposition) {
      const layers: Layer[] = [];
      const parameters: number[][] = [];
      let phase = 0;
      let rest: Layer = [I, I];
      decomposition.coordinates.forEach((coordinate, axis) => {
        if (coordinate === 0) return;
        const angle = rate * Math.abs(coordinate);
        const native = kak(gate.matrix([angle]));
        const turned = AXES[axis]!;
        // N(−x, 0, 0) = Z₀·N(x, 0, 0)·Z₀.
        const first = coordinate < 0 ? product(turned, Z) : turned;
        const enter = [adjoint(native.before[0]), adjoint(native.before[1])] as const;
        const leave = [adjoint(native.after[0]), adjoint(native.after[1])] as const;
        layers.push([
          product3(enter[0], adjoint(first), rest[0]),
          product3(enter[1], adjoint(turned), rest[1]),
        ]);
        rest = [product(first, leave[0]), product(turned, leave[1])];
        parameters.push([angle]);
        phase -= native.phase;
      });
      return closed(decomposition, [...layers, rest], parameters, phase);
    },
  };
}

/** Puts the one-qubit factors of the decomposition before the first and after the last layer. */
function closed(
  { phase: own, before, after }: Kak,
  layers: readonly Layer[],
  parameters: readonly (readonly number[])[],
  phase: number,
): PairCircuit {
  const last = layers.length - 1;
  return {
    layers: layers.map(([first, second], at) => {
      const entered: Layer =
        at === 0 ? [product(first, before[0]), product(second, before[1])] : [first, second];
      return at === last ? [product(after[0], entered[0]), product(after[1], entered[1])] : entered;
    }),
    parameters,
    phase: own + phase,
  };
}
