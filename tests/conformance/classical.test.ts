import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import type { InputValue } from '@qfs/simulator';
import { assertOutcome, HEAD, refusal, run } from './run.ts';

/** Programs whose output `r` has one value in all shots, by the part of the language that they show. */
// biome-ignore format: one program per line
const OUTCOMES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'array parameters': [
    ['def f(readonly array[int[8], #dim = 2] a) -> int { int s; for uint i in [0:sizeof(a, 0) - 1] { for uint j in [0:sizeof(a, 1) - 1] { s += a[i, j]; } } return s; } qubit q; array[int[8], 2, 3] a = {{1, 2, 3}, {4, 5, 6}}; array[int[8], 1, 2] b = {{7, 8}}; output array[int, 3] r; r[0] = f(a); r[1] = f(b); r[2] = f(a[0:1, 1:2]);', '{21, 15, 16}'],
    ['def f(mutable array[int[8], #dim = 1] a) { a[2] = 10; } qubit q; output array[int[8], 5] r; f(r[1:3]);', '{0, 0, 0, 10, 0}'],
    ['def f(mutable array[int[8], #dim = 1] a) { for uint i in [0:sizeof(a) - 1] { a[i] += 1; } } qubit q; output array[int[8], 2, 3] r; f(r[1]); f(r[0:1, 2]); f(r[{0}][0, 0:1]);', '{{1, 1, 1}, {1, 1, 2}}'],
    ['def last(readonly array[uint[8], #dim = 1] a) -> uint[8] { return a[-1]; } def f(readonly array[uint[8], #dim = 2] a) -> uint[8] { return last(a[-1]); } qubit q; array[uint[8], 2, 2] a = {{1, 2}, {3, 4}}; output uint[8] r; r = f(a);', '4'],
    ['def sum(readonly array[int, #dim = 1] a) -> int { if (sizeof(a) == 1) return a[0]; return a[0] + sum(a[1:]); } qubit q; array[int, 4] a = {1, 2, 3, 4}; output int r; r = sum(a);', '10'],
    ['def f(mutable array[int, #dim = 1] a, readonly array[int, #dim = 1] b) { a[0:1] = b; a = b ++ b; } qubit q; array[int, 2] b = {3, 4}; output array[int, 4] r; f(r, b);', '{3, 4, 3, 4}'],
    ['def f(readonly array[bit[2], #dim = 1] a) -> bit[2] { return a[1] ^ a[0]; } qubit q; array[bit[2], 2] a = {"01", "11"}; output bit[2] r; r = f(a);', '10'],
    ['def f(readonly array[int, 2] a) -> uint { return sizeof(a); } qubit q; array[int, 3] a; output uint r; r = f(a[0:1]) + sizeof(a) * 10 + sizeof(a[1:2]) * 100;', '232'],
  ],
  'slices and index sets': [
    ['qubit q; array[int, 2, 3] a = {{1, 2, 3}, {4, 5, 6}}; output array[int, 2] r; r = a[0:1, 2];', '{3, 6}'],
    ['qubit q; array[int, 2, 3] a = {{1, 2, 3}, {4, 5, 6}}; output array[int, 2, 2] r; r = a[0:1, 1:-1];', '{{2, 3}, {5, 6}}'],
    ['qubit q; array[int, 4] a = {1, 2, 3, 4}; int k = 3; output array[int, 3] r; r = a[{k, 0, -2}];', '{4, 1, 3}'],
    ['qubit q; int k = 1; output array[int, 4] r; array[int, 2] a = {8, 9}; r[{3, k}] = a;', '{0, 9, 0, 8}'],
    ['qubit q; array[int, 3, 2] a; array[int, 3, 2] b = {{1, 2}, {3, 4}, {5, 6}}; a[1:2] = b[0:1]; a[0:1, 0] = b[1:2, 1]; output array[int, 3, 2] r; r = a;', '{{4, 0}, {6, 2}, {3, 4}}'],
    ['qubit q; int k = 2; array[int, 4] a = {1, 2, 3, 4}; a[1:k] = a[2:k + 1]; output array[int, 4] r; r = a;', '{1, 3, 4, 4}'],
    ['qubit q; int[8] k = 15; output bit[4] r; r = k[2:5];', '0011'],
    ['qubit q; int[4] k = -6; output bit[4] r; r = k[-1:-1:0];', '0101'],
    ['qubit q; int[8] k = 15; k[4:7] = "1010"; output int[8] r; r = k;', '-81'],
    ['qubit q; uint[8] k; int j = 3; k[{j, 0}] = "11"; output uint[8] r; r = k;', '9'],
    ['qubit q; angle[4] a; a[2:3] = "11"; output angle[4] r; r = a;', String(1.5 * Math.PI)],
    ['qubit q; array[int[32], 5] a = {0, 1, 2, 3, 4}; a[0][0] = 1; output bit[6] r; r[0:4] = a[4][0:4]; r[5] = a[0][{0}];', '100100'],
    ['qubit q; bit[4] c = "0110"; int k = 3; output bit[3] r; r = c[{k, 1, -2}];', '110'],
    ['qubit q; const uint[4] k = 10; output bit[2] r; r = k[{3, 0}];', '01'],
    ['qubit q; int[4] k = 6; output int r; for bit b in k[1:3] { r = 10 * r + int(b); }', '110'],
  ],
  'aliases': [
    ['qubit q; bit[3] c = "011"; bit[2] d = "10"; let a = c[{2, 0}] ++ d; output bit[4] r; r = a;', '1010'],
    ['qubit q; output bit[5] r; bit[2] d; let a = r[0:2:4] ++ d; a = "10110"; r[1] = d[1];', '10110'],
    ['qubit q; bit[3] c; bit[2] d; let a = d ++ c[1:2]; int k = 2; a[k] = 1; a[k - 2] = 1; output bit[5] r; r = c ++ d;', '01010'],
    ['qubit[2] q; bit[3] c; let a = c[{2, 1}]; int k; x q[1]; a[k] = measure q[1]; output bit[3] r; r = c;', '100'],
    ['qubit[3] q; let a = q[{2, 0}]; int k; x a[k]; output bit[3] r; r = measure q;', '100'],
    ['qubit q; array[int, 2, 3] a; let row = a[1]; let column = a[0:1, 2]; row[0] = 5; column[0] = 7; row = row; output array[int, 2, 3] r; r = a; r[1, 1] = sizeof(column);', '{{0, 0, 7}, {5, 2, 0}}'],
    ['qubit q; array[int, 3] a; int k = 1; let b = a[k]; k = 2; b = 4; output array[int, 3] r; r = a;', '{0, 4, 0}'],
    ['qubit q; int[8] k; let low = k[0:3]; let high = k[4:7]; low = "0011"; high[3] = 1; output int[8] r; r = k; if (low == 3) r += 1;', '-124'],
    ['qubit q; bit[2] c = "10"; int[4] k; let a = c ++ k[1:2]; a = "1101"; output int[4] r; r = k; if (c == "01") r += 1;', '7'],
    ['qubit q; bit[4] c; let a = c[1:3]; let b = a[{2, 0}]; b[0] = 1; output bit[4] r; r = c;', '1000'],
    ['qubit q; bit[3] c = "110"; bit d = 1; let a = c[1:2] ++ d; output int r; for bit b in a { r = 10 * r + int(b); }', '111'],
  ],
  'concatenations': [
    ['qubit q; bit[2] a = "01"; bit[3] b = "110"; output bit[5] r; r = a ++ b;', '11001'],
    ['qubit q; bit[2] a = "01"; output int r; r = int(a ++ "1") * 10 + int((a ++ a)[2]);', '51'],
    ['def parity(bit[4] c) -> bit { bit p; for bit b in c { p ^= b; } return p; } qubit q; bit[2] a = "01"; output bit r; r = parity(a ++ ~a);', '0'],
    ['qubit q; array[int[8], 2] first = {0, 1}; array[int[8], 4] third = {5, 6, 7, 8}; array[int[8], 4] both = first ++ first; both[0:3] = first[0:1] ++ third[1:2]; output array[int[8], 4] r; r = both;', '{0, 1, 6, 7}'],
  ],
  'floats and complex numbers of 32 bits': [
    ['qubit q; const float[32] a = 0.1; float[32] b = 0.2; output float[32] r; r = b + a;', String(Math.fround(Math.fround(0.1) + Math.fround(0.2)))],
    ['qubit q; const float[32] a = 0.1; output float r; r = a + 0.2;', String(Math.fround(0.1) + 0.2)],
    ['qubit q; complex[float[32]] v = 0.1 + 0.2im; output complex[float[32]] r; r = v * v;', (() => { const f = Math.fround; const [a, b] = [f(0.1), f(0.2)]; return `${f(f(a * a) - f(b * b))}+${f(f(a * b) + f(a * b))}im`; })()],
    ['qubit q; const complex[float[32]] w = 0.1im; complex[float[32]] v = 1 + 1im; output float[32] r; r = imag(v + w);', String(Math.fround(1 + Math.fround(0.1)))],
    ['qubit q; const complex[float[32]] w = 3 + 4im; output float r; r = real(w) + imag(w);', '7'],
    ['qubit q; complex[float[32]] v = 3; output complex r; r = v + 1im;', '3+1im'],
  ],
  'casts': [
    ['qubit q; int[8] k = 200; output int[8] r; r = k;', '-56'],
    ['qubit q; uint[8] k = 255; k += 1; output uint[8] r; r = k;', '0'],
    ['qubit q; int[8] k = -1; output uint[8] r; r = k;', '255'],
    ['qubit q; float f = -2.75; output int r; r = int(f);', '-2'],
    ['qubit q; float f = 9.42477796076938; output angle[4] r; r = f;', String(Math.PI)],
    ['qubit q; output angle[4] r; r = pi / 16;', '0'],
    ['qubit q; float f = 3 * pi / 16; output angle[4] r; r = f;', String(Math.PI / 4)],
    ['qubit q; bit[4] c = "1001"; output int[4] r; r = int[4](c);', '-7'],
    ['qubit q; bit[4] c = "1001"; output int r; r = int(c);', '9'],
    ['qubit q; int[4] k = -7; output bit[4] r; r = bit[4](k);', '1001'],
    ['qubit q; bit[4] c = "1001"; output angle[4] r; r = angle[4](c);', String(1.125 * Math.PI)],
    ['qubit q; angle[6] a = pi; output angle[3] r; r = a + angle[6](pi / 16);', String(Math.PI)],
    ['qubit q; angle[4] a = pi / 8; output bool r; r = bool(a) && bool(2) && !bool(0.0);', 'true'],
    ['qubit q; bool b = true; output float r; r = float(b) + int(b) + uint[2](b);', '3'],
  ],
  'operators': [
    ['qubit q; angle[4] a = 7 * (pi / 8); angle[4] b = pi / 8; angle[4] c = 5 * (pi / 4); uint[4] two = 2; output bit[24] r; r[0:3] = bit[4](a + b); r[4:7] = bit[4](b - a); r[8:11] = bit[4](a / two); r[12:15] = bit[4](two * c); r[16:19] = bit[4](c / b); r[20:23] = bit[4](-b);', '111110100100001110101000'],
    ['qubit q; angle[4] a = 9 * (pi / 8); output bit[8] r; r[0:3] = bit[4](a << 2); r[4:7] = bit[4](a >> 2);', '00100100'],
    ['qubit q; uint[8] k = 129; int n = 8; output uint[8] r; r = (k << n) + (k >> n) + (k >> 7) + (k << 1);', '3'],
    ['qubit q; int[8] k = -128; int n = 9; output int[8] r; r = k >> n;', '-1'],
    ['qubit q; bit[4] c = "1001"; output bit[4] r; r = (c << 9) | (c >> 1);', '0100'],
    ['qubit q; int a = -7; int b = 2; output array[int, 3] r; r[0] = a / b; r[1] = a % b; r[2] = mod(a, b);', '{-3, -1, 1}'],
    ['qubit q; int[8] k = 3; output int[8] r; r = k ** k ** 1 * k;', '81'],
    ['qubit q; float f; output bool r; r = 1 / f > 1e300;', 'true'],
  ],
  'built-in functions': [
    ['qubit q; uint[6] b = 37; output array[uint[8], 3] r; r[0] = popcount(b); r[1] = rotl(b, 3); r[2] = rotr(b, -3);', '{3, 44, 44}'],
    ['qubit q; bit[8] a = "10001111"; output bit[8] r; r = rotl(a, 2);', '00111110'],
    ['qubit q; angle[4] a = pi / 8; output angle[4] r; r = rotr(a, 1);', String(Math.PI)],
    ['qubit q; int a = 7; int b = -3; float f = -7.5; output array[float, 3] r; r[0] = mod(a, b); r[1] = mod(f, 2); r[2] = mod(f, -2.0);', '{-2, 0.5, -1.5}'],
    ['qubit q; float f = 2.5; output array[float, 4] r; r[0] = ceiling(f); r[1] = floor(-f); r[2] = sqrt(f * f); r[3] = pow(f, 2);', '{3, -3, 2.5, 6.25}'],
    ['qubit q; angle[4] a = pi; output array[float, 3] r; r[0] = cos(a); r[1] = exp(0 * float(a)); r[2] = log(exp(1));', '{-1, 1, 1}'],
    ['qubit q; complex v = -4; output complex r; r = sqrt(v) + exp(v - v);', '1+2im'],
    ['qubit q; int k = 2; uint n = 10; output int r; r = pow(k, n);', '1024'],
  ],
};

