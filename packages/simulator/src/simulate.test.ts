import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instruction, Program } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';
import { simulate } from './simulate.ts';
import { BELL, bits, gate, isOne, item, measure, program, resultsOf, teleport } from './testing/programs.ts';

const table = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([key, count]) => `${key}: ${count}`).join(', ');

test('a Bell pair gives 00 and 11 about equally often, and the same counts for the same seed', () => {
  const [result] = resultsOf(item(BELL, { seed: 1 }));
  assert.equal(table(result!.counts), '00: 518, 11: 506');
  assert.deepEqual(resultsOf(item(BELL, { seed: 1 })), [result]);
  assert.notDeepEqual(resultsOf(item(BELL, { seed: 2 }))[0]!.counts, result!.counts);
});

test('a GHZ state of ten qubits gives all zeros or all ones', () => {
  const qubits = Array.from({ length: 10 }, (_, q) => q);
  const ghz = program(
    10,
    [bits('c', 10)],
    [
      gate('h', [0]),
      ...qubits.slice(1).map((q) => gate('cx', [q - 1, q])),
      ...qubits.map((q) => measure(q, 0, q)),
    ],
  );
  const [result] = resultsOf(item(ghz));
  assert.deepEqual([...result!.counts.keys()], ['0'.repeat(10), '1'.repeat(10)]);
});

test('teleportation with feed-forward brings every state across', () => {
  for (const angle of [0, 0.3, 1.234, Math.PI]) {
    const [result] = resultsOf(item(teleport(angle), { shots: 200 }));
    for (const key of result!.counts.keys()) assert.equal(key[0], '0', `angle ${angle}, key ${key}`);
  }
  assert.deepEqual([...resultsOf(item(teleport(1)))[0]!.counts.keys()], ['0 0 0', '0 0 1', '0 1 0', '0 1 1']);
});

/** Sum of (observed − expected)²/expected over the keys of the distribution. */
function chiSquare(
  counts: ReadonlyMap<string, number>,
  probabilities: Readonly<Record<string, number>>,
): number {
  const shots = [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const key of counts.keys()) assert.ok(key in probabilities, `unexpected outcome ${key}`);
  return Object.entries(probabilities).reduce((sum, [key, probability]) => {
    const expected = shots * probability;
    return sum + ((counts.get(key) ?? 0) - expected) ** 2 / expected;
  }, 0);
}

/** Three rotated qubits and their joint distribution; `dynamic` asks for the same in one trajectory per shot. */
function rotated(dynamic: boolean): { source: Program; probabilities: Record<string, number> } {
  const angles = [0.7, 1.9, 2.6];
  const never: Instruction = { kind: 'if', condition: isOne(1, 0), body: [gate('x', [0])] };
  const source = program(
    3,
    [bits('c', 3), bits('flag', 1)],
    [
      ...angles.map((angle, q) => gate('ry', [q], angle)),
      measure(0, 0, 0),
      ...(dynamic ? [never] : []),
      measure(1, 0, 1),
      measure(2, 0, 2),
    ],
  );
  const probabilities: Record<string, number> = {};
  for (let outcome = 0; outcome < 8; outcome += 1) {
    const key = `0 ${outcome.toString(2).padStart(3, '0')}`;
    probabilities[key] = angles.reduce(
      (product, angle, q) =>
        product * ((outcome >> q) & 1 ? Math.sin(angle / 2) ** 2 : Math.cos(angle / 2) ** 2),
      1,
    );
  }
  return { source, probabilities };
}

test('sampling one state and running one trajectory per shot give the same distribution, the right one', () => {
  for (const dynamic of [false, true]) {
    const { source, probabilities } = rotated(dynamic);
    const [result] = resultsOf(item(source, { shots: 8000, seed: 3 }));
    // 7 degrees of freedom: 24.3 is exceeded once in a thousand.
    const value = chiSquare(result!.counts, probabilities);
    assert.ok(value < 24.3, `dynamic ${dynamic}: chi-square ${value}`);
  }
});

