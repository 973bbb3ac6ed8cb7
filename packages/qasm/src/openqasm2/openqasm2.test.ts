import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Program } from '@qfs/circuit';
import { lowerSource, parseSource, printProgram, renderDiagnostics } from '../index.ts';

function lowered(source: string, dialect: 'openqasm3' | 'openqasm2'): Program {
  const { program, diagnostics } = lowerSource(source, dialect);
  assert.ok(program, `${source}\n${renderDiagnostics(source, diagnostics)}`);
  return program;
}

const OLD = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n';
const NEW = 'OPENQASM 3.0;\ninclude "stdgates.inc";\ninclude "qfs.inc";\n';

/** A program of OpenQASM 2 and one of OpenQASM 3 that means the same. */
// biome-ignore format: one program per line
const SAME: readonly (readonly [string, string, string])[] = [
  ['registers, gates on all of their qubits, and measurements of all of them', 'qreg q[2]; qreg w[2]; creg c[2]; h q; cx q, w; cx q[0], w; barrier q, w[1]; measure q -> c; measure w[0] -> c[1]; reset w;', 'qreg q[2]; qreg w[2]; creg c[2]; h q; cx q, w; cx q[0], w; barrier q, w[1]; c = measure q; c[1] = measure w[0]; reset w;'],
  ['the gates that need no file', 'qreg q[2]; U(pi/2, 0, pi) q[0]; CX q[0], q[1];', 'qreg q[2]; u3(pi/2, 0, pi) q[0]; cx q[0], q[1];'],
  ['every number is real, and ^ is the power', 'qreg q[1]; rx(1/2) q; rx(7/2*2) q; rx(-2^2) q; rx(2^3^0) q; rx(3-2-1) q; rx(1.5e-1) q; rx((1+1)/4) q;', 'qreg q[1]; rx(0.5) q; rx(7.0) q; rx(-4.0) q; rx(2.0) q; rx(0.0) q; rx(0.15) q; rx(0.5) q;'],
  ['functions', 'qreg q[1]; u3(sin(pi/3), cos(1), tan(1)) q; u3(exp(1), ln(2), sqrt(2)) q; u3(asin(1), acos(0), atan(1)) q;', 'qreg q[1]; u3(sin(pi/3), cos(1), tan(1)) q; u3(exp(1), log(2), sqrt(2)) q; u3(arcsin(1), arccos(0), arctan(1)) q;'],
  ['a condition compares a whole register', 'qreg q[1]; creg c[2]; creg d[1]; if(c==2) x q[0]; if (d == 1) measure q -> d; if(c==0) reset q; if (c == 4) x q[0];', 'qreg q[1]; creg c[2]; creg d[1]; if (c == 2) { x q[0]; } if (d == 1) { measure q -> d; } if (c == 0) { reset q; } if (c == 4) { x q[0]; }'],
  ['gate definitions', 'gate g(a, b) x1, x2 { rx(a/2) x1; barrier x1, x2; cu3(b, -a, 0) x1, x2; } gate e() a { } qreg q[2]; g(pi, 1) q[1], q[0]; e() q[0];', 'gate g(a, b) x1, x2 { rx(a/2) x1; cu(b, -a, 0, 0) x1, x2; } qreg q[2]; g(pi, 1) q[1], q[0];'],
  ['words of OpenQASM 3 are names', 'gate box a { x a; } opaque delay(t) a; qreg in[2]; creg bit[2]; box in[1]; measure in -> bit;', 'qreg in_[2]; creg bit_[2]; x in_[1]; measure in_ -> bit_;'],
  ['the names of the file may get another meaning', 'creg x[1]; creg z[2]; gate swap a, b { cx a, b; cx b, a; cx a, b; } gate rzz(t) a, b { cx a, b; u1(t) b; cx a, b; } qreg p[2]; swap p[0], p[1]; rzz(1) p[0], p[1];', 'creg x_[1]; creg z_[2]; qreg p_[2]; cx p_[0], p_[1]; cx p_[1], p_[0]; cx p_[0], p_[1]; cx p_[0], p_[1]; p(1) p_[1]; cx p_[0], p_[1];'],
  ['a register may be called like a gate', 'qreg x[1]; creg z[1]; x x; gate g a { z a; } g x[0]; measure x -> z; if(z==1) z x[0];', 'qreg x_[1]; creg z_[1]; x x_; z x_[0]; measure x_ -> z_; if (z_ == 1) { z x_[0]; }'],
  ['a global phase, which is no part of it', 'qreg q[1]; gphase(-pi/2) ; gphase(pi) q[0]; gate g(a) b { gphase(a); x b; } g(1) q;', 'qreg q[1]; gphase(-pi/2); gphase(pi); gphase(1); x q;'],
  ['an opaque gate that is not used', 'opaque magic(a, b) x1, x2; qreg q[1]; x q;', 'qreg q[1]; x q;'],
];