for (const [part, programs] of Object.entries(OUTCOMES)) {
  for (const [source, expected] of programs) {
    test(`${part}: ${source}`, () => assertOutcome(source, expected));
  }
}

test('arrays as inputs and outputs, bound by lists', () => {
  const source = `${HEAD}def sum(readonly array[float, #dim = 1] a) -> float { float t; for float f in a { t += f; } return t; }
    input array[float[64], 3] theta; input array[bit[2], 2] c; qubit q; rx(theta[1]) q; rx(-theta[{1}][0]) q;
    output array[float[64], 2] r; r[0] = sum(theta); r[1] = theta[int(c[1])]; output array[bit[2], 2] w; w = c;`;
  const parameters = [
    new Map<string, InputValue>([
      ['theta', [0.5, 1.5, 2]],
      ['c', '["01", "10"]'],
    ]),
  ];
  const { outputs } = run(source, 5, parameters);
  assert.deepEqual([...outputs.get('r')!.keys()], ['{4, 2}']);
  assert.deepEqual([...outputs.get('w')!.keys()], ['{01, 10}']);
});

/** Programs that do not compile, and the reason. */
// biome-ignore format: one program per line
const REFUSED: readonly (readonly [string, string])[] = [
  ['int[8] k; bit[4] c; c = k;', 'QASM_TYPE: A value of type int[8] cannot become bit[4].'],
  ['bit[8] c; int[4] k = int[4](c);', 'QASM_TYPE: A value of type bit[8] cannot be cast to int[4].'],
  ['bool b; bit[2] c = b;', 'QASM_TYPE: A value of type bool cannot become bit[2].'],
  ['bit[2] c; float f = c;', 'QASM_TYPE: A value of type bit[2] cannot become float[64].'],
  ['angle[4] a; int k = a;', 'QASM_TYPE: A value of type angle[4] cannot become int[64].'],
  ['bit[4] c; int n; bit[2] d = c[0:n];', 'QASM_NOT_CONSTANT: How many bits these are must be known when the program is compiled.'],
  ['array[int, 2] a; array[int, 2] b; let c = a ++ b;', 'QASM_TYPE: `++` copies what is array[int[64], 2], so there is nothing to name.'],
  ['bit[2] c; let d = c ++ c[0];', 'QASM_VALUE: A register cannot be joined with a part of itself.'],
  ['def f(readonly array[int, #dim = 1] a) { } array[int, 2] a; f(a ++ a);', 'QASM_TYPE: Here stands the name of a register, or of a part of one.'],
  ['def f(readonly array[int, #dim = 2] a) { } array[int, 2] a; f(a);', 'QASM_TYPE: The parameter takes an array of type array[int[64], #dim = 2].'],
  ['def f(readonly array[int, #dim = 1] a) { a[0] = 1; }', 'QASM_TYPE: `a` is a readonly parameter and cannot be written.'],
  ['def f(mutable array[int, #dim = 1] a) { } input array[int, 2] a; f(a);', 'QASM_TYPE: `a` is an input and cannot be written.'],
  ['def f(mutable array[int, 2] a, mutable array[int, #dim = 1] b) { } array[int, 2] a; f(a, a[0:1]);', 'QASM_TYPE: Two parameters that the call may change are parts of one array.'],
  ['input int k; let a = k[0:1]; a = "11";', 'QASM_TYPE: `a` is an input and cannot be written.'],
  ['array[int, 2, 2] a; array[int, 2] b; b = a;', 'QASM_TYPE: A value of type array[int[64], 2, 2] cannot become array[int[64], 2].'],
  ['array[int, 2] a; int k = a[0, 1];', 'QASM_TYPE: array[int[64], 2] has no dimension 1.'],
  ['complex[int[8]] k;', 'QASM_TYPE: The parts of a complex number are floats.'],
  ['const float f = arccos(2);', 'QASM_VALUE: This has no value: the result is not a finite number.'],
  ['def f() -> int { int k = 2; }', 'QASM_TYPE: No path through `f` returns its value.'],
  ['bit[2] c; bit[3] d; c = c & d;', 'QASM_TYPE: No value for bit[2] and bit[3]: `&` needs operands of one size.'],
];

