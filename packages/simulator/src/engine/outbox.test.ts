import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Outbox } from './outbox.ts';

test('messages of one turn go together, in order; the next turn begins a new parcel', async () => {
  const parcels: (readonly string[])[] = [];
  const outbox = new Outbox<string>((messages) => parcels.push(messages));
  for (const message of ['a', 'b', 'c']) outbox.add(message, 10);
  assert.deepEqual(parcels, []);
  await turn();
  assert.deepEqual(parcels, [['a', 'b', 'c']]);
  outbox.add('d', 10);
  await turn();
  assert.deepEqual(parcels, [['a', 'b', 'c'], ['d']]);
});

test('what is large goes at once, with what waited before it, and nothing goes twice', async () => {
  const parcels: (readonly string[])[] = [];
  const outbox = new Outbox<string>((messages) => parcels.push(messages));
  outbox.add('small', 1);
  outbox.add('large', 1024 * 1024);
  assert.deepEqual(parcels, [['small', 'large']]);
  outbox.add('after', 1);
  await turn();
  await turn();
  assert.deepEqual(parcels, [['small', 'large'], ['after']]);
});
