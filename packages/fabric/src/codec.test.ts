import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CborInput } from '@qfs/core/exact';
import {
  bytes,
  fromBytes,
  integer,
  listOf,
  oneOf,
  optional,
  record,
  required,
  text,
  toBytes,
} from './codec.ts';
import { MANIFEST } from './manifest.ts';

const SHAPE = record(
  required('at_index', integer(1, 3)),
  optional('note', text(/^[a-z]+$/, 'lower-case letters')),
  required(
    'items',
    listOf(record(required('hash', bytes(2))), { min: 1, max: 2, keyOf: ({ hash }) => `${hash}` }),
  ),
  required('state', oneOf(['ON', 'OFF'])),
);

const good = { at_index: 2, items: [{ hash: Uint8Array.of(1, 2) }], state: 'ON' };

/** What a schema says about a body that a plain object describes. */
const judge = (value: CborInput): unknown => {
  const anything = { decode: () => value, encode: () => value };
  const read = fromBytes(SHAPE, toBytes(anything, value));
  return read.ok ? read.value : read.error;
};

test('a record reads the wire names into TypeScript names and writes them back', () => {
  const value = { atIndex: 2, items: [{ hash: Uint8Array.of(1, 2) }], state: 'ON' as const };
  assert.deepEqual(judge(good), value);
  assert.deepEqual(judge({ ...good, note: 'abc' }), { ...value, note: 'abc' });
  assert.deepEqual(toBytes(SHAPE, value), toBytes({ decode: () => good, encode: () => good }, good));
});

test('each mismatch is told by its path, with what was expected there', () => {
  const { state: _, ...stateless } = good;
  const cases: [CborInput, string][] = [
    [stateless, 'body.state must be present'],
    [{ ...good, colour: 1 }, 'body.colour must be absent: it is not known'],
    [{ ...good, at_index: 0 }, 'body.at_index must be an integer from 1 to 3'],
    [{ ...good, at_index: 4 }, 'body.at_index must be an integer from 1 to 3'],
    [{ ...good, at_index: 2n ** 60n }, 'body.at_index must be an integer from 1 to 3'],
    [{ ...good, note: 'A' }, 'body.note must be lower-case letters'],
    [{ ...good, items: [] }, 'body.items must be a list of 1 to 2 items'],
    [{ ...good, items: [1] }, 'body.items[0] must be a map'],
    [{ ...good, items: [...good.items, ...good.items] }, 'body.items must be a list without doubles'],
    [{ ...good, items: [{ hash: Uint8Array.of(1) }] }, 'body.items[0].hash must be 2 bytes'],
    [{ ...good, state: 'on' }, 'body.state must be one of ON, OFF'],
    [[], 'body must be a map'],
  ];
  for (const [value, expected] of cases) assert.equal(judge(value), expected);
});

test('LOG-13: artifact names are relative paths that stay inside their job', () => {
  const accepts = (name: string): boolean => {
    const manifest = [{ name, sha256: new Uint8Array(32), size: 0, type: 'other' }];
    return fromBytes(MANIFEST, toBytes({ decode: () => manifest, encode: () => manifest }, manifest)).ok;
  };
  const good = [
    'a',
    'program.qasm',
    'attempts/2/results.json',
    '.hidden',
    '..a',
    'a..b/c',
    '...',
    'a'.repeat(255),
  ];
  const bad = [
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    '../a',
    'a/..',
    'a/./b',
    'a/../b',
    'a b',
    'ä',
    'a\n',
    'a'.repeat(256),
  ];
  for (const name of good) assert.ok(accepts(name), name);
  for (const name of bad) assert.ok(!accepts(name), name);
});