/** The program with the names of its registers made comparable. */
const nameless = (program: Program): Program => ({
  ...program,
  qubitRegisters: program.qubitRegisters.map((register) => ({ ...register, name: 'q' })),
  variables: program.variables.map((variable) => ({ ...variable, name: 'c' })),
});

for (const [title, old, current] of SAME) {
  test(`OpenQASM 2: ${title}`, () => {
    const expected = nameless(lowered(NEW + current, 'openqasm3'));
    assert.deepEqual(nameless(lowered(OLD + old, 'openqasm2')), expected);
  });
}

/** Lines of OpenQASM 2 that are wrong, with what is said about each. */
// biome-ignore format: one line per row
const WRONG: readonly (readonly [string, string])[] = [
  ['qubit[2] a;', '`qubit` is a word of OpenQASM 3, and this program is OpenQASM 2. (write `qreg name[n];`, or `OPENQASM 3.0;` at the top)'],
  ['bit b;', '`bit` is a word of OpenQASM 3, and this program is OpenQASM 2. (write `creg name[n];`, or `OPENQASM 3.0;` at the top)'],
  ['ctrl @ x q[0];', '`ctrl` is a word of OpenQASM 3, and this program is OpenQASM 2. (write `OPENQASM 3.0;` at the top to use it)'],
  ['c = measure q;', 'Expected the qubits of a gate, found `=`. (OpenQASM 2 writes a measurement as `measure q -> c;`)'],
  ['if (c[0] == 1) x q[0];', 'Expected `==`, found `[`. (OpenQASM 2 compares whole registers; put the bit into a register of its own)'],
  ['if (c == 1) { x q[0]; }', 'Expected one operation, found `{`. (OpenQASM 2 has no blocks: repeat the condition before every operation)'],
  ['if (c == -1) x q[0];', 'Expected the integer that the register is compared with, found `-`.'],
  ['x q[0:1];', 'Expected `]` after the index, found `:`.'],
  ['x q[-1];', 'Expected an index, which OpenQASM 2 writes as an integer, found `-`.'],
  ['if (c == 9…9) x q[0];', 'The integer has 5000 characters; at most 4096 are read. (shorten it; loops, gates and subroutines say much in few words)'],
  ['x q[3];', 'Index 3 is out of range for size 3. (use 0 to 2)'],
  ['measure q;', 'Expected `->` and the bits that take the outcomes, found `;`.'],
  ['measure q -> d;', '`d` is not declared.'],
  ['qreg r;', 'Expected `[` and the size of the register, found `;`.'],
  ['qreg r[n];', 'Expected the size of the register, an integer, found `n`.'],
  ['gate g a { x a; } gate g a { y a; }', '`g` is declared already.'],
  ['rx(true) q[0];', '`true` is not declared.'],
  ['rx(pow(2, 3)) q[0];', '`pow` is no function of OpenQASM 2. (its functions are sin, cos, tan, exp, ln, sqrt, asin, acos, atan)'],
  ['rx(1 % 2) q[0];', 'OpenQASM 2 computes with real numbers alone. (its operators are + - * / ^)'],
  ['if (q == 1) x q[0];', '`q` is a qubit or qubit register, not a classical value. (measure it first: `bit c = measure q;`)'],
  ['rx(1/0) q[0];', 'This has no value: division by zero.'],
  ['magic(1) q[0];', 'The opaque gate `magic` cannot be executed. (the program can be checked with level "syntax")'],
  ['gate g a { measure a -> c; }', 'Expected a gate, found `measure`. (a gate definition may only contain gates)'],
  ['gate g a { x a[0]; }', '`a` is a single qubit and has no elements.'],
  ['include "stdgates.inc";', 'The file "stdgates.inc" is not built in. (OpenQASM 2 has its gates in "qelib1.inc")'],
  ['x $0;', 'Expected a qubit or a register of qubits, found `$0`.'],
  ['barrier;', 'Expected a qubit or a register of qubits, found `;`.'],
  ['x q[0x1];', 'Expected an index, which OpenQASM 2 writes as an integer, found `0x1`.'],
];

