import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type CircuitResult, readResults } from '@qfs/circuit';
import { type Binding, simulate } from '@qfs/simulator';
import { assertOutcome, compiled, HEAD, run } from './run.ts';

/** A program whose output `r` has one value in all shots, and that value as results show it. */
// biome-ignore format: one program per line
const OUTCOMES: readonly (readonly [string, string, string])[] = [
  ['a subroutine acts on the qubits it is given', 'def f(qubit a, qubit[2] b) { cx a, b[1]; } qubit[4] q; output bit[4] r; x q[2]; f(q[2], q[0:1]); r = measure q;', '0110'],
  ['a subroutine returns what it measures', 'def f(qubit[2] a) -> bit[2] { x a[1]; return measure a; } qubit[2] q; output bit[2] r; r = f(q);', '10'],
  ['values are passed by value', 'def f(int k) -> int { k += 1; return k; } qubit q; int k = 4; int m = f(k); output int r; r = 10 * k + m;', '45'],
  ['locals are fresh in every call', 'def f() -> int { int n; n += 1; return n; } qubit q; output int r; int a = f(); r = f() + a;', '2'],
  ['a subroutine may call itself', 'def f(int k) -> int { if (k <= 1) { return 1; } return k * f(k - 1); } qubit q; output int r; r = f(10);', '3628800'],
  ['a subroutine may call an earlier one, with run-time qubits', 'def flip(qubit a) { x a; } def f(qubit[3] a, int k) { flip(a[k]); for int i in [0:k] { if (i == k) return; flip(a[0]); } } qubit[3] q; output bit[3] r; f(q, 1); f(q, 2); r = measure q;', '111'],
  ['return leaves loops', 'def f() -> int { for int i in [0:9] { while (true) { if (i == 3) return i; break; } } return -1; } qubit q; output int r; r = f();', '3'],
  ['a call in a parameter or index happens once', 'def f(qubit a) -> int { x a; bit b = measure a; return int(b); } qubit[2] q; qubit c; output bit[2] r; r = "00"; rx(pi * f(c)) q; x q[f(c)]; r = measure q;', '10'],
  ['calls in arguments are made with the call, and only if it is made', 'def f(qubit a) -> int { x a; return 0; } def g(qubit a) -> bool { return true; } qubit[2] q; qubit w; output bit r; bool b; int k; if (b && g(q[f(w)])) { k = 9; } while (g(q[f(w)])) { k += 1; if (k == 3) break; } r = measure w;', '1'],
  ['a call whose value cannot matter still happens', 'def f(qubit a) -> bit { x a; return measure a; } qubit q; output bit r; if (f(q) == 2) { x q; } f(q); f(q); r = measure q;', '1'],
  ['arrays are zero, filled by literals, and copied when assigned', 'qubit q; array[int[8], 2, 3] a = {{1, 0, 3}, {4, 5, 6}}; array[int[8], 2, 3] b = a; b[1][2] = -7; b[0] = a[1]; output array[int[8], 2, 3] r; r = b; a[0, 0] = 99;', '{{4, 5, 6}, {4, 5, -7}}'],
  ['elements, slices and sizes of arrays', 'qubit q; array[int, 5] a = {1, 2, 3, 4, 5}; int k = 1; output array[int, 3] r; r = a[0:2:4]; r[k] = a[-k] * 10 + int(sizeof(a)); a[0:1] = a[1:2]; r[2] = a[0] * 10 + a[1];', '{1, 55, 23}'],
  ['an inner array literal starts anew in every iteration', 'qubit q; output int r; int n = 2; while (n > 0) { array[int, 2] a = {0, 3}; a[0] += 1; r += a[0] * a[1]; n -= 1; }', '6'],
  ['bits and integers inside of arrays', 'qubit[2] q; array[bit[2], 2] a; array[uint[4], 2] b; x q[1]; a[1] = measure q; a[0][1] = measure q[1]; b[1][3] = 1; output bit[4] r; r[0:1] = a[0]; r[2] = b[1][3]; r[3] = a[1][0];', '0110'],
  ['subroutines change arrays they are given', 'def f(mutable array[int, 2] a, readonly array[int, 3] b) -> int { a[0] = b[2]; a[1] += 1; return b[0]; } qubit q; array[int, 2, 2] a = {{1, 2}, {3, 4}}; array[int, 3] b = {7, 8, 9}; output array[int, 4] r; r[3] = f(a[1], b); r[0:1] = a[1]; r[2] = f(a[0], b[-1:-1:0]) + a[0][0];', '{9, 5, 16, 7}'],
  ['loops over the elements of arrays, sets and registers', 'qubit q; array[int[8], 3] a = {5, 6, 7}; bit[3] c = "101"; int[8] k = 2; output int r; for int i in a { r = 10 * r + i; } for bit b in c { r = 10 * r + int(b); } for int i in {k, k + 1} { r = 10 * r + i; } for float f in [0:0.5:1] { r += int(2 * f); }', '56710126'],
  ['bits of integers and angles are written', 'qubit q; int[4] k = 1; int j = 3; k[j] = 1; k[1:2] = "10"; angle[4] a; a[3] = 1; output bit[4] r; r = bit[4](k); if (a == pi) { r[0] = 0; }', '1100'],
  ['a range of bits takes a computed value, read before anything is written', 'qubit q; bit[4] c = "0110"; c[0:2] = c[1:3]; output bit[4] r; r = c; r[3:-1:2] = ~r[0:1]; bit[2] w; w ~= "01"; r[0] = w[0];', '0010'],
  ['complex numbers', 'qubit q; complex k = 1 + 2im; const complex w = -0.5im * 2; complex v; v = k * w + 3; v /= 1 - 1im; output complex r; r = v + real(k) * imag(w) - k ** 0; if (k == 1 + 2.0im) r *= 2;', '2+4im'],
  ['durations are checked and change nothing', 'qubit q; const duration d = 2 * 10ns; stretch g; duration e = durationof({ x q; }) + g / 2; e = -d; box[d + e] { delay[1.5 * d] q; } x[d] q; output bit r; r = measure q;', '1'],
];

