import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, inAbout } from './time-span.ts';

const SPANS: readonly (readonly [milliseconds: number, text: string])[] = [
  [1, '1 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [5_400_000, '1 h 30 min'],
  [86_400_000, '1 d'],
  [28_000_000_000, '324 d 1 h'],
];

for (const [milliseconds, text] of SPANS) {
  test(`${milliseconds} ms are ${text}`, () => assert.equal(ago(5, 5 + milliseconds), `${text} ago`));
}

test('what is to come within a second, or was to come already, is now', () => {
  for (const milliseconds of [-5000, 0, 999]) assert.equal(inAbout(milliseconds), 'now');
  assert.equal(inAbout(12_345), 'in about 12 s');
});
