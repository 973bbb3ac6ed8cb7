import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { validateSource } from '@qfs/compiler';
import { parseSource, printProgram } from '@qfs/qasm';

/*
 * The corpus of the OpenQASM project lies outside of this repository. Programs that the specification's own grammar
 * names but the corpus at hand may lack are listed below as well.
 */
const corpus = process.env.QFS_OPENQASM_CORPUS ?? '';
const skip =
  existsSync(join(corpus, 'examples')) && corpus !== '' ? false : 'QFS_OPENQASM_CORPUS names no corpus';

const filesUnder = (folder: string, ending: string): string[] =>
  readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => join(folder, file));

const read = (file: string): string => readFileSync(join(corpus, file), 'utf8');

/** The block scalar under `source:` of a reference file. */
function sourceOf(yaml: string): string {
  const lines = yaml.split('\n');
  const from = lines.findIndex((line) => line.startsWith('source:'));
  const indented = lines.slice(from + 1);
  const end = indented.findIndex((line) => line !== '' && !/^\s/.test(line));
  const block = end === -1 ? indented : indented.slice(0, end);
  const indent = /^ */.exec(block.find((line) => line.trim() !== '') ?? '')![0].length;
  return block.map((line) => line.slice(indent)).join('\n');
}

function rejections(source: string): string[] {
  return parseSource(source).diagnostics.map((d) => `${d.line}:${d.column} ${d.message}`);
}

/** Parses, prints, parses and prints: no findings, and the same text. */
function assertAccepted(title: string, source: string): void {
  assert.deepEqual(rejections(source), [], title);
  const printed = printProgram(parseSource(source).ast);
  assert.deepEqual(rejections(printed), [], `${title}, printed`);
  assert.equal(printProgram(parseSource(printed).ast), printed, `${title}, printed twice`);
}

test('every example of the corpus is accepted', { skip }, (t) => {
  const files = filesUnder('examples', '.qasm');
  assert.ok(files.length > 0);
  for (const file of files) assertAccepted(file, read(file));
  t.diagnostic(`${files.length} of ${files.length} examples accepted`);
});

test('every reference source of the corpus is accepted', { skip }, (t) => {
  const files = filesUnder('reference', '.yaml');
  assert.ok(files.length > 0);
  for (const file of files) assertAccepted(file, sourceOf(read(file)));
  t.diagnostic(`${files.length} of ${files.length} reference sources accepted`);
});

test('every invalid line of the corpus is rejected with a place', { skip }, (t) => {
  const lines = filesUnder('invalid', '.qasm').flatMap((file) =>
    read(file)
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('//')),
  );
  assert.ok(lines.length > 0);
  for (const line of lines) {
    const { diagnostics } = parseSource(line);
    assert.ok(
      diagnostics.some(({ severity, column }) => severity === 'error' && column >= 1),
      line,
    );
  }
  t.diagnostic(`${lines.length} of ${lines.length} invalid lines rejected`);
});

/** What becomes of the examples beyond the grammar: `runs`, or the reason why not. */
const VERDICTS: Readonly<Record<string, string>> = {
  'adder.qasm': 'runs',
  // It declares `first_dimension` twice.
  'arrays.qasm': 'QASM_SEMANTIC',
  'defcal.qasm': 'QASM_UNSUPPORTED',
  'qft.qasm': 'runs',
  'rb.qasm': 'runs',
  'teleport.qasm': 'runs',
  // It applies a subroutine without parentheses, as an early draft of the language did.
  'vqe.qasm': 'QASM_SEMANTIC',
};

test('the examples have the semantic verdicts of the table', { skip }, (t) => {
  const known = filesUnder('examples', '.qasm').filter((file) =>
    Object.hasOwn(VERDICTS, file.slice('examples/'.length)),
  );
  const verdicts = known.map((file) => {
    const verdict = validateSource({ language: 'openqasm3', source: read(file), level: 'semantic' });
    return [file.slice('examples/'.length), verdict.executable ? 'runs' : verdict.reason];
  });
  assert.deepEqual(Object.fromEntries(verdicts), VERDICTS);
  t.diagnostic(
    `${verdicts.filter(([, verdict]) => verdict === 'runs').length} of ${verdicts.length} examples run`,
  );
});

