import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { readFileBytes } from './terminal.ts';

test('a file is read up to its bound, and one that never ends too', {
  skip: !existsSync('/dev/zero'),
}, async () => {
  assert.equal((await readFileBytes('/dev/zero', 10)).byteLength, 11);
  assert.equal((await readFileBytes('/dev/null', 10)).byteLength, 0);
  const own = new URL(import.meta.url).pathname;
  assert.equal((await readFileBytes(own, 10)).byteLength, 11);
  assert.match(new TextDecoder().decode(await readFileBytes(own, 100_000)), /^import assert/);
});
