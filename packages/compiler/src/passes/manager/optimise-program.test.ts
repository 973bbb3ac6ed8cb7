import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeQubits, type CompileTarget, metricsOf, type Program } from '@qfs/circuit';
import { readProgram } from '../../read-program.ts';
import { writeQasm } from '../../write-qasm.ts';
import { OPTIMISATION_LEVELS } from '../contract.ts';
import { optimiseProgram } from './optimise-program.ts';

const LINE: CompileTarget = {
  name: 'line',
  qubits: 27,
  coupling: Array.from({ length: 26 }, (_, at) => [at, at + 1]),
  directed: false,
  basisGates: ['rz', 'sx', 'x', 'cz'],
};

function programOf(source: string): Program {
  const read = readProgram({
    language: 'openqasm3',
    source: `OPENQASM 3.0;\ninclude "stdgates.inc";\n${source}`,
  });
  assert.ok(read.ok, read.ok ? '' : read.error.message);
  return read.value.program;
}

const FOURIER =
  'qubit[5] q; bit[5] c; ' +
  [0, 1, 2, 3, 4]
    .map(
      (a) =>
        `h q[${a}]; ${[1, 2, 3, 4]
          .filter((b) => a + b < 5)
          .map((b) => `cp(pi / ${2 ** b}) q[${a + b}], q[${a}];`)
          .join(' ')}`,
    )
    .join(' ') +
  ' swap q[0], q[4]; swap q[1], q[3]; c = measure q;';

test('without a target level 0 changes nothing, and other levels keep every qubit where it is', () => {
  const program = programOf('qubit[2] q; h q[0]; h q[0]; cx q[0], q[1]; rz(0.1) q[1]; rz(0.2) q[1];');
  const none = optimiseProgram(program, { level: 0 });
  assert.ok(none.ok);
  assert.equal(none.value.program, program);
  assert.deepEqual(none.value.passes, []);
  const one = optimiseProgram(program, { level: 1 });
  assert.ok(one.ok);
  assert.match(writeQasm(one.value.program), /cx q\[0\], q\[1\];\nrz\(0.3\d*\) q\[1\];\n$/);
  assert.equal(one.value.layout, undefined);
});

test('higher levels take fewer two-qubit gates on a device, and reports say what each pass did', () => {
  const program = programOf(FOURIER);
  const gates = OPTIMISATION_LEVELS.map((level) => {
    const optimised = optimiseProgram(program, { level, target: LINE });
    assert.ok(optimised.ok);
    const { passes, program: compiled } = optimised.value;
    const { depth, gateCount, twoQubitGates } = metricsOf(compiled);
    assert.deepEqual(passes.at(-1)?.after, { depth, gates: gateCount, twoQubitGates });
    passes.slice(1).forEach(({ before }, at) => {
      assert.deepEqual(before, passes[at]!.after);
    });
    return twoQubitGates;
  });
  assert.ok(gates[1]! < gates[0]! && gates[2]! < gates[1]! && gates[3]! <= gates[2]!, gates.join(' '));
});

test('few qubits on a large device stay few: the others are left alone', () => {
  const optimised = optimiseProgram(programOf(FOURIER), { level: 3, target: LINE });
  assert.ok(optimised.ok);
  assert.equal(optimised.value.program.qubits, 27);
  assert.ok(activeQubits(optimised.value.program).length <= 7);
});

test('equal programs, options and seeds give equal circuits; seeds may give different ones', () => {
  const written = (seed: number): string => {
    const optimised = optimiseProgram(programOf(FOURIER), { level: 3, target: LINE, seed });
    return optimised.ok ? writeQasm(optimised.value.program) + JSON.stringify(optimised.value.layout) : '';
  };
  assert.equal(written(5), written(5));
});

test('a target that makes no circuits is refused by name', () => {
  const optimised = optimiseProgram(programOf('qubit q; h q;'), {
    level: 1,
    target: { ...LINE, basisGates: ['x', 'cz'] },
  });
  assert.ok(!optimised.ok && optimised.error.code === 'TARGET_INVALID');
  assert.match(
    optimised.error.message,
    /^Nothing can be compiled for line: its basis \(x, cz\) does not make/,
  );
});

test('more qubits than the device has, or has connected, are refused with both numbers', () => {
  const source = 'qubit[3] q; h q[0]; h q[1]; h q[2];';
  const on = (target: CompileTarget) => {
    const optimised = optimiseProgram(programOf(source), { level: 1, target });
    return optimised.ok ? '' : `${optimised.error.code}: ${optimised.error.message}`;
  };
  assert.match(on({ ...LINE, qubits: 2, coupling: [[0, 1]] }), /^CIRCUIT_TOO_LARGE: .* 3 qubits, line has 2/);
  assert.match(
    on({
      ...LINE,
      qubits: 4,
      coupling: [
        [0, 1],
        [2, 3],
      ],
    }),
    /^CIRCUIT_TOO_LARGE: The program uses 3 qubits; only 2 of line are connected/,
  );
  assert.equal(
    on({
      ...LINE,
      qubits: 3,
      coupling: [
        [0, 1],
        [1, 2],
      ],
    }),
    '',
  );
});

test('programs that no device can be laid out for are refused by what stands in the way', () => {
  const refusalOf = (source: string): string => {
    const optimised = optimiseProgram(programOf(source), { level: 1, target: LINE });
    return optimised.ok ? '' : `${optimised.error.code}: ${optimised.error.message}`;
  };
  const early = 'def early(qubit a) -> bit { bit r; r = measure a; if (r) { return r; } x a; return r; } ';
  assert.match(
    refusalOf(`${early} qubit q; bit c; c = early(q);`),
    /^CIRCUIT_NOT_NATIVE: The circuit cannot be compiled for line: the subroutine early is given qubits.*"none"/,
  );
  const many = 'qubit[27] q; int a; int b; ccx q[a], q[b], q[a + 1];';
  assert.match(
    refusalOf(many),
    /^CIRCUIT_NOT_NATIVE: .* the gate ccx chooses a qubit while the program runs/,
  );
});
