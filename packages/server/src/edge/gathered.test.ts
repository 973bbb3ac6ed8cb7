import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { GATHERED_BYTES_MAX, Gathered } from './gathered.ts';

test('what comes in one turn goes on together, and not in one piece beyond its bound', async () => {
  const passed: number[][] = [];
  const gathered = new Gathered<number>((items) => passed.push(items));
  gathered.add(1);
  gathered.add(2, GATHERED_BYTES_MAX - 1);
  assert.deepEqual(passed, []);
  await turn();
  assert.deepEqual(passed.splice(0), [[1, 2]]);
  gathered.add(3, GATHERED_BYTES_MAX - 1);
  gathered.add(4, 1);
  gathered.add(5);
  assert.deepEqual(passed.splice(0), [[3, 4]]);
  gathered.flush();
  assert.deepEqual(passed.splice(0), [[5]]);
  await turn();
  assert.deepEqual(passed, []);
});
