import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from './levels.ts';

test('ART-18: the levels that do not exist say so on every call', async () => {
  const levels = new Unavailable();
  for (const call of [levels.checkpoint(), levels.restore(), levels.allocate(), levels.release()]) {
    await assert.rejects(call, { code: 'QFS_LEVEL_NOT_AVAILABLE', message: /CircuitFS \(level 3\) is/ });
  }
});
