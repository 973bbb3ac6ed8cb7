/** A construct runs, is checked and changes nothing, or is refused when it should run. */
export type Treatment = 'executed' | 'checked' | 'refused';

export interface Feature {
  /** Section of the OpenQASM 3 specification. */
  readonly section: string;
  readonly feature: string;
  readonly treatment: Treatment;
  /** A program that shows the feature, behind `HEAD`; it is compiled to see that the row is true. */
  readonly example: string;
  /** `suite: title` of tests behind the row. */
  readonly tests: readonly string[];
}

export const HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\n';

/** Files of the tests that rows name. */
export const SUITES: Readonly<Record<string, string>> = {
  all: 'packages/qasm/src/all-errors.test.ts',
  classical: 'tests/conformance/classical.test.ts',
  compile: 'packages/compiler/src/compile.test.ts',
  control: 'tests/conformance/control.test.ts',
  differential: 'tests/conformance/differential.test.ts',
  execution: 'tests/conformance/execution.test.ts',
  folding: 'tests/conformance/folding.test.ts',
  gates: 'tests/conformance/gates.test.ts',
  grammar: 'tests/conformance/grammar.ts',
  inputs: 'packages/simulator/src/binding.test.ts',
  lexer: 'packages/qasm/src/syntax/lexer.test.ts',
  machine: 'packages/simulator/src/machine.test.ts',
  openqasm2: 'packages/qasm/src/openqasm2/openqasm2.test.ts',
  parser: 'packages/qasm/src/parser/parse.test.ts',
  timing: 'tests/conformance/timing.test.ts',
};

type Row = readonly [feature: string, treatment: Treatment, example: string, tests: readonly string[]];

