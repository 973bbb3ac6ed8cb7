import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '@qfs/core/math';
import { alongPath, longPath } from './long-path.ts';

/** Rows of vertices with bridges at their ends in turn, and a dead end beside every fourth vertex. */
function serpentine(rows: number, columns: number): number[][] {
  const neighbours: number[][] = Array.from({ length: rows * columns }, () => []);
  const join = (a: number, b: number): void => {
    neighbours[a]!.push(b);
    neighbours[b]!.push(a);
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 1; column < columns; column++) join(row * columns + column - 1, row * columns + column);
    if (row === 0) continue;
    const column = row % 2 === 0 ? 0 : columns - 1;
    join((row - 1) * columns + column, row * columns + column);
  }
  for (let vertex = 2; vertex < rows * columns; vertex += 4) {
    neighbours.push([]);
    join(vertex, neighbours.length - 1);
  }
  return neighbours;
}

const allOf = (neighbours: readonly unknown[]): number[] => [...neighbours.keys()];

test('a path goes from neighbour to neighbour and never twice to one, and passes dead ends by', () => {
  const neighbours = serpentine(6, 12);
  for (let seed = 0; seed < 5; seed++) {
    const path = longPath(neighbours, allOf(neighbours), new Prng(seed, 'path'));
    assert.equal(new Set(path).size, path.length);
    for (const [at, vertex] of path.entries())
      if (at > 0) assert.ok(neighbours[vertex]!.includes(path[at - 1]!));
    assert.ok(path.length >= 66, `${path.length} of 72`);
  }
});

test('vertices beside the path follow the one that they stand beside, as many as are asked for', () => {
  const neighbours = serpentine(4, 8);
  const members = allOf(neighbours);
  const order = alongPath(neighbours, members, members.length, new Prng(1, 'path'));
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    members,
  );
  for (const [at, vertex] of order.entries())
    if (neighbours[vertex]!.length === 1 && at > 0) assert.ok(neighbours[vertex]!.includes(order[at - 1]!));
});

test('a graph of one vertex has a path of one', () => {
  assert.deepEqual(longPath([[]], [0], new Prng(1, 'path')), [0]);
});
