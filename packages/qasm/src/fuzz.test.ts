import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lowerSource, parseSource, printProgram } from './index.ts';

const SEED_TEXT = `OPENQASM 3.0;
include "stdgates.inc";
gate g(a, b) x, y { rx(a / 2) x; ctrl @ inv @ rz(-b) x, y; gphase(pi); }
input float[64] theta; output bit[2] o;
qubit[4] q; bit[4] c; int[8] i = 3; uint[8] u; angle[8] w = pi / 3; bool f = true;
const int n = 2 ** 3 - 4; let half = q[0:1] ++ q[3:3];
h q; g(theta, 0.5) q[0], q[1]; pow(-2) @ s q[n - 4]; negctrl @ x q[0], q[1];
c = measure q; if (c == 3 && !f) { x q[i]; } else y q[1];
for uint k in [0:2:6] { rz(k * w) q[0]; } while (i > 0) { i -= 1; if (c[0]) break; }
switch (i) { case 1, 2 { z q[0]; } default { reset q; } }
def f(qubit[2] r, int[8] k, mutable array[int[8], 2] m) -> bit {
  m[k] += 1; if (k > 1) return f(r, k - 1, m); return measure r[0]; }
array[int[8], 2, 2] m = {{1, 2}, {3, 4}}; c[1] = f(q[{0, 2}], i, m[1]); for int[8] e in m[0] { i[e] = 1; }
complex[float] z1 = 1 - 2im; z1 *= real(z1); 
duration d1 = 2 * 10ns; delay[d1] q; pow(0.5) @ y q[2]; m[0][0:1] = m[1];
o = c[1:2]; barrier q; delay[20ns] q[0]; defcal x $0 { play; } measure half[0] -> c[3]; end;
`;
const PIECES = SEED_TEXT.match(/[\p{L}\d_.$]+|\s+|[^\s\p{L}\d]/gu)!;

const mutation = fc.oneof(
  fc.record({ do: fc.constant('delete' as const), at: fc.nat() }),
  fc.record({
    do: fc.constant('insert' as const),
    at: fc.nat(),
    text: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 4 })),
  }),
  fc.record({ do: fc.constant('swap' as const), at: fc.nat(), with: fc.nat() }),
);

/** A hostile text must give a program, or findings with places; never an exception. */
function check(source: string): void {
  const { program, diagnostics } = lowerSource(source);
  const lines = source.split('\n').length;
  assert.equal(
    program === undefined,
    diagnostics.some(({ severity }) => severity === 'error'),
  );
  for (const { line, column, end_line } of diagnostics) {
    assert.ok(line >= 1 && line <= lines && column >= 1 && end_line >= line && end_line <= lines);
  }
  const { ast } = parseSource(source);
  printProgram(ast);
}

test('deleted, inserted and exchanged tokens never break the front end', () => {
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
      const pieces = [...PIECES];
      for (const change of mutations) {
        const at = change.at % pieces.length;
        if (change.do === 'delete') pieces.splice(at, 1);
        else if (change.do === 'insert') pieces.splice(at, 0, change.text);
        else
          [pieces[at], pieces[change.with % pieces.length]] = [
            pieces[change.with % pieces.length]!,
            pieces[at]!,
          ];
      }
      check(pieces.join(''));
    }),
    { numRuns: 1500 },
  );
});

test('noise never breaks the front end', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check), { numRuns: 1000 });
});

const many = (text: string): string => text.repeat(20_000);
const doubling = Array.from({ length: 60 }, (_, k) => `gate g${k + 1} a { g${k} a; g${k} a; }`).join('\n');
const tower = Array.from({ length: 3000 }, (_, k) => `gate g${k + 1}(t) a { g${k}(t + 1) a; }`).join('\n');

const HOSTILE: Readonly<Record<string, string>> = {
  'deep parentheses': many('('),
  'deep blocks': many('{'),
  'deep if': many('if (1) '),
  'deep unary': `int x = ${many('-')}1;`,
  'a long sum': `int x = 1${many(' + 1')};`,
  'deep powers': `int x = 2${many(' ** 2')};`,
  'deep calls': many('sin('),
  'deep indices': many('a['),
  'deep arrays': `array[int, 2] a = ${many('{')}`,
  'deep gates': many('gate g a {'),
  'deep durationof': many('durationof({'),
  'a long alias': `qubit[2] q; let a = q${many(' ++ q')};`,
  'a huge integer': `int x = ${'9'.repeat(1_000_000)};`,
  'a huge shift': 'int[64] x = 1 << 1000000000000;',
  'a huge power': 'int x = 9 ** 9 ** 9 ** 9;',
  'a huge float': 'float x = 1e999999999;',
  'a huge size': 'qubit[99999999999999999999] q;',
  'a huge width': 'int[99999999] x = 1;',
  'a huge repetition': 'qubit q; pow(1000000000000) @ U(0, 0, 0) q;',
  'a huge control': 'qubit q; ctrl(1000000000) @ U(0, 0, 0) q;',
  'a huge loop': 'qubit q; for int i in [0:1000000000000] { U(0, 0, 0) q; }',
  'nested empty loops': 'qubit q; for int i in [0:999999] { for int j in [0:999999] { } }',
  'gates that double each other': `gate g0 a { U(0, 0, 0) a; }\n${doubling}\nqubit q; g60 q;`,
  'empty gates that double each other': `gate g0 a { }\n${doubling}\nqubit q; g60 q;`,
  'a tower of symbolic parameters': `gate g0(t) a { U(t, 0, 0) a; }\n${tower}\ninput float t; qubit q; g3000(t) q;`,
  'a huge hardware qubit': 'reset $99999999999999999999;',
  'many errors': many('§ x y z ('),
  'an endless comment': `/*${many('/*')}`,
  'a huge bit string': `bit b = "${'01'.repeat(2_000_000)}";`,
  'a huge array': 'array[int, 65536, 65536, 65536] a;',
  'many dimensions': 'array[int, 1, 1, 1, 1, 1, 1, 1, 1] a;',
  'a subroutine of too many qubits': 'def f(qubit[4096] a, qubit b) { } qubit q;',
  'deep calls of a subroutine': `def f(int a) -> int { return a; } qubit q; int x = ${'f('.repeat(300)}1${')'.repeat(300)};`,
  'a huge annotation': `@a${'.b'.repeat(2_000_000)}`,
  'an endless string': `include "${many('a')}`,
};

for (const [title, source] of Object.entries(HOSTILE)) {
  test(`hostile program: ${title}`, () => {
    check(source);
    assert.equal(lowerSource(source).program === undefined, title !== 'empty gates that double each other');
  });
}