for (const [source, reason] of REFUSED) {
  test(`refused: ${source}`, () => assert.equal(refusal(`qubit q; ${source}`), reason));
}

/** Programs that end with a fault, and what it says. */
// biome-ignore format: one program per line
const FAULTS: readonly (readonly [string, string])[] = [
  ['int k; int n = 5 / k;', '5 / 0: an integer cannot be divided by zero.'],
  ['uint k; int n = mod(7, k);', '7 % 0: an integer cannot be divided by zero.'],
  ['angle[4] a = pi; uint[4] k; a /= k;', '8 / 0: an integer cannot be divided by zero.'],
  ['int k = -1; int n = 2 ** k;', '2 ** -1: an integer power needs an exponent of at least 0.'],
  ['bit[4] c; int k = -1; c = c << k;', 'The bit[4] 0 cannot be shifted by -1 places.'],
  ['bit[4] c; bit[2] d; let a = c[1:2] ++ d; int k = 4; a[k] = 1;', 'Index 4 is outside of 0 to 3.'],
  ['array[int, 3] a; int k = 3; a[{0, k}] = a[0:1];', 'Index 3 is outside of 0 to 2.'],
  ['array[int, 3] a; int k = 2; a[0:k] = a[0:1];', '2 elements cannot be assigned to 3.'],
  ['array[int, 3] a; array[int, 2] b; int k = 2; b = a[0:k];', 'An array of 3 elements cannot be used as an array of 2 elements.'],
  ['def f(readonly array[int, 2] a) { } def g(readonly array[int, #dim = 1] a) { f(a); } array[int, 3] a; g(a);', 'An array of 3 elements is given where one of 2 is needed.'],
  ['def f(mutable array[int, #dim = 1] a, readonly array[int, 2] b) { a = b; } array[int, 3] a; array[int, 2] b; f(a, b);', 'An array of 2 elements cannot be used as an array of 3 elements.'],
  ['def f(int k) -> int { if (k > 0) return 1; } int k = f(0);', "The subroutine 'f' ended without returning a value."],
  ['float f; f = 1 / f; int k = int(f);', 'Infinity cannot be cast to an integer.'],
];

for (const [source, reason] of FAULTS) {
  test(`fault: ${source}`, () => {
    assert.throws(
      () => run(`${HEAD}qubit q; ${source}`),
      (error) => error instanceof QfsError && error.code === 'PROGRAM_FAULT' && error.message === reason,
    );
  });
}