for (const [title, source, expected] of OUTCOMES) {
  test(`execution: ${title}`, () => assertOutcome(source, expected));
}

const EXAMPLES = new URL('../../examples/qasm/', import.meta.url);
const ran = new Set<string>();

function text(name: string): string {
  ran.add(name);
  return readFileSync(new URL(`${name}.qasm`, EXAMPLES), 'utf8');
}
const example = (name: string, shots: number, parameters: readonly Binding[] = []): CircuitResult =>
  run(text(name), shots, parameters);

/** Examples that give the same answer in every shot. */
const CERTAIN: Readonly<Record<string, readonly [string, string]>> = {
  adder: ['sum', '10010'],
  'phase-estimation': ['turn', '1011'],
  'repeat-until-success': ['r', '0'],
  'bit-flip-code': ['r', '1'],
  'phase-flip-code': ['r', '0'],
  teleportation: ['r', '0'],
};

for (const [name, [output, expected]] of Object.entries(CERTAIN)) {
  test(`example: ${name}`, () => {
    const { outputs, counts } = example(name, 200);
    assert.deepEqual([...(outputs.get(output) ?? counts)], [[expected, 200]]);
  });
}

/** Is this number of successes within five standard deviations of what the probability makes expect? */
function assertProbability(successes: number, shots: number, probability: number): void {
  const deviation = Math.sqrt(shots * probability * (1 - probability));
  const difference = Math.abs(successes - shots * probability);
  assert.ok(difference < 5 * deviation, `${successes} of ${shots}, expected ${shots * probability}`);
}

test('example: grover', () => {
  const shots = 4000;
  const { counts } = example('grover', shots);
  assertProbability(counts.get('101') ?? 0, shots, 121 / 128);
  for (const key of ['000', '010', '111']) assertProbability(counts.get(key) ?? 0, shots, 1 / 128);
});

