import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeResults } from '@qfs/circuit';
import type { EngineItem } from '../engine-contract.ts';
import { readNoiseModel } from '../noise/noise-model.ts';
import { ResultsSize } from '../results-size.ts';
import { DEFAULT_OPTIONS, estimate, simulate, simulateSets } from '../simulate.ts';
import { BELL, bits, gate, isOne, item, measure, program, teleport } from '../testing/programs.ts';
import { cut, join } from './pieces.ts';

/** A bit that counts, and an output that is none. */
const counting = program(
  1,
  [
    bits('c', 1),
    { name: 'n', type: { kind: 'int', width: 8 }, role: 'output' },
    { ...bits('d', 1), role: 'output' },
  ],
  [
    gate('h', [0]),
    measure(0, 2, 0),
    {
      kind: 'if',
      condition: isOne(2, 0),
      body: [
        {
          kind: 'assign',
          target: { kind: 'variable', variable: 1 },
          value: { kind: 'int', value: 3n, type: { kind: 'int', width: 8 } },
        },
      ],
    },
  ],
);

const BATCH: readonly EngineItem[] = [
  item(BELL, { shots: 50 }),
  item(teleport(0.4), { shots: 101, memory: true }),
  item(counting, { shots: 7 }),
  item(BELL, { parameters: [new Map(), new Map()], shots: 3 }),
];
const APART = new Set([1, 2]);

for (const options of [DEFAULT_OPTIONS, { ...DEFAULT_OPTIONS, noise: readNoiseModel('depolarizing:0.2') }]) {
  test(`shots that are computed apart give the bytes of all at once${options.noise ? ', with noise' : ''}`, () => {
    const expected = simulate(BATCH, options);
    for (const threads of [1, 2, 3, 8, 200]) {
      const lists = cut(BATCH, 4 * threads, { items: APART, threads });
      const pieces = lists.flat();
      const results = pieces.map(({ item: one, from, to, shots }) =>
        simulateSets({ item: one, from, to, ...(shots && { shots }) }, { options, size: new ResultsSize() }),
      );
      assert.deepEqual(writeResults(join(BATCH, pieces, results)), expected, `${threads} threads`);
    }
  });
}

test('shots are cut for threads that would be idle, and only where there are trajectories enough', () => {
  const shotsOf = (threads: number) =>
    cut([item(teleport(1), { shots: 10 })], 4 * threads, { items: new Set([0]), threads }).map(
      ([piece]) => piece!.shots && `${piece!.shots.from}-${piece!.shots.to}`,
    );
  assert.deepEqual(shotsOf(1), [undefined]);
  assert.deepEqual(shotsOf(3), ['0-4', '4-8', '8-10']);
  const layer = Array.from({ length: 12 }, (_, q) => gate('h', [q]));
  const wide = program(12, [bits('c', 1)], [...layer, measure(0, 0, 0), ...layer, measure(0, 0, 0)]);
  assert.deepEqual(estimate([item(BELL), item(wide, { shots: 4_000 })]).apart, [1]);
  assert.equal(estimate([item(wide, { shots: 400 })]).apart, undefined);
  const noise = readNoiseModel('depolarizing:0.1');
  assert.deepEqual(estimate([item(BELL, { shots: 10_000_000 })], { ...DEFAULT_OPTIONS, noise }).apart, [0]);
});
