import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoreCall } from '@qfs/core';
import { directClient, StoreService } from '@qfs/rpc';
import { createStoreService, LateReader, remoteWriter } from './store-service.ts';

test('of the store other roles may write artifacts and blobs alone', async () => {
  const written: StoreCall[] = [];
  const writer = {
    transact: async (calls: readonly StoreCall[]) => {
      written.push(...calls);
      return calls.map(({ argument }) => argument);
    },
  };
  const remote = remoteWriter(directClient(StoreService, createStoreService(writer)));
  const argument = { digest: Uint8Array.of(1, 2), size: 9_007_199_254_740_993n, at: undefined };
  const allowed = ['artifacts.store', 'blobs.put'].map((operation) => ({ operation, argument }));
  assert.deepEqual(await remote.transact(allowed), [argument, argument]);
  assert.deepEqual(written.splice(0), allowed);
  for (const operation of ['log.propose', 'jobs.finish', 'accounts.ensure', 'x.artifacts.store', '']) {
    const call = remote.transact([...allowed, { operation, argument }]);
    await assert.rejects(call, { code: 'AUTH_DENIED' }, operation);
  }
  assert.deepEqual(written, []);
});

test('a database that is not founded yet is a store that is away', () => {
  const reader = new LateReader('/nowhere/qfs.sqlite');
  assert.throws(() => reader.get('SELECT 1'), { code: 'STORE_UNAVAILABLE' });
  reader.close();
});
