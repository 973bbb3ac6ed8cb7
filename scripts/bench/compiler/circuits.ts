import type { Expression, Instruction, Parameter, Program } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';

/** Circuits that compilers are compared on: functions of their size alone, without measurements. */
const SEED = 20_261_120;

/** Of a Fourier transform, the smallest turn is by π/2^this. */
const TURNS_MAX = 14;

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

/** Gates one after the other, with the random numbers that some circuits draw. */
class Circuit {
  readonly body: Instruction[] = [];
  readonly qubits: number;
  readonly #random: Prng;

  constructor(name: string, qubits: number) {
    this.qubits = qubits;
    this.#random = new Prng(SEED, name, qubits);
  }

  add(gate: string, qubits: readonly number[], ...parameters: Parameter[]): this {
    this.body.push({ kind: 'gate', gate, parameters, qubits });
    return this;
  }

  angle(): number {
    return (2 * this.#random.uniform() - 1) * Math.PI;
  }

  below(bound: number): number {
    return Math.floor(this.#random.uniform() * bound);
  }

  shuffled(): number[] {
    const order = range(this.qubits);
    for (let at = order.length - 1; at > 0; at -= 1) {
      const other = this.below(at + 1);
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    return order;
  }

  program(inputs: readonly string[] = []): Program {
    return {
      qubits: this.qubits,
      qubitRegisters: [{ name: 'q', offset: 0, size: this.qubits }],
      variables: inputs.map((name) => ({ name, type: { kind: 'float', width: 64 }, role: 'input' })),
      subroutines: [],
      body: this.body,
    };
  }
}

/**
 * The quantum Fourier transform, with the swaps that put its qubits in order, but without turns by less than
 * π/2^14: Qiskit drops them from level 2 on, as identities, which ours never does. Both get the same to do.
 */
function qft(qubits: number): Program {
  const circuit = new Circuit('qft', qubits);
  for (let target = qubits - 1; target >= 0; target -= 1) {
    circuit.add('h', [target]);
    for (let control = target - 1; control >= Math.max(0, target - TURNS_MAX); control -= 1)
      circuit.add('cp', [control, target], Math.PI / 2 ** (target - control));
  }
  for (const low of range(qubits >> 1)) circuit.add('swap', [low, qubits - 1 - low]);
  return circuit.program();
}

function ghz(qubits: number): Program {
  const circuit = new Circuit('ghz', qubits).add('h', [0]);
  for (const at of range(qubits - 1)) circuit.add('cx', [at, at + 1]);
  return circuit.program();
}

/** Bernstein and Vazirani's search for a hidden string with about as many ones as zeros; the last qubit is asked. */
function bernsteinVazirani(qubits: number): Program {
  const circuit = new Circuit('bv', qubits).add('x', [qubits - 1]);
  for (const at of range(qubits)) circuit.add('h', [at]);
  for (const at of range(qubits - 1)) if (circuit.below(2) === 1) circuit.add('cx', [at, qubits - 1]);
  for (const at of range(qubits)) circuit.add('h', [at]);
  return circuit.program();
}

/** Edges of a random graph in which every vertex has three neighbours; one has fewer if they are odd. */
function cubicGraph(circuit: Circuit): [number, number][] {
  for (;;) {
    const ends = [...circuit.shuffled(), ...circuit.shuffled(), ...circuit.shuffled()];
    const pairs = range(ends.length >> 1).map((at): [number, number] => {
      const [a, b] = [ends[2 * at]!, ends[2 * at + 1]!];
      return a < b ? [a, b] : [b, a];
    });
    const distinct = new Set(pairs.map(([a, b]) => a * circuit.qubits + b));
    if (distinct.size === pairs.length && pairs.every(([a, b]) => a !== b)) return pairs;
  }
}

const variable = (id: number): Expression => ({ kind: 'variable', variable: id });

/** Two layers of QAOA for the maximal cut of a random cubic graph; its angles are numbers, or inputs. */
function qaoa(qubits: number, isSymbolic: boolean): Program {
  const circuit = new Circuit('qaoa', qubits);
  const edges = cubicGraph(circuit);
  for (const at of range(qubits)) circuit.add('h', [at]);
  for (const layer of range(2)) {
    const [gamma, beta]: Parameter[] = isSymbolic
      ? [variable(2 * layer), variable(2 * layer + 1)]
      : [circuit.angle(), circuit.angle()];
    for (const [a, b] of edges) circuit.add('cx', [a, b]).add('rz', [b], gamma!).add('cx', [a, b]);
    for (const at of range(qubits)) circuit.add('rx', [at], beta!);
  }
  return circuit.program(isSymbolic ? ['gamma0', 'beta0', 'gamma1', 'beta1'] : []);
}

/** Layers of random gates on random pairs, as many as qubits; each pair's gate needs three two-qubit gates. */
function quantumVolume(qubits: number): Program {
  const circuit = new Circuit('qv', qubits);
  const turn = (at: number): Circuit =>
    circuit.add('u', [at], circuit.angle(), circuit.angle(), circuit.angle());
  for (const _ of range(Math.min(qubits, 20))) {
    const order = circuit.shuffled();
    for (const pair of range(qubits >> 1)) {
      const [a, b] = [order[2 * pair]!, order[2 * pair + 1]!];
      for (const _step of range(3)) {
        turn(a);
        turn(b).add('cx', [a, b]);
      }
      turn(a);
      turn(b);
    }
  }
  return circuit.program();
}

/** The ripple-carry adder of Cuccaro, Draper, Kutin and Moulton (2004) on 2k + 2 qubits. */
function cuccaroAdder(qubits: number): Program {
  const bits = (qubits - 2) >> 1;
  const circuit = new Circuit('adder', 2 * bits + 2);
  const b = (at: number): number => 1 + 2 * at;
  const a = (at: number): number => (at < 0 ? 0 : 2 + 2 * at);
  for (const at of range(bits))
    circuit
      .add('cx', [a(at), b(at)])
      .add('cx', [a(at), a(at - 1)])
      .add('ccx', [a(at - 1), b(at), a(at)]);
  circuit.add('cx', [a(bits - 1), 2 * bits + 1]);
  for (const at of range(bits).reverse())
    circuit
      .add('ccx', [a(at - 1), b(at), a(at)])
      .add('cx', [a(at), a(at - 1)])
      .add('cx', [a(at - 1), b(at)]);
  return circuit.program();
}

/** The adder of Vedral, Barenco and Ekert (1996) with carries beside the summands, on 3k + 1 qubits. */
function carryAdder(qubits: number): Program {
  const bits = Math.floor((qubits - 1) / 3);
  const circuit = new Circuit('carry-adder', 3 * bits + 1);
  const [c, a, b] = [0, 1, 2].map((offset) => (at: number) => 3 * at + offset) as [Wire, Wire, Wire];
  for (const at of range(bits))
    circuit
      .add('ccx', [a(at), b(at), c(at + 1)])
      .add('cx', [a(at), b(at)])
      .add('ccx', [c(at), b(at), c(at + 1)]);
  circuit.add('cx', [a(bits - 1), b(bits - 1)]);
  for (const at of range(bits).reverse()) {
    if (at < bits - 1)
      circuit
        .add('ccx', [c(at), b(at), c(at + 1)])
        .add('cx', [a(at), b(at)])
        .add('ccx', [a(at), b(at), c(at + 1)]);
    circuit.add('cx', [c(at), b(at)]).add('cx', [a(at), b(at)]);
  }
  return circuit.program();
}
type Wire = (at: number) => number;

type Entanglement = 'linear' | 'full' | 'circular';

/** Three layers of rotations about y with controlled NOTs between them. */
function ansatz(qubits: number, entanglement: Entanglement): Program {
  const circuit = new Circuit(`ansatz-${entanglement}`, qubits);
  const rotate = (): void => {
    for (const at of range(qubits)) circuit.add('ry', [at], circuit.angle());
  };
  for (const _ of range(3)) {
    rotate();
    if (entanglement === 'circular') circuit.add('cx', [qubits - 1, 0]);
    for (const at of range(qubits - 1)) {
      const partners = entanglement === 'full' ? range(qubits).slice(at + 1) : [at + 1];
      for (const partner of partners) circuit.add('cx', [at, partner]);
    }
  }
  rotate();
  return circuit.program();
}

/** exp(-i·angle/2·P) for a string of Paulis on some qubits, by a ladder of controlled NOTs. */
function exponential(
  circuit: Circuit,
  letters: readonly (readonly [qubit: number, letter: string])[],
  angle: number,
): void {
  const toZ = (isBack: boolean): void => {
    for (const [qubit, letter] of letters) {
      if (letter === 'X') circuit.add('h', [qubit]);
      if (letter === 'Y') circuit.add('rx', [qubit], isBack ? -Math.PI / 2 : Math.PI / 2);
    }
  };
  const ladder = range(letters.length - 1).map((at) => [letters[at]![0], letters[at + 1]![0]]);
  toZ(false);
  for (const pair of ladder) circuit.add('cx', pair);
  circuit.add('rz', [letters.at(-1)![0]], angle);
  for (const pair of ladder.reverse()) circuit.add('cx', pair);
  toZ(true);
}

const DOUBLE_EXCITATION = ['XXXY', 'XXYX', 'XYXX', 'YXXX', 'YYYX', 'YYXY', 'YXYY', 'XYYY'];

/** Double excitations of coupled clusters after Jordan and Wigner: eight Pauli strings each. */
function coupledCluster(qubits: number): Program {
  const circuit = new Circuit('ucc', qubits);
  for (const at of range(qubits >> 1)) circuit.add('x', [at]);
  for (const _ of range(Math.ceil(qubits / 4))) {
    const [p, q, r, s] = circuit
      .shuffled()
      .slice(0, 4)
      .sort((a, b) => a - b) as [number, number, number, number];
    const amplitude = circuit.angle();
    for (const letters of DOUBLE_EXCITATION) {
      const string = range(qubits).flatMap((at): [number, string][] => {
        const orbital = [p, q, r, s].indexOf(at);
        if (orbital >= 0) return [[at, letters[orbital]!]];
        return (at > p && at < q) || (at > r && at < s) ? [[at, 'Z']] : [];
      });
      exponential(circuit, string, amplitude / 8);
    }
  }
  return circuit.program();
}

/** Random gates of {h, s, t, cx}, ten for each qubit. */
function cliffordT(qubits: number): Program {
  const circuit = new Circuit('clifford-t', qubits);
  for (const _ of range(10 * qubits)) {
    const [a, b] = circuit.shuffled() as [number, number];
    const gate = ['h', 's', 't', 't', 'cx', 'cx'][circuit.below(6)]!;
    circuit.add(gate, gate === 'cx' ? [a, b] : [a]);
  }
  return circuit.program();
}

/** A NOT with k controls and k - 2 clean helpers, by Toffoli gates there and back, on 2k - 1 qubits. */
function multiControlled(qubits: number): Program {
  const controls = (qubits + 1) >> 1;
  const helpers = controls - 2;
  const circuit = new Circuit('mcx', controls + helpers + 1);
  const helper = (at: number): number => controls + at;
  const step = (at: number): Circuit =>
    circuit.add('ccx', [at === 0 ? 0 : helper(at - 1), at + 1, helper(at)]);
  for (const at of range(helpers)) step(at);
  circuit.add('ccx', [helper(helpers - 1), controls - 1, controls + helpers]);
  for (const at of range(helpers).reverse()) step(at);
  return circuit.program();
}

/** By family: the program of about this many qubits (never more). */
export const FAMILIES: Readonly<Record<string, (qubits: number) => Program>> = {
  qft,
  ghz,
  bv: bernsteinVazirani,
  qaoa: (qubits) => qaoa(qubits, false),
  'qaoa-symbolic': (qubits) => qaoa(qubits, true),
  qv: quantumVolume,
  adder: cuccaroAdder,
  'carry-adder': carryAdder,
  'ansatz-linear': (qubits) => ansatz(qubits, 'linear'),
  'ansatz-circular': (qubits) => ansatz(qubits, 'circular'),
  'ansatz-full': (qubits) => ansatz(qubits, 'full'),
  ucc: coupledCluster,
  'clifford-t': cliffordT,
  mcx: multiControlled,
};
