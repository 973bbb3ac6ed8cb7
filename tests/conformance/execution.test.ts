import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CircuitResult, readResults } from '@qfs/circuit';
import { type Compiled, compileSource } from '@qfs/compiler';
import { simulate } from '@qfs/simulator';

const SEED = 20_261;

function compiled(source: string, language = 'openqasm3'): Compiled {
  const result = compileSource({ language, source });
  assert.ok(result.ok, result.ok ? '' : `${source}\n${JSON.stringify(result.error, undefined, 1)}`);
  return result.value;
}

/** Compiles, checks that the written text means the same circuit, and runs it. */
function run(source: string, shots = 100): CircuitResult {
  const { aqo, aqoDigest, qasm } = compiled(source);
  assert.equal(compiled(qasm).aqoDigest, aqoDigest, qasm);
  const results = readResults(
    simulate([{ aqo, parameters: [], observables: [], shots, seed: SEED, memory: false }]),
  );
  assert.ok(results.ok);
  return results.value.items[0]!.results[0]!;
}

const HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';

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
  ['a call whose value cannot matter still happens', 'def f(qubit a) -> bit { x a; return measure a; } qubit q; output bit r; if (f(q) == 2) { x q; } f(q); f(q); r = measure q;', '1'],
];

for (const [title, source, expected] of OUTCOMES) {
  test(`execution: ${title}`, () => {
    const { outputs, counts } = run(HEAD + source);
    const values = outputs.get('r') ?? counts;
    assert.deepEqual([...values.keys()], [expected]);
  });
}

test('recursion without end is a fault of the program, not of the engine', () => {
  const source = `${HEAD}def f(int k) -> int { return f(k + 1); } qubit q; output int r; r = f(0);`;
  assert.throws(() => run(source), { code: 'PROGRAM_FAULT' });
});
