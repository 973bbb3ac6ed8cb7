/** Programs of any length, the same text for the same arguments, to measure the reader of OpenQASM with. */
const HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';
const QUBITS = 32;

const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');

/** Gates alone, as exporters write them: three quarters with parameters or two qubits. */
function flat(gates: number): string {
  const gate = (at: number): string => {
    const a = (at * 7) % QUBITS;
    const b = (a + 1 + (at % (QUBITS - 1))) % QUBITS;
    if (at % 4 === 0) return `h q[${a}];`;
    if (at % 4 === 1) return `rz(${(at % 997) / 128}) q[${a}];`;
    return at % 4 === 2 ? `cx q[${a}], q[${b}];` : `rx(pi / ${1 + (at % 16)}) q[${b}];`;
  };
  return `${HEAD}qubit[${QUBITS}] q;\nbit[${QUBITS}] c;\n${lines(gates, gate)}\nc = measure q;\n`;
}

/** Definitions of eight statements, each called once. */
function subroutines(statements: number): string {
  const definition = (at: number): string =>
    [
      `def part${at}(qubit a, qubit b, float[64] t) -> bit {`,
      `  int[32] n = ${at % 100};\n  h a;\n  rz(t / 2) b;\n  cx a, b;`,
      '  if (n > 50) { x b; }\n  n += 3;\n  bit r = measure a;\n  return r;\n}',
      `c[${at % QUBITS}] = part${at}(q[${at % QUBITS}], q[${(at + 1) % QUBITS}], ${at % 7}.5);`,
    ].join('\n');
  return `${HEAD}qubit[${QUBITS}] q;\nbit[${QUBITS}] c;\n${lines(Math.ceil(statements / 12), definition)}\n`;
}

/** Loops over constants with four gates and ten rounds each; statements are counted by their rounds. */
function loops(statements: number): string {
  const loop = (at: number): string =>
    [
      `for int i in [0:9] {\n  h q[i];\n  cx q[i], q[i + 1];\n  rz(i * 0.125 + ${at % 10}) q[i + 2];`,
      '  if (i % 2 == 0) { x q[i]; }\n}',
    ].join('\n');
  return `${HEAD}qubit[${QUBITS}] q;\n${lines(Math.ceil(statements / 45), loop)}\n`;
}

/** Classical statements: integers, floats, bits, arrays. */
function expressions(statements: number): string {
  const statement = (at: number): string => {
    if (at % 4 === 0) return `n = (n * ${at % 31} + m - ${at % 17}) % 1021;`;
    if (at % 4 === 1) return `f = sin(f) * ${at % 13}.25 + float[64](n) / (1.0 + f * f);`;
    return at % 4 === 2 ? `if ((n & 7) == ${at % 8} || c[${at % 8}]) m -= n << 2;` : `a[${at % 64}] = m ^ n;`;
  };
  const declarations =
    'qubit q;\nbit[8] c;\nint[32] n = 1;\nint[32] m = 2;\nfloat[64] f = 0.5;\narray[int[32], 64] a;\n';
  return `${HEAD}${declarations}${lines(statements, statement)}\n`;
}

/** By name, each of about so many statements, where the rounds of loops count. */
export const PROGRAMS: Readonly<Record<string, (statements: number) => string>> = {
  flat,
  subroutines,
  loops,
  expressions,
};
