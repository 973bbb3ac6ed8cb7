import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Program } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';
import { randomState } from './passes/comparison.ts';
import { type Course, coursesOf } from './passes/courses.ts';
import { compiled } from './run.ts';

/*
 * What operations of AQO 0.1 and 1.0.0 do, from the matrices of their definitions, against the program that
 * comes of the document through OpenQASM text: unitaries with their phase, and channels by every outcome of
 * every measurement and reset.
 */
type Complex = readonly [number, number];

const S = Math.SQRT1_2;
const turn = (angle: number): Complex => [Math.cos(angle), Math.sin(angle)];
/** Rows of matrices on one qubit, |0⟩ first. */
// biome-ignore format: a matrix a line
const ONE: Readonly<Record<string, (theta: number) => readonly Complex[]>> = {
  X: () => [[0, 0], [1, 0], [1, 0], [0, 0]],
  Y: () => [[0, 0], [0, -1], [0, 1], [0, 0]],
  Z: () => [[1, 0], [0, 0], [0, 0], [-1, 0]],
  H: () => [[S, 0], [S, 0], [S, 0], [-S, 0]],
  S: () => [[1, 0], [0, 0], [0, 0], [0, 1]],
  T: () => [[1, 0], [0, 0], [0, 0], turn(Math.PI / 4)],
  RX: (t) => [[Math.cos(t / 2), 0], [0, -Math.sin(t / 2)], [0, -Math.sin(t / 2)], [Math.cos(t / 2), 0]],
  RY: (t) => [[Math.cos(t / 2), 0], [-Math.sin(t / 2), 0], [Math.sin(t / 2), 0], [Math.cos(t / 2), 0]],
  RZ: (t) => [turn(-t / 2), [0, 0], [0, 0], turn(t / 2)],
  SDG: () => [[1, 0], [0, 0], [0, 0], [0, -1]],
};
/** The matrix on the last qubit where all qubits before it are 1. */
const CONTROLLED: Readonly<Record<string, string>> = { CX: 'X', CZ: 'Z', CCX: 'X', CCZ: 'Z' };
const SIZES = { CX: 2, CZ: 2, SWAP: 2, CCX: 3, CCZ: 3 } as const;

interface Operation {
  readonly op: string;
  readonly q: readonly number[];
  readonly c?: readonly number[];
  readonly params?: { readonly theta?: number | string; readonly basis?: string };
  readonly basis?: string;
}

const INPUTS = { alpha: 0.7, beta: -2.25 } as const;

/** One way through a document: its bits so far, and its state, as long as the way is probable. */
interface Way {
  readonly bits: readonly number[];
  readonly state: Float64Array;
}

function applied(
  state: Float64Array,
  rows: readonly Complex[],
  qubit: number,
  controls: readonly number[],
): Float64Array {
  const result = state.slice();
  for (let index = 0; 2 * index < state.length; index += 1) {
    const bit = (index >> qubit) & 1;
    if (!controls.every((control) => ((index >> control) & 1) === 1)) continue;
    const [zero, one] = [index & ~(1 << qubit), index | (1 << qubit)];
    const [a, b] = [rows[2 * bit]!, rows[2 * bit + 1]!];
    const at = (k: number): Complex => [state[2 * k]!, state[2 * k + 1]!];
    const times = (x: Complex, y: Complex): Complex => [x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]];
    const [left, right] = [times(a, at(zero)), times(b, at(one))];
    result.set([left[0] + right[0], left[1] + right[1]], 2 * index);
  }
  return result;
}

const kept = (state: Float64Array, qubit: number, outcome: number): Float64Array =>
  state.map((entry, at) => (((at >> (qubit + 1)) & 1) === outcome ? entry : 0));

function stepped(
  { bits, state }: Way,
  { op, q, c = [], params, basis = params?.basis ?? 'Z' }: Operation,
): Way[] {
  const [first, second] = q as [number, number];
  if (op in ONE) {
    const { theta = 0 } = params ?? {};
    const angle = typeof theta === 'string' ? INPUTS[theta as 'alpha'] : theta;
    return [{ bits, state: applied(state, ONE[op]!(angle), first, []) }];
  }
  if (op in CONTROLLED) {
    return [{ bits, state: applied(state, ONE[CONTROLLED[op]!]!(0), q.at(-1)!, q.slice(0, -1)) }];
  }
  if (op === 'SWAP') {
    const cx = (from: number, to: number) => (before: Float64Array) => applied(before, ONE.X!(0), to, [from]);
    return [
      {
        bits,
        state: [cx(first, second), cx(second, first), cx(first, second)].reduce(
          (at, gate) => gate(at),
          state,
        ),
      },
    ];
  }
  let ways: Way[] = [{ bits, state }];
  for (const [k, qubit] of q.entries()) {
    ways = ways.flatMap((way) => {
      if (op === 'RESET') {
        const flipped = applied(kept(way.state, qubit, 1), ONE.X!(0), qubit, []);
        return [
          { ...way, state: kept(way.state, qubit, 0) },
          { ...way, state: flipped },
        ];
      }
      const turns = basis === 'X' ? ['H'] : basis === 'Y' ? ['SDG', 'H'] : [];
      const turned = turns.reduce((at, name) => applied(at, ONE[name]!(0), qubit, []), way.state);
      return [0, 1].map((outcome) => ({
        bits: way.bits.with(c[k]!, outcome),
        state: kept(turned, qubit, outcome),
      }));
    });
  }
  return ways;
}