// biome-ignore format: one feature per line
const SECTIONS: Readonly<Record<string, readonly Row[]>> = {
  'Comments, version, includes': [
    ['line and block comments', 'executed', '// a\n/* b\n */ x q;', ['grammar: program', 'lexer: comments are blanks']],
    ['version 3.0 and 3.1', 'executed', 'x q;', ['grammar: version']],
    ['identifiers of Unicode letters', 'executed', 'angle θ = π / 2; rx(θ) q;', ['grammar: statement', 'parser: columns count characters, not bytes or UTF-16 units']],
    ['"stdgates.inc", and "qfs.inc" of ours', 'executed', 'include "qfs.inc"; x q;', ['grammar: includeStatement', 'gates: every gate is the matrix that the specification gives it']],
  ],
  'Types and casting': [
    ['qubits and registers of qubits', 'executed', 'qubit a; qubit[3] b; x a;', ['grammar: quantumDeclarationStatement', 'control: operands: index sets, slices, concatenations, aliases, indices that are computed']],
    ['hardware qubits `$0`', 'executed', 'cx $0, $1;', ['control: hardware qubits stand beside registers, and inside of subroutines']],
    ['`qreg` and `creg`', 'executed', 'qreg a[2]; creg b[2]; b = measure a;', ['grammar: oldStyleDeclarationStatement']],
    ['bits and registers of bits', 'executed', 'bit[4] c = "0110"; c[1] = 0;', ['machine: bit registers compare as numbers and combine bit by bit', 'classical: slices and index sets']],
    ['`int[n]`, `uint[n]`, with wrap-around', 'executed', 'int[8] k = 127; k += 1;', ['machine: integers wrap at their width, and the wider type wins', 'folding: a constant is what the same expression is when it runs']],
    ['`float[32]`, `float[64]`', 'executed', 'float[32] f = 0.1; float g = f;', ['classical: floats and complex numbers of 32 bits']],
    ['`float` of other widths', 'refused', 'float[16] f;', ['classical: floats and complex numbers of 32 bits']],
    ['`angle[n]`, in units of 2π/2ⁿ', 'executed', 'angle[8] a = pi; a += pi; rx(a) q;', ['machine: floats, complex numbers and angles follow their own rules']],
    ['`complex[float]`', 'executed', 'complex k = 1 + 2im; k *= k;', ['execution: complex numbers', 'classical: floats and complex numbers of 32 bits']],
    ['`bool`', 'executed', 'bool b = true; if (!b) x q;', ['control: conditions: bits, registers beside integers, calls that are given arrays']],
    ['`const` and compile-time values', 'executed', 'const uint n = 2 ** 3; bit[n] c;', ['folding: a constant is what the same expression is when it runs']],
    ['literals of every base, strings of bits, times', 'executed', 'int k = 0xFF + 0b1_0 + 0o7; bit[2] c = "01";', ['grammar: literalExpression', 'lexer: an integer may have QASM_INTEGER_CHARS_MAX characters and no more']],
    ['arrays up to seven dimensions', 'executed', 'array[int[8], 2, 3] a = {{1, 2, 3}, {4, 5, 6}}; a[1][2] = 0;', ['execution: arrays are zero, filled by literals, and copied when assigned', 'execution: bits and integers inside of arrays']],
    ['slices, index sets and run-time indices of arrays', 'executed', 'array[int, 4] a; int k; a[0:1] = a[{k, 3}];', ['classical: slices and index sets', 'execution: elements, slices and sizes of arrays']],
    ['bits of integers and angles', 'executed', 'int[8] k; k[0:3] = "1010";', ['execution: bits of integers and angles are written']],
    ['`let` aliases of qubits, bits and arrays', 'executed', 'bit[3] c; let a = c[0:1]; a = "11"; let b = q[{1, 0}]; x b[0];', ['classical: aliases']],
    ['concatenation `++`', 'executed', 'bit[2] a; bit[4] b; b = a ++ a;', ['classical: concatenations']],
    ['casts, by the table of the specification', 'executed', 'bit[8] c; int[8] k = int[8](c);', ['classical: casts']],
    ['`duration`: arithmetic, comparison, ratios', 'executed', 'duration d = 2 * 10ns; float f = d / 4ns;', ['timing: durations add, compare, scale and have ratios, in whole femtoseconds']],
    ['`stretch`', 'checked', 'stretch gap; delay[gap] q;', ['timing: delays, boxes and stretches have no effect, whatever they depend on']],
  ],
  'Gates': [
    ['`U` and `gphase`, with their global phase', 'executed', 'U(0.1, 0.2, 0.3) q[0]; gphase(pi / 4);', ['gates: every gate is the matrix that the specification gives it', 'gates: a controlled global phase is a phase of its controls']],
    ['definitions of gates, with loops and blocks', 'executed', 'gate g(a) x, y { rx(a) x; for int i in [0:1] { cx x, y; } } g(0.5) q[0], q[1];', ['compile: loops and blocks of gate definitions are unrolled', 'compile: modifiers of definitions are the unitaries that the specification defines']],
    ['`ctrl @`, `negctrl @`, with counts', 'executed', 'ctrl @ s q[0], q[1]; negctrl @ x q[0], q[1];', ['gates: `ctrl @` and `negctrl @` of every gate', 'gates: counts of controls, and controls inside of controls']],
    ['`inv @`, integer `pow(k) @`', 'executed', 'inv @ t q; pow(-3) @ s q;', ['gates: inverses and integer powers of every gate']],
    ['`pow(x) @` of other exponents: principal branch', 'executed', 'pow(0.5) @ x q; pow(1 / 3) @ swap q[0], q[1];', ['gates: powers of gates on one qubit that are no integers, also inside of other modifiers', 'gates: powers of gates on up to four qubits that are no integers']],
    ['parameters and powers known when the program runs', 'executed', 'input float theta; ctrl @ rx(theta) q[0], q[1];', ['gates: modifiers of gates whose parameters or powers are only known when the program runs']],
    ['fractional powers of several parts with parameters of the run', 'refused', 'input float theta; gate g(a) x { rx(a) x; ry(a) x; } pow(0.5) @ g(theta) q[0];', ['gates: a fractional power of a gate of several parts needs their parameters when the program is compiled']],
    ['broadcasting over registers', 'executed', 'qubit[2] r; cx q, r; h q;', ['gates: registers and single qubits are broadcast together, under modifiers as well']],
    ['durations of gates `x[20ns] q`', 'checked', 'x[20ns] q;', ['grammar: gateCallStatement']],
  ],
  'Quantum instructions': [
    ['`measure`, of registers and with `->`', 'executed', 'bit[2] c; c = measure q; measure q[0] -> c[1];', ['grammar: measureArrowAssignmentStatement', 'execution: a subroutine returns what it measures']],
    ['`reset`', 'executed', 'reset q; reset q[0];', ['grammar: resetStatement']],
    ['`barrier`', 'executed', 'barrier; barrier q[0], q[1];', ['grammar: barrierStatement']],
    ['qubits at indices that are computed', 'executed', 'int k; x q[k];', ['control: operands: index sets, slices, concatenations, aliases, indices that are computed', 'control: a qubit is used once by an operation, known or not']],
  ],
  'Classical instructions': [
    ['arithmetic, comparison, logic, shifts, bits', 'executed', 'int k = 7; k = k % 3 + (k << 2) & 5 | 1; bool b = k >= 2 && k != 3;', ['classical: operators', 'folding: a constant is what the same expression is when it runs']],
    ['assignment with an operator', 'executed', 'int k = 2; k **= 3; k -= 1;', ['grammar: assignmentStatement']],
    ['built-in functions', 'executed', 'float f = sin(0.5) + sqrt(2) + mod(5, 3); bit[4] c = rotl("0110", 1); uint n = popcount(c);', ['classical: built-in functions']],
    ['`sizeof`', 'executed', 'array[int, 3] a; uint n = sizeof(a);', ['execution: elements, slices and sizes of arrays', 'classical: array parameters']],
    ['`if`, `else`', 'executed', 'bit c; c = measure q[0]; if (c) { x q[1]; } else z q[1];', ['control: conditions: bits, registers beside integers, calls that are given arrays']],
    ['`for` over ranges, sets, arrays and registers', 'executed', 'for int i in [0:2:6] { rx(i) q; } for uint k in {1, 5} { rz(k) q; }', ['control: loops over ranges: steps, empty ranges, bounds that are computed once', 'control: loops over sets, arrays, parts of arrays and registers']],
    ['`while`', 'executed', 'int k; while (k < 3) { k += 1; x q; }', ['control: break, continue, return and end leave what they stand in']],
    ['`break`, `continue`, `end`', 'executed', 'while (true) { bit c; c = measure q[0]; if (c) break; x q[0]; } end;', ['control: break, continue, return and end leave what they stand in']],
    ['`switch`, several values in a case', 'executed', 'int k = 3; switch (k) { case 1, 2 { x q; } default { z q; } }', ['control: a switch takes the case of its value, one of several, or the default']],
    ['`extern` functions', 'refused', 'extern f(int[8]) -> bit; ', ['control: what cannot run is refused with its reason, and accepted where only the syntax is asked for']],
  ],
  'Subroutines': [
    ['parameters by value, results, locals', 'executed', 'def f(int k) -> int { return k + 1; } int m = f(2);', ['execution: values are passed by value', 'execution: locals are fresh in every call']],
    ['qubits as parameters', 'executed', 'def f(qubit a, qubit[2] b) -> bit { cx b[0], b[1]; return measure a; } qubit r; bit c; c = f(r, q);', ['execution: a subroutine acts on the qubits it is given', 'machine: a subroutine acts on the qubits and the variables it is given']],
    ['`readonly` and `mutable` arrays, `#dim`', 'executed', 'def f(mutable array[int, #dim = 1] a) { a[0] = sizeof(a); } array[int, 3] b; f(b);', ['classical: array parameters', 'execution: subroutines change arrays they are given']],
    ['results on every path; without any it is an error, and reaching the end of one ends the shot', 'executed', 'def f(int k) -> int { if (k > 0) return 1; return 2; } int m = f(2);', ['classical: No path through `f` returns its value.']],
    ['recursion, to a bounded depth', 'executed', 'def f(int k) -> int { if (k <= 1) return 1; return k * f(k - 1); } int m = f(5);', ['execution: a subroutine may call itself', 'control: calls nest as deep as EXECUTION_DEPTH_MAX lets them']],
    ['calls inside of expressions, indices, conditions', 'executed', 'def f(qubit a) -> int { x a; return 1; } x q[f(q[0])];', ['execution: calls in arguments are made with the call, and only if it is made', 'execution: a call in a parameter or index happens once']],
  ],
  'Scoping': [
    ['scopes of blocks; shadowing', 'executed', 'int k = 1; { int k = 2; k += 1; } k = 3;', ['grammar: scope', 'differential: random programs leave behind in every shot what the reference interpreter says']],
    ['subroutines see constants, gates and subroutines alone', 'executed', 'const int n = 2; def f() -> int { return n; } int k = f();', ['execution: a subroutine may call an earlier one, with run-time qubits']],
  ],
  'Input and output': [
    ['`input`, bound by every job', 'executed', 'input float theta; input uint[4] n; rx(theta * n) q;', ['inputs: inputs take values of their type and nothing else', 'inputs: a bound parameter gives the same bytes as the same number written in the program']],
    ['durations as inputs, in seconds', 'executed', 'input duration d; bool b = d > 10ns;', ['timing: a duration that is an input is bound in seconds']],
    ['arrays as inputs and outputs', 'executed', 'input array[float, 3] theta; output array[int, 2] r; r[0] = 1; rx(theta[2]) q;', ['classical: arrays as inputs and outputs, bound by lists']],
    ['`output`', 'executed', 'output int r; r = 2;', ['execution: values are passed by value']],
  ],
  'Directives': [
    ['pragmas', 'checked', 'pragma vendor anything\n', ['grammar: pragma']],
    ['annotations', 'checked', '@note anything\nx q;', ['grammar: annotation']],
  ],
  'Timing': [
    ['`delay`', 'checked', 'delay[20ns] q;', ['timing: delays, boxes and stretches have no effect, whatever they depend on']],
    ['`box`', 'checked', 'box[100ns] { x q; delay[10ns] q; }', ['timing: delays, boxes and stretches have no effect, whatever they depend on']],
    ['`durationof`', 'executed', 'duration d = durationof({ delay[20ns] q; });', ['timing: delays have a length that can be asked for']],
    ['results that depend on `dt` or on the length of a gate', 'refused', 'output bool r; r = durationof({ x q; }) > 10ns;', ['timing: what depends on a length that only a device knows is refused, with the reason']],
  ],
  'Pulses': [
    ['`defcalgrammar`', 'refused', 'defcalgrammar "openpulse";', ['control: what cannot run is refused with its reason, and accepted where only the syntax is asked for']],
    ['`cal`', 'refused', 'cal { frame f; }', ['control: what cannot run is refused with its reason, and accepted where only the syntax is asked for']],
    ['`defcal`', 'refused', 'defcal x $0 { play(f, 1); }', ['control: what cannot run is refused with its reason, and accepted where only the syntax is asked for']],
  ],
};

/** Every feature of the language, in the order of its specification. */
export const FEATURES: readonly Feature[] = Object.entries(SECTIONS).flatMap(([section, rows]) =>
  rows.map(([feature, treatment, example, tests]) => ({ section, feature, treatment, example, tests })),
);
