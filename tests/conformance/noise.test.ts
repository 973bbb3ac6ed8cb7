import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readResults } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';
import { DEFAULT_OPTIONS, readNoiseModel, simulate } from '@qfs/simulator';
import { compiled, HEAD } from './run.ts';

const QUBITS = 3;
const SHOTS = 20_000;

interface Clifford {
  readonly name: 'h' | 's' | 'sdg' | 'cx' | 'cz' | 'swap' | 'x' | 'y' | 'z' | 'id';
  readonly qubits: readonly number[];
}

/**
 * The oracle: probabilities of Pauli frames, by the rules by which Clifford gates conjugate Pauli operators.
 * A frame is a number whose low bits are X on each qubit and whose high bits are Z. It knows nothing of
 * states.
 */
class Frames {
  #weights = new Float64Array(4 ** QUBITS);

  constructor() {
    this.#weights[0] = 1;
  }

  after({ name, qubits }: Clifford): void {
    const [a = 0, b = 0] = qubits;
    const x = (frame: number, q: number): number => (frame >> q) & 1;
    const z = (frame: number, q: number): number => (frame >> (q + QUBITS)) & 1;
    const flipX = (frame: number, q: number, when: number): number => frame ^ (when << q);
    const flipZ = (frame: number, q: number, when: number): number => frame ^ (when << (q + QUBITS));
    const rules: Readonly<Record<Clifford['name'], (frame: number) => number>> = {
      h: (f) => flipZ(flipX(f, a, x(f, a) ^ z(f, a)), a, x(f, a) ^ z(f, a)),
      s: (f) => flipZ(f, a, x(f, a)),
      sdg: (f) => flipZ(f, a, x(f, a)),
      cx: (f) => flipZ(flipX(f, b, x(f, a)), a, z(f, b)),
      cz: (f) => flipZ(flipZ(f, a, x(f, b)), b, x(f, a)),
      swap: (f) => [a, b].reduce((g, q) => flipZ(flipX(g, q, x(f, a) ^ x(f, b)), q, z(f, a) ^ z(f, b)), f),
      x: (f) => f,
      y: (f) => f,
      z: (f) => f,
      id: (f) => f,
    };
    this.#replace((frame, weight, add) => add(rules[name](frame), weight));
  }

  /** Stim's DEPOLARIZE1 and DEPOLARIZE2: each Pauli but the identity with p / (4^n - 1). */
  depolarize(qubits: readonly number[], p: number): void {
    const operators = 4 ** qubits.length;
    this.#replace((frame, weight, add) => {
      add(frame, weight * (1 - p));
      for (let operator = 1; operator < operators; operator += 1) {
        const error = qubits.reduce(
          (sum, qubit, at) =>
            sum |
            (((operator >> (2 * at)) & 1) << qubit) |
            (((operator >> (2 * at + 1)) & 1) << (qubit + QUBITS)),
          0,
        );
        add(frame ^ error, (weight * p) / (operators - 1));
      }
    });
  }

  /** Probability of each pattern of flipped outcomes. */
  flips(): number[] {
    const sums = Array<number>(2 ** QUBITS).fill(0);
    for (const [frame, weight] of this.#weights.entries()) sums[frame % 2 ** QUBITS]! += weight;
    return sums;
  }

  #replace(
    each: (frame: number, weight: number, add: (frame: number, weight: number) => void) => void,
  ): void {
    const next = new Float64Array(this.#weights.length);
    for (const [frame, weight] of this.#weights.entries()) {
      each(frame, weight, (to, part) => {
        next[to]! += part;
      });
    }
    this.#weights = next;
  }
}

const ONE = ['h', 's', 'sdg', 'x', 'y', 'z', 'id'] as const;
const TWO = ['cx', 'cz', 'swap'] as const;
const INVERSE: Readonly<Record<string, Clifford['name']>> = { s: 'sdg', sdg: 's' };