test('a W state gives each single excitation a third of the time', () => {
  const source = program(
    3,
    [bits('c', 3)],
    [
      gate('ry', [0], 2 * Math.acos(1 / Math.sqrt(3))),
      gate('ch', [0, 1]),
      gate('cx', [1, 2]),
      gate('cx', [0, 1]),
      gate('x', [0]),
      ...[0, 1, 2].map((q) => measure(q, 0, q)),
    ],
  );
  const third = 1 / 3;
  const [result] = resultsOf(item(source, { shots: 6000 }));
  assert.ok(chiSquare(result!.counts, { '001': third, '010': third, '100': third }) < 13.8);
});

test('memory holds the key of every shot, in both ways of running', () => {
  for (const source of [BELL, teleport(0.5)]) {
    const [result] = resultsOf(item(source, { shots: 50, memory: true }));
    const counted = new Map<string, number>();
    for (const key of result!.memory!) counted.set(key, (counted.get(key) ?? 0) + 1);
    assert.deepEqual(new Map([...counted].sort()), new Map(result!.counts));
  }
});

test('fewer shots are the first of more shots', () => {
  for (const source of [BELL, teleport(0.5)]) {
    const memoryOf = (shots: number): readonly string[] =>
      resultsOf(item(source, { shots, memory: true }))[0]!.memory!;
    assert.deepEqual(memoryOf(40).slice(0, 15), memoryOf(15));
  }
});

test('a program that writes no classical bit has empty counts and a warning', () => {
  const [result] = resultsOf(item(program(1, [bits('c', 1)], [gate('h', [0])])));
  assert.equal(result!.counts.size, 0);
  assert.match(result!.warnings.join(), /counts are empty/);
});

test('reset, measurement in the middle and re-use of a qubit', () => {
  const source = program(
    1,
    [bits('c', 3)],
    [
      { kind: 'reset', qubit: 0 },
      gate('x', [0]),
      measure(0, 0, 0),
      { kind: 'reset', qubit: 0 },
      measure(0, 0, 1),
      gate('h', [0]),
      gate('h', [0]),
      gate('x', [0]),
      measure(0, 0, 2),
    ],
  );
  assert.equal(table(resultsOf(item(source))[0]!.counts), '101: 1024');
});

test('random dynamic programs run or end in a named fault, and give the same bytes again', () => {
  const random = new Prng(77, 'random-programs');
  const below = (n: number): number => Math.floor(random.uniform() * n);
  const block = (depth: number): Instruction[] =>
    Array.from({ length: 1 + below(5) }, (): Instruction => {
      const choice = below(depth > 0 ? 8 : 5);
      const qubit = below(3);
      if (choice === 0) return gate('h', [qubit]);
      if (choice === 1) return gate('cx', [qubit, (qubit + 1 + below(2)) % 3]);
      if (choice === 2) return gate('rz', [qubit], random.uniform() * 7);
      if (choice === 3) return measure(qubit, 0, below(4));
      if (choice === 4) return { kind: 'reset', qubit };
      if (choice === 5)
        return {
          kind: 'if',
          condition: isOne(0, below(4)),
          body: block(depth - 1),
          otherwise: block(depth - 1),
        };
      if (choice === 6)
        return {
          kind: 'while',
          condition: isOne(0, below(4)),
          body: [...block(depth - 1), measure(0, 0, below(4)), { kind: 'break' }],
        };
      return { kind: 'box', body: block(depth - 1) };
    });
  for (let round = 0; round < 150; round += 1) {
    const source = program(3, [bits('c', 4)], [...block(3), measure(0, 0, 0)]);
    const first = simulate([item(source, { shots: 20, seed: round })]);
    assert.deepEqual(simulate([item(source, { shots: 20, seed: round })]), first);
  }
});