test('example: random-walk', () => {
  const shots = 2000;
  const { outputs } = example('random-walk', shots);
  const wealth = outputs.get('wealth') ?? new Map<string, number>();
  assert.deepEqual([...wealth.keys()].sort(), ['0', '6']);
  assertProbability(wealth.get('0') ?? 0, shots, 2 / 3);
  const throws = [...(outputs.get('throws') ?? [])];
  const mean = throws.reduce((sum, [key, count]) => sum + Number(key) * count, 0) / shots;
  assert.ok(Math.abs(mean - 8) < 0.8, `${mean} throws on average`);
});

/** χ² of counts against probabilities, with as many degrees of freedom as there are values less one. */
function chiSquare(counts: ReadonlyMap<string, number>, probabilities: ReadonlyMap<string, number>): number {
  const shots = [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const key of counts.keys()) assert.ok(probabilities.has(key), `${key} cannot come out`);
  return [...probabilities].reduce((sum, [key, probability]) => {
    const expected = shots * probability;
    return sum + ((counts.get(key) ?? 0) - expected) ** 2 / expected;
  }, 0);
}

test('example: fourier', () => {
  const { counts } = example('fourier', 4000);
  const peaks = new Map<string, number>();
  for (const [key, count] of counts) {
    const [found, back] = key.split(' ') as [string, string];
    assert.equal(back, '01101');
    peaks.set(found, (peaks.get(found) ?? 0) + count);
  }
  const expected = Array.from(
    { length: 8 },
    (_, at) => [(4 * at).toString(2).padStart(5, '0'), 1 / 8] as const,
  );
  // Seven degrees of freedom: 24.3 is exceeded once in a thousand.
  assert.ok(chiSquare(peaks, new Map(expected)) < 24.3);
});

test('example: shuffle', () => {
  const { outputs } = example('shuffle', 2400);
  assert.deepEqual([...outputs.get('sorted')!], [['{1, 2, 3, 4}', 2400]]);
  const ways = [1, 3, 5, 6, 5, 3, 1].map((count, swaps) => [String(swaps), count / 24] as const);
  // Six degrees of freedom: 22.5 is exceeded once in a thousand.
  assert.ok(chiSquare(outputs.get('swaps')!, new Map(ways)) < 22.5);
});

test('example: ansatz', () => {
  const [theta, phi] = [0.8, 0.6];
  const binding = new Map([
    ['theta', theta],
    ['phi', phi],
  ]);
  const { counts } = example('ansatz', 4000, [binding]);
  assert.deepEqual([...counts.keys()].sort(), ['00', '11']);
  assertProbability(counts.get('11') ?? 0, 4000, Math.sin(theta / 2) ** 2);
  const observables = ['ZI', 'ZZ', 'XX'].map((paulis) => ({ terms: [{ coefficient: 1, paulis }] }));
  const { aqo } = compiled(text('ansatz'));
  const exact = { aqo, parameters: [binding], observables, shots: 0, seed: 1, memory: false };
  const results = readResults(simulate([exact]));
  assert.ok(results.ok);
  const values = results.value.items[0]!.results[0]!.expectationValues.map(({ value }) => value);
  const expected = [Math.cos(theta), 1, Math.sin(theta) * Math.cos(phi)];
  for (const [at, value] of values.entries()) assert.ok(Math.abs(value - expected[at]!) < 1e-12, `${value}`);
});

test('every example has run, says first what comes out, and stands in the list', () => {
  const names = readdirSync(EXAMPLES).filter((name) => name.endsWith('.qasm'));
  assert.deepEqual(names, [...ran].map((name) => `${name}.qasm`).sort());
  const list = readFileSync(new URL('README.md', EXAMPLES), 'utf8');
  for (const name of names) {
    assert.ok(list.includes(`](${name})`), name);
    assert.match(text(name.replace('.qasm', '')), /^(?:\/\/ .*\n)+OPENQASM 3\.0;/);
  }
});

test('recursion without end is a fault of the program, not of the engine', () => {
  const source = `${HEAD}def f(int k) -> int { return f(k + 1); } qubit q; output int r; r = f(0);`;
  assert.throws(() => run(source), { code: 'PROGRAM_FAULT' });
});
