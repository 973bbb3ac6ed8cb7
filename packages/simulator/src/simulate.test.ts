import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BELL, bits, gate, item, measure, program, resultsOf, teleport } from './testing/programs.ts';

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
