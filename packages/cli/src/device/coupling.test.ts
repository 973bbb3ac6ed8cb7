import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { drawCoupling, readCoupling } from './coupling.ts';

const line = (length: number): [number, number][] =>
  Array.from({ length: length - 1 }, (_, qubit) => [qubit, qubit + 1]);

test('lines, rings and grids are walked along the chip', () => {
  assert.equal(drawCoupling(line(5), 80), '0─1─2─3─4\n');
  assert.equal(drawCoupling([...line(4), [3, 0]], 80), '0─1─2─3─0\n');
  const grid: [number, number][] = [
    [0, 1],
    [1, 2],
    [3, 4],
    [4, 5],
    [0, 3],
    [1, 4],
    [2, 5],
  ];
  assert.equal(drawCoupling(grid, 80), '1─2─5─4─3─0─1─4\n');
  assert.equal(drawCoupling('all_to_all', 80), 'every qubit with every other\n');
  assert.equal(drawCoupling([], 80), 'no qubit with another\n');
});

test('long walks go on in the next line, and pairs of one direction have arrows', () => {
  assert.equal(drawCoupling(line(6), 5), '0─1─2\n2─3─4\n4─5\n');
  assert.equal(
    drawCoupling(
      [
        [1, 0],
        [1, 2],
        [2, 3],
      ],
      80,
      true,
    ),
    '1→2→3\n1→0\n',
  );
});

test('every pair is drawn, and nothing else', () => {
  const seed = Number(process.env.QFS_SEED ?? 1);
  const pair = fc.tuple(fc.nat(12), fc.nat(12)).filter(([a, b]) => a !== b);
  const pairs = fc.uniqueArray(pair, { selector: ([a, b]) => [Math.min(a, b), Math.max(a, b)].join() });
  fc.assert(
    fc.property(pairs, fc.integer({ min: 10, max: 80 }), (coupling, width) => {
      const drawn = drawCoupling(coupling, width)
        .split('\n')
        .flatMap((text) => {
          const walk = text.split('─').map(Number);
          return walk.slice(1).map((to, at) => [walk[at]!, to].sort((a, b) => a - b).join());
        });
      const wanted = coupling.map((qubits) => qubits.toSorted((a, b) => a - b).join());
      assert.deepEqual(drawn.sort(), wanted.sort(), `seed ${seed}`);
    }),
    { seed },
  );
});

test('what is no coupling is not drawn', () => {
  assert.deepEqual(readCoupling('[[0,1],[1,2]]'), [
    [0, 1],
    [1, 2],
  ]);
  assert.equal(readCoupling('all_to_all'), 'all_to_all');
  for (const text of ['', 'ring', '{}', '[[0]]', '[[0,1,2]]', '[["0",1]]', '[[0,0.5]]']) {
    assert.equal(readCoupling(text), undefined, text);
  }
});
