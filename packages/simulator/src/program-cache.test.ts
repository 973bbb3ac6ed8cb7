import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Expression, type Observable, type Variable, writeAqo } from '@qfs/circuit';
import type { EngineItem } from './engine-contract.ts';
import { ProgramCache } from './program-cache.ts';
import { DEFAULT_OPTIONS, simulate } from './simulate.ts';
import { BELL, bits, gate, item, measure, program, teleport } from './testing/programs.ts';

const theta: Variable = { name: 'theta', type: { kind: 'float', width: 64 }, role: 'input' };
const angle: Expression = { kind: 'variable', variable: 0 };
const ANSATZ = program(
  3,
  [theta, bits('c', 2)],
  [
    gate('h', [0]),
    gate('ry', [1], angle),
    gate('cx', [0, 1]),
    gate('t', [1]),
    measure(1, 1, 0),
    measure(0, 1, 1),
  ],
);
/** One needs the third qubit, so that the others stand at other places. */
const OBSERVABLES: readonly Observable[][] = ['IZX', 'XZX'].map((paulis) => [
  { terms: [{ coefficient: 1, paulis }] },
]);

const ITEMS: readonly EngineItem[] = [0.1, 0.7, 2].flatMap((value, at) => [
  item(ANSATZ, { parameters: [new Map([['theta', value]])], shots: 0, observables: OBSERVABLES[at % 2]! }),
  item(ANSATZ, { parameters: [new Map([['theta', value]])], shots: 50, memory: true }),
  item(ANSATZ, {
    parameters: [new Map([['theta', -value]])],
    shots: 0,
    observables: OBSERVABLES[1]!,
    gradients: true,
  }),
  item(teleport(value), { shots: 20 }),
  item(BELL, { shots: 20 }),
]);

test('bytes do not depend on what was read before: cold, warm and without a cache', () => {
  const programs = new ProgramCache();
  const plain = ITEMS.map((one) => simulate([one]));
  for (let round = 0; round < 3; round += 1) {
    const cached = ITEMS.map((one) => simulate([one], DEFAULT_OPTIONS, programs));
    assert.deepEqual(cached, plain, `round ${round}`);
  }
});

test('a program is read once for as long as it is used, and the one that was not used for longest is left out', () => {
  const programs = new ProgramCache();
  const aqo = (turns: number): Uint8Array => writeAqo(program(1, [], Array(turns).fill(gate('x', [0]))));
  const first = programs.read(aqo(0));
  for (let turns = 1; turns < 16; turns += 1) programs.read(aqo(turns));
  assert.equal(programs.read(aqo(0)), first);
  programs.read(aqo(16));
  assert.equal(programs.read(aqo(0)), first);
  const second = programs.read(aqo(1));
  assert.equal(programs.read(aqo(1)), second);
  for (let turns = 2; turns < 18; turns += 1) programs.read(aqo(turns));
  assert.notEqual(programs.read(aqo(0)), first);
});

test('a program of more bytes than the cache may hold is read each time, and refused each time', () => {
  const programs = new ProgramCache();
  const large = writeAqo(program(1, [], Array(60_000).fill(gate('x', [0]))));
  assert.ok(large.byteLength > 1024 * 1024);
  assert.notEqual(programs.read(large), programs.read(large));
  const broken = new TextEncoder().encode('{}');
  for (let time = 0; time < 2; time += 1)
    assert.throws(() => programs.read(broken), { code: 'AQO_VERSION_UNSUPPORTED' });
});