// biome-ignore format: one group of constructs per line
const ACCEPTED: readonly string[] = [
  'OPENQASM 3;', 'OPENQASM 3.1; qubit q;', '', '// nothing\n/* at all */', 'include "a";', "include 'b.inc';",
  'qubit q; qubit[2] r; qreg a; qreg b[2]; creg c; creg d[3]; bit e; bit[n] f = "01";',
  'int i; uint[8] u = 1; float f = .5; float[32] g = 1e3; angle a; angle[20] b = pi; bool t = true; complex z; complex[float[64]] y = 1 + 2.5im; duration l = 10ns; stretch s;',
  'const int n = 2; input int a; output angle[3] b; input array[int, 3] x; output complex[float] z;',
  'array[int[8], 2, 3] a = {{1, 2, 3}, {4, 5, 6},}; array[bit, 1] b = {}; array[float, n + 1] c = d;',
  'bit b = measure q; const bit c = measure q; b = measure q[0]; measure q -> b[0]; measure $0;',
  'let a = b; let a = b[0:2] ++ c[{1, 2}] ++ $3; let a = b[:]; let a = b[1:]; let a = b[:2]; let a = b[-1:-2:0];',
  'a[0][1] = 2; a[0, 1:2] = b; a[{0, 1}] = 3; a += 1; a -= 1; a *= 1; a /= 1; a &= 1; a |= 1; a ~= 1; a ^= 1; a <<= 1; a >>= 1; a %= 1; a **= 2;',
  'gate g q { } gate h() q { x q; } gate k(a, b,) q, r, { U(a, b, 0) q; gphase(a); for int i in [0:1] { x q; } }',
  'x q; x q,; x q[0], r; U(0, 0, 0) $0; rx(pi / 2,) q; x[20ns] q; rx(a)[2 * b] q; gphase(pi); gphase(pi) q; ctrl @ gphase(1) q;',
  'inv @ x q; pow(2) @ x q; pow(-1./2.) @ x q; ctrl @ ctrl(2) @ negctrl @ negctrl(3) @ inv @ x a, b, c;',
  'def f() { } def f(int a, bit[2] b, qubit q, qubit[3] r, creg c, creg d[2], qreg e[2],) -> bit { return measure q; }',
  'def f(readonly array[int[8], 2, 3] a, mutable array[float, #dim = 2] b) { return; }',
  'extern f() -> int; extern f(int, float[32], creg, creg[3], readonly array[int, #dim = 1],); f(1, 2,); f();',
  'if (a) x q; if (a) { } else { } if (a) x q; else if (b) y q; else { z q; }',
  'for int i in [0:2] x q; for uint[3] i in [a:2:b] { } for float f in {1.0, 2,} { } for bit b in c { break; continue; } for int i in c[0:2] { }',
  'while (i < 3) { i += 1; } while (true) x q; switch (i) { } switch (i) { case 1 { } case 2, n + 1, { x q; } default { } }',
  'box { x q; } box[100ns] { delay[20ns] q; } delay[a]; delay[10dt] q, $1; nop; nop q; barrier; barrier q, r[0]; reset q; reset $1; end;',
  'cal { anything { nested } "at all } cal { }', 'defcalgrammar "openpulse"; defcal x $0 { play(); } defcal rz(angle[20] t, pi / 2) q -> bit { { } } defcal measure $0 -> bit { } defcal reset $0 { } defcal delay(duration d) q { }',
  'pragma vendor a b c\n#pragma x\npragma\n', '@a\nx q;\n@a.b.c rest of the line ; }\n@d\nint i;',
  'a; 1 + 2; f(x)[3]; int[8](x) + 1; bit[4](a)[2]; array[int, 2](x); sizeof(a, 1); durationof({ x q; }) * 2; -a ** 2; !b && ~c || d; 2im; "01"; $0; 1_000; 0XfF; 0O17; 0B1_0; 3 µs; (pow(2, 3)); x = pow(2, 3);',
  '{ { x q; } } int θ = 2; x Ψ;',
];

test('what the grammar allows is accepted', (t) => {
  for (const source of ACCEPTED) assertAccepted(source, source);
  t.diagnostic(`${ACCEPTED.length} programs accepted`);
});

// biome-ignore format: one group of constructs per line
const REJECTED: readonly string[] = [
  'OPENQASM 2.0;', 'OPENQASM 4;', 'OPENQASM;', 'qubit q; OPENQASM 3.0;', 'include a;', 'x', 'x q', 'x q r;', 'qubit[] q;', 'bit[2] a, b;', 'const int n;',
  'const array[int, 2] a = {1, 2};', 'input int a = 2;', 'let a;', 'let a = b + ;', 'let a = measure q;', 'a + b = 3;', 'f(x) = 3;', '2 = a;', 'a = {1, 2};', 'a == ;',
  'gate g { }', 'gate g(a) { }', 'gate g(2) q { }', 'gate g q x q;', 'def f { }', 'def f(a) { }', 'def f(int) { }', 'def f(array[int, 2] a) { }', 'extern f;', 'extern f(int a);', 'extern f(qubit);',
  'if a { }', 'if (a)', 'if () x q;', 'else x q;', 'switch (a) { x q; }', 'switch (a) { case { } }', 'switch (a) case 1 { }', 'switch (a) { case 1 x q; }', 'for i in [0:1] { }', 'for int i [0:1] { }', 'for int i in [0] { }', 'for int i in {} { }',
  'box [ ] { }', 'box x q;', 'delay q;', 'delay[] q;', 'reset;', 'reset a, b;', 'measure;', 'measure a, b;', 'measure q -> $0;', 'x measure q;', 'return measure;', 'cal x;', 'defcal x { }', 'defcalgrammar;',
  '{', '}', '(', 'a[', 'a[];', 'a[1:2:3:4];', 'a[{}];', 'f(,);', '1 +;', '* 2;', '!;', 'a ? b : c;', 'a ++ b;', '@a', '@a }', '@a { }', '@a\npragma x', '$ q;', '"ab";', '1ns2;', '0x;', '1__0;', 'int[8] measure;', 'ctrl x q;', 'ctrl @;', 'pow() @ x q;', 'inv(2) @ x q;', 'break', 'break 2;', '/* never closed', 'cal { never closed',
];

test('what the grammar does not allow is rejected with a place', (t) => {
  const isAccepted = (source: string): boolean =>
    parseSource(source).diagnostics.every(({ severity }) => severity !== 'error');
  assert.deepEqual(REJECTED.filter(isAccepted), []);
  t.diagnostic(`${REJECTED.length} programs rejected`);
});