/** Random Clifford gates and then their inverses: without noise every outcome is 0. */
function mirror(seed: number, length: number): Clifford[] {
  const random = new Prng(seed, 'mirror');
  const below = (n: number): number => Math.floor(n * random.uniform());
  const forth = Array.from({ length }, (): Clifford => {
    const first = below(QUBITS);
    const second = (first + 1 + below(QUBITS - 1)) % QUBITS;
    return below(2) === 0
      ? { name: ONE[below(ONE.length)]!, qubits: [first] }
      : { name: TWO[below(TWO.length)]!, qubits: [first, second] };
  });
  return [
    ...forth,
    ...forth.toReversed().map(({ name, qubits }) => ({ name: INVERSE[name] ?? name, qubits })),
  ];
}

function counts(gates: readonly Clifford[], noise: string, seed: number): ReadonlyMap<string, number> {
  const body = gates.map(({ name, qubits }) => `${name} ${qubits.map((q) => `q[${q}]`).join(', ')};`);
  const source = `${HEAD}qubit[${QUBITS}] q; bit[${QUBITS}] c;\n${body.join('\n')}\nc = measure q;`;
  const item = {
    aqo: compiled(source).aqo,
    parameters: [],
    observables: [],
    shots: SHOTS,
    seed,
    memory: false,
  };
  const read = readResults(simulate([item], { ...DEFAULT_OPTIONS, noise: readNoiseModel(noise) }));
  assert.ok(read.ok);
  return read.value.items[0]!.results[0]!.counts;
}

for (const p of [0.003, 0.02, 0.1]) {
  test(`depolarizing:${p} on Clifford circuits agrees with Pauli frames in Stim's convention`, () => {
    for (let seed = 1; seed <= 3; seed += 1) {
      const gates = mirror(seed, 8);
      const frames = new Frames();
      for (const gate of gates) {
        frames.after(gate);
        frames.depolarize(gate.qubits, p);
      }
      const found = counts(gates, `depolarizing:${p}`, seed);
      let chiSquare = 0;
      for (const [outcome, probability] of frames.flips().entries()) {
        const shots = found.get(outcome.toString(2).padStart(QUBITS, '0')) ?? 0;
        chiSquare += (shots - SHOTS * probability) ** 2 / (SHOTS * probability);
      }
      // 7 degrees of freedom: 29.9 is exceeded once in ten thousand.
      assert.ok(chiSquare < 29.9, `p ${p}, seed ${seed}: chi-square ${chiSquare}`);
    }
  });
}

test('one gate with noise of strength p: each wrong outcome as often as the convention says', () => {
  const p = 0.3;
  const one = counts([{ name: 'id', qubits: [0] }], `depolarizing:${p}`, 5);
  assert.ok(Math.abs((one.get('001') ?? 0) / SHOTS - (2 * p) / 3) < 0.012);
  const two = counts([{ name: 'cz', qubits: [0, 1] }], `depolarizing:${p}`, 5);
  for (const outcome of ['001', '010', '011']) {
    assert.ok(Math.abs((two.get(outcome) ?? 0) / SHOTS - (4 * p) / 15) < 0.008, outcome);
  }
  const mixed =
    '{"convention":"maximally_mixed","gates":{"*":{"*":[{"channel":"depolarizing","probability":0.3}]}},"readout":{}}';
  const replaced = counts([{ name: 'cz', qubits: [0, 1] }], mixed, 5);
  for (const outcome of ['001', '010', '011']) {
    assert.ok(Math.abs((replaced.get(outcome) ?? 0) / SHOTS - p / 4) < 0.008, outcome);
  }
});

test('virtual gates carry noise as all others do, barriers and global phases none', () => {
  const source = (body: string): string => `${HEAD}qubit q; bit c; ${body} c = measure q;`;
  const onesOf = (body: string): number => {
    const item = {
      aqo: compiled(source(body)).aqo,
      parameters: [],
      observables: [],
      shots: SHOTS,
      seed: 9,
      memory: false,
    };
    const read = readResults(
      simulate([item], { ...DEFAULT_OPTIONS, noise: readNoiseModel('depolarizing:1') }),
    );
    assert.ok(read.ok);
    return read.value.items[0]!.results[0]!.counts.get('1') ?? 0;
  };
  assert.ok(Math.abs(onesOf('rz(0.3) q;') / SHOTS - 2 / 3) < 0.012);
  assert.equal(onesOf('barrier q; gphase(0.3); delay[10ns] q;'), 0);
  assert.ok(onesOf('if (c == 0) { x q; }') < SHOTS);
});
