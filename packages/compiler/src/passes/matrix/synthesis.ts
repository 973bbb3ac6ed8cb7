import type { Gate } from '@qfs/circuit';
import { adjoint, distance, exchanged, type Matrix, product, product3 } from './complex.ts';
import { COORDINATE_TOLERANCE, type Kak, kak } from './kak.ts';
import { H, rx, ry, rz, S, SDG, V, VDG, Z } from './rotations.ts';

/** One-qubit gates on both qubits of a pair, at the same time. */
type Layer = readonly [Matrix, Matrix];

/**
 * A unitary on a pair: layers[0], gate, layers[1], gate, …, in order of application, times e^{i·phase}. The
 * gates are all the entangler of the caller with these parameters, on the operands in their order or, where
 * `turned` says so of a gate, the other way round.
 */
export interface PairCircuit {
  readonly layers: readonly Layer[];
  readonly parameters: readonly (readonly number[])[];
  readonly turned: readonly boolean[];
  readonly phase: number;
}

/** A two-qubit gate that, together with one-qubit gates, makes every other. */
export interface Entangler {
  readonly gate: string;
  /** How often the gate is needed for these coordinates of the Weyl chamber. */
  count(coordinates: readonly [number, number, number]): number;
  /** @param isBothWays may gates be turned? Some unitaries need fewer one-qubit gates then. */
  synthesise(decomposition: Kak, isBothWays?: boolean): PairCircuit;
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
  const before = layerOf((i) => product(adjoint(probe.before[i]), cnot.before[i]));
  const after = layerOf((i) => product(cnot.after[i], adjoint(probe.after[i])));
  const isSymmetric = distance(gate.matrix([]), exchanged(gate.matrix([]))) === 0;
  return {
    gate: gate.name,
    count: ([a, b, c]) => {
      if (c !== 0) return 3;
      if (b === 0 && Math.abs(a - Math.PI / 4) < COORDINATE_TOLERANCE) return 1;
      return a === 0 ? 0 : 2;
    },
    synthesise(decomposition, isBothWays = false) {
      const core = cnotCore(decomposition.coordinates, this.count(decomposition.coordinates));
      const layers = [...core.layers];
      const turned = core.turned.map((isTurned, at) => {
        const isBetweenHadamards = isTurned && !isBothWays && !isSymmetric;
        const isExchanged = isTurned && !isBetweenHadamards;
        const [enter, leave] = isExchanged ? [swapped(before), swapped(after)] : [before, after];
        const inner = isBetweenHadamards ? ([H, H] as const) : IDENTITIES;
        layers[at] = layerOf((i) => product3(enter[i], inner[i], layers[at]![i]));
        layers[at + 1] = layerOf((i) => product3(layers[at + 1]![i], inner[i], leave[i]));
        return isExchanged && !isSymmetric;
      });
      const phase = core.phase + (cnot.phase - probe.phase) * turned.length;
      return closed(decomposition, { layers, parameters: turned.map(() => []), turned, phase });
    },
  };
}

const layerOf = (make: (operand: 0 | 1) => Matrix): Layer => [make(0), make(1)];
const swapped = ([first, second]: Layer): Layer => [second, first];

const CNOT: Matrix = Float64Array.of(
  ...[1, 0, 0, 0, 0, 0, 0, 0],
  ...[0, 0, 1, 0, 0, 0, 0, 0],
  ...[0, 0, 0, 0, 0, 0, 1, 0],
  ...[0, 0, 0, 0, 1, 0, 0, 0],
);
const I: Matrix = Float64Array.of(1, 0, 0, 0, 0, 0, 1, 0);

const IDENTITIES: Layer = [I, I];

/**
 * exp(i(a·XX + b·YY + c·ZZ)) by CNOTs, of which `turned` ones go from the second to the first qubit. With
 * two, XX and ZZ become rotations of one qubit each between the CNOTs; with three, Vatan and Williams (2004),
 * where a quarter turn about X is carried through the second CNOT, so that each rotation between CNOTs takes
 * one √X beside rotations about Z.
 */
function cnotCore(
  [a, b, c]: readonly [number, number, number],
  count: number,
): { readonly layers: readonly Layer[]; readonly turned: readonly boolean[]; readonly phase: number } {
  const half = Math.PI / 2;
  switch (count) {
    case 0:
      return { layers: [IDENTITIES], turned: [], phase: 0 };
    case 1:
      return {
        layers: [
          [H, I],
          [product(H, rz(-half)), rx(-half)],
        ],
        turned: [false],
        phase: -half / 2,
      };
    case 2:
      return b === 0
        ? {
            layers: [
              [H, H],
              [I, rz(-2 * a)],
              [H, H],
            ],
            turned: [false, false],
            phase: 0,
          }
        : {
            layers: [
              [VDG, VDG],
              [rx(-2 * a), rz(-2 * b)],
              [V, V],
            ],
            turned: [false, false],
            phase: 0,
          };
    default:
      return {
        layers: [
          [I, SDG],
          [rz(half - 2 * c), product(rz(half - 2 * a), rx(-half))],
          [I, product(ry(half - 2 * b), rx(half))],
          [S, I],
        ],
        turned: [true, false, true],
        phase: half / 2,
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
      const turned = parameters.map(() => false);
      return closed(decomposition, { layers: [...layers, rest], parameters, turned, phase });
    },
  };
}

/** Of no use for other unitaries, but where qubits may change their names instead it costs nothing. */
export const SWAP: Entangler = {
  gate: 'swap',
  count: ([, , c]) => (Math.abs(c - Math.PI / 4) < COORDINATE_TOLERANCE ? 1 : Number.POSITIVE_INFINITY),
  // exp(iπ/4·(XX + YY + ZZ)) = e^{iπ/4}·SWAP.
  synthesise: (decomposition) =>
    closed(decomposition, {
      layers: [IDENTITIES, IDENTITIES],
      parameters: [[]],
      turned: [false],
      phase: Math.PI / 4,
    }),
};

/** Puts the one-qubit factors of the decomposition before the first and after the last layer. */
function closed({ phase, before, after }: Kak, core: PairCircuit): PairCircuit {
  const layers = [...core.layers];
  const last = layers.length - 1;
  layers[0] = layerOf((i) => product(layers[0]![i], before[i]));
  layers[last] = layerOf((i) => product(after[i], layers[last]![i]));
  return { ...core, layers, phase: phase + core.phase };
}
