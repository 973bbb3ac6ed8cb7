import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instruction, Program, QubitOperand, Variable } from './ir.ts';
import { metricsOf } from './metrics.ts';
import { BELL, equals, GHZ, gate, measure, program, TELEPORT } from './testing/circuits.ts';
import { activeQubits } from './walk.ts';

test('the metrics of a Bell circuit', () => {
  assert.deepEqual(metricsOf(BELL), {
    qubits: 2,
    activeQubits: 2,
    bits: 2,
    depth: 3,
    gates: { cx: 1, h: 1 },
    gateCount: 2,
    twoQubitGates: 1,
    measurements: 2,
    parameters: [],
    dynamic: false,
  });
});

test('gates that read the same input do not wait for each other', () => {
  const theta: Variable = { name: 'theta', type: { kind: 'float', width: 64 }, role: 'input' };
  const turn = (qubit: number): Instruction => gate('rz', [qubit], { kind: 'variable', variable: 0 });
  assert.equal(metricsOf(program(3, [theta], [turn(0), turn(1), turn(2)])).depth, 1);
});

test('depth counts layers; barriers align wires without being one', () => {
  const depth = (...body: Program['body']): number => metricsOf(program(3, [], [...body])).depth;
  assert.equal(depth(), 0);
  assert.equal(depth(gate('h', [0]), gate('h', [1]), gate('h', [2])), 1);
  assert.equal(depth(gate('h', [0]), gate('h', [0]), gate('h', [1])), 2);
  const barrier = { kind: 'barrier', qubits: [0, 1] } as const;
  assert.equal(depth(gate('h', [0]), barrier, gate('h', [1])), 2);
  assert.equal(depth(gate('h', [0]), barrier, gate('h', [2])), 1);
  assert.equal(depth({ kind: 'gphase', angle: 1 }), 0);
  assert.equal(metricsOf(GHZ).depth, 5);
});

test('a conditional block waits for its bits and is one layer', () => {
  // h, cx, cx, h, measure; the corrections wait for one measurement each and for one another; then the last
  // measure.
  assert.equal(metricsOf(TELEPORT).depth, 7);
  const { gates, measurements, dynamic } = metricsOf(TELEPORT);
  assert.deepEqual(
    { gates, measurements, dynamic },
    {
      gates: { cx: 2, h: 2, u: 1, x: 1, z: 1 },
      measurements: 3,
      dynamic: true,
    },
  );
});

test('bits of one register do not wait for each other, the register waits for all of them', () => {
  const c: Program['variables'] = [{ name: 'c', type: { kind: 'bit', width: 2 }, role: 'local' }];
  const late = [gate('h', [1]), gate('h', [1]), measure(0, c), measure(1, c)];
  assert.equal(metricsOf(program(3, c, late)).depth, 3);
  const whole = [...late, { kind: 'if', condition: equals(0, 3), body: [gate('x', [2])] } as const];
  assert.equal(metricsOf(program(3, c, whole)).depth, 4);
  assert.equal(metricsOf(program(3, c, [...whole, measure(0, c)])).depth, 5);
});

test('an operation on a qubit that is chosen at run time waits for all it may choose, and they for it', () => {
  const chosen = { offset: 1, size: 2, index: equals(0, 0) };
  const dynamic = { kind: 'reset', qubit: chosen } as const;
  const c: Program['variables'] = [{ name: 'c', type: { kind: 'bit', width: 1 }, role: 'local' }];
  const depth = (...body: Program['body']): number => metricsOf(program(3, c, body)).depth;
  assert.equal(depth(gate('x', [2]), dynamic, gate('x', [1])), 3);
  assert.equal(depth(gate('x', [0]), dynamic, gate('x', [0])), 2);
});

test('modifiers, blocks and subroutines count; inputs are parameters', () => {
  const body: Program['body'] = [
    { kind: 'gate', gate: 'x', parameters: [], controls: [true, false], qubits: [0, 1, 2] },
    { kind: 'gphase', angle: 1, controls: [true], qubits: [0] },
    {
      kind: 'gate',
      gate: 'rz',
      parameters: [{ kind: 'variable', variable: 0 }],
      controls: [true],
      qubits: [0, 1],
    },
  ];
  const subroutine = { name: 's', parameters: [], locals: [], body: [gate('x', [0])] };
  const input = { name: 'a', type: { kind: 'angle', width: 32 }, role: 'input' } as const;
  const metrics = metricsOf({ ...program(3, [input], body), subroutines: [subroutine] });
  assert.deepEqual(metrics.gates, { 'ctrl @ gphase': 1, 'ctrl @ negctrl @ x': 1, 'ctrl @ rz': 1, x: 1 });
  assert.equal(metrics.gateCount, 4);
  assert.equal(metrics.twoQubitGates, 1);
  assert.deepEqual(metrics.parameters, ['a']);
  assert.equal(metrics.dynamic, true);
});

test('a qubit is active if a gate may act on it, in any block and through any call', () => {
  const flip = (qubits: readonly QubitOperand[]) =>
    ({ kind: 'gate', gate: 'x', parameters: [], qubits }) as const;
  const condition = { kind: 'bool', value: true } as const;
  const index = { kind: 'int', value: 0n, type: { kind: 'uint', width: 8 } } as const;
  const call = {
    kind: 'call',
    subroutine: 0,
    arguments: [{ kind: 'qubits', qubits: [5] }],
  } as const;
  const parameters = [{ kind: 'qubits', offset: 0, size: 1 }] as const;
  const subroutines = [{ name: 'f', parameters, locals: [], body: [] }];
  const active = (...body: Program['body']): number[] =>
    activeQubits({ ...program(8, [], [...body]), subroutines });
  assert.deepEqual(active({ kind: 'measure', qubit: 1 }, { kind: 'reset', qubit: 2 }), []);
  assert.deepEqual(active({ kind: 'if', condition, body: [flip([3])] }, flip([0])), [0, 3]);
  assert.deepEqual(active({ kind: 'while', condition, body: [{ kind: 'box', body: [flip([2])] }] }), [2]);
  assert.deepEqual(active(flip([{ offset: 4, size: 3, index }])), [4, 5, 6]);
  assert.deepEqual(active({ kind: 'evaluate', value: call }), [5]);
});