const messages = (source: string): string[] =>
  lowerSource(source, 'openqasm2')
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`));

const DECLARED = `${OLD}opaque magic(a) b;\nqreg q[3];\ncreg c[3];\n`;

for (const [line, message] of WRONG) {
  test(`OpenQASM 2 refuses: ${line}`, () => {
    assert.deepEqual(messages(DECLARED + line.replace('9…9', '9'.repeat(5000))), [message]);
  });
}

test('the gates of the file need its inclusion', () => {
  const [finding] = lowerSource('OPENQASM 2.0; qreg q[1]; h q;', 'openqasm2').diagnostics;
  assert.equal(finding?.hint, 'add `include "qelib1.inc";` at the top');
  const [other] = lowerSource('include "qelib1.inc"; qubit q;').diagnostics;
  assert.match(other?.hint ?? '', /the file of OpenQASM 2/);
  const [old] = lowerSource('include "stdgates.inc"; qubit[2] q; cu1(1) q[0], q[1];').diagnostics;
  assert.equal(old?.hint, 'a gate of OpenQASM 2, whose programs begin with `OPENQASM 2.0;`');
});

test('a program is printed as OpenQASM 2 that reads as the same tree', () => {
  const source = `${OLD}gate g(a, b) in, x1 { rx(-a^2*3) in; u1(2^b^ln(a)) x1; barrier in, x1; }\nopaque m(a) x1;
qreg q[2]; creg c[2]; g(asin(1)/2, pi) q[0], q[1]; if(c==1) rz((1+2)^2) q[0]; measure q -> c; reset q[1];`;
  const printed = printProgram(parseSource(source, 'openqasm2').ast);
  const lines = printed.split('\n');
  assert.deepEqual(lines.slice(2, 5), [
    'gate g(a, b) in, x1 {',
    '  rx(-a ^ 2.0 * 3.0) in;',
    '  u1(2.0 ^ b ^ ln(a)) x1;',
  ]);
  assert.equal(lines[11], 'if (c == 1) rz((1.0 + 2.0) ^ 2.0) q[0];');
  assert.equal(printProgram(parseSource(printed, 'openqasm2').ast), printed);
  assert.deepEqual(
    lowered(printed.replace(/^opaque.*$/m, ''), 'openqasm2').body,
    lowered(source, 'openqasm2').body,
  );
});

test('all errors of a program are reported at once', () => {
  const lines = WRONG.slice(0, 8).map(([line]) => line);
  assert.deepEqual(
    messages(DECLARED + lines.join('\n')),
    WRONG.slice(0, 8).map(([, message]) => message),
  );
});

test('the header says which version is read, and a note says so if the request said another', () => {
  const codes = (source: string, dialect: 'openqasm3' | 'openqasm2'): string[] =>
    lowerSource(source, dialect).diagnostics.map(({ code, severity }) => `${severity} ${code}`);
  assert.deepEqual(codes('OPENQASM 2.0;\nqreg q[1];', 'openqasm3'), ['note QASM_OTHER_VERSION']);
  assert.deepEqual(codes('OPENQASM 3.0;\nqubit q;', 'openqasm2'), ['note QASM_OTHER_VERSION']);
  assert.deepEqual(codes('OPENQASM 2;\nqreg q[1];', 'openqasm2'), []);
  assert.deepEqual(codes('qreg q[1];', 'openqasm2'), []);
  assert.deepEqual(codes('qubit q;', 'openqasm3'), []);
  assert.deepEqual(codes('qubit q;', 'openqasm2'), ['error QASM_UNEXPECTED_TOKEN']);
});