/** The density matrix behind each outcome of the bits, as one row of numbers. */
function channel(
  ways: readonly { readonly key: string; readonly state: Float64Array }[],
): Map<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  for (const { key, state } of ways) {
    const size = state.length / 2;
    const density = found.get(key) ?? new Float64Array(2 * size * size);
    for (let a = 0; a < size; a += 1) {
      for (let b = 0; b < size; b += 1) {
        const [ar, ai, br, bi] = [state[2 * a]!, state[2 * a + 1]!, state[2 * b]!, state[2 * b + 1]!];
        density[2 * (a * size + b)]! += ar * br + ai * bi;
        density[2 * (a * size + b) + 1]! += ai * br - ar * bi;
      }
    }
    found.set(key, density);
  }
  return found;
}

function randomDocument(seed: number, isDynamic: boolean) {
  const random = new Prng(seed, 'aqo-document');
  const below = (count: number): number => Math.floor(random.uniform() * count);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const qubits = 1 + below(3);
  const version = pick(['0.1', '1.0.0', '1.0.0']);
  const basic = ['RX', 'RY', 'RZ', 'CX'];
  const gates = (
    version === '0.1' ? basic : [...basic, 'X', 'Y', 'Z', 'H', 'S', 'T', 'CZ', 'SWAP', 'CCX', 'CCZ']
  ).filter((op) => (SIZES[op as 'CX'] ?? 1) <= qubits);
  const some = (count: number): number[] =>
    Array.from({ length: qubits }, (_, k) => [random.uniform(), k] as const)
      .sort(([a], [b]) => a - b)
      .slice(0, count)
      .map(([, k]) => k);
  const operations = Array.from({ length: 1 + below(10) }, (): Operation => {
    const op = isDynamic ? pick([...gates, ...gates, 'MEASURE', 'RESET']) : pick(gates);
    if (op === 'RESET') return { op, q: some(1 + below(qubits)) };
    if (op === 'MEASURE') {
      const q = some(1 + below(Math.min(qubits, 2)));
      const basis = pick(['X', 'Y', 'Z', undefined]);
      const placed = random.uniform() < 0.5 ? { basis } : { params: { basis } };
      return { op, q, c: q.map((_, k) => 2 - k), ...(basis !== undefined && placed) } as Operation;
    }
    const q = some(SIZES[op as 'CX'] ?? 1);
    if (!op.startsWith('R')) return { op, q };
    return {
      op,
      q,
      params: { theta: pick([...Object.keys(INPUTS), -1e-7, 2 * Math.PI, random.uniform() * 9]) },
    };
  });
  return { version, qubits, operations };
}

const numberOf = (bits: readonly number[]): string =>
  String(bits.reduce((sum, bit, at) => sum + (bit << at), 0));

/** The bits that a course of the program leaves, as a number; without a measurement there are none. */
function measured(variables: string): string {
  const values = JSON.parse(variables) as readonly { readonly kind: string; readonly value: unknown }[];
  return String(values.find(({ kind }) => kind === 'bit')?.value ?? '0');
}

/** Every way through a program, with the inputs that it has. */
function courses(program: Program, state: Float64Array, most: number): Course[] {
  const places = Int32Array.from({ length: program.qubits }, (_, qubit) => qubit);
  const inputs = program.variables.filter(({ role }) => role === 'input').map(({ name }) => name);
  const binding = new Map(inputs.map((name) => [name, INPUTS[name as 'alpha']]));
  return coursesOf(program, places, state, binding, most);
}

const RUNS = Number(process.env.QFS_PROPERTY_RUNS ?? 150);

test('AQO-6: a document without measurements is its unitary with its phase, through OpenQASM and back', () => {
  for (let seed = 0; seed < RUNS; seed += 1) {
    const document = randomDocument(seed, false);
    const { qasm, aqoDigest } = compiled(JSON.stringify(document), 'aqo');
    const again = compiled(qasm);
    assert.equal(again.aqoDigest, aqoDigest);
    const state = randomState(document.qubits, seed);
    const expected = document.operations.reduce((way, operation) => stepped(way, operation)[0]!, {
      bits: [],
      state,
    } as Way);
    const [course] = courses(again.program, state, 1);
    for (const [at, entry] of course!.state.entries()) {
      assert.ok(Math.abs(entry - expected.state[at]!) < 1e-12, `seed ${seed}: ${JSON.stringify(document)}`);
    }
  }
});

test('AQO-6, AQO-7: a document with measurements and resets is its channel, through OpenQASM and back', () => {
  for (let seed = 0; seed < RUNS; seed += 1) {
    const document = randomDocument(seed, true);
    const { qasm, aqoDigest } = compiled(JSON.stringify(document), 'aqo');
    const again = compiled(qasm);
    assert.equal(again.aqoDigest, aqoDigest);
    const state = randomState(document.qubits, seed);
    let ways: Way[] = [{ bits: [0, 0, 0], state }];
    for (const operation of document.operations) ways = ways.flatMap((way) => stepped(way, operation));
    const expected = channel(ways.map(({ bits, state: left }) => ({ key: numberOf(bits), state: left })));
    const actual = channel(
      courses(again.program, state, 4096).map(({ variables, state: left }) => ({
        key: measured(variables),
        state: left,
      })),
    );
    for (const key of new Set([...expected.keys(), ...actual.keys()])) {
      const here = expected.get(key) ?? new Float64Array(2 * 4 ** document.qubits);
      for (const [at, entry] of here.entries()) {
        const difference = Math.abs(entry - (actual.get(key)?.[at] ?? 0));
        assert.ok(difference < 1e-12, `seed ${seed}, bits ${key}: ${JSON.stringify(document)}`);
      }
    }
  }
});
