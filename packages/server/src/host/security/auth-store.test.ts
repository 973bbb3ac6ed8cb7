import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TokenRecord } from '@qfs/api';
import { openSqlite } from '@qfs/storage';
import { type AuthStore, openAuthStore } from './auth-store.ts';

const clock = { ms: 0, nowMs: () => clock.ms, monotonicMs: () => clock.ms };

function directoryOf(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'qfs-auth-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

function open(t: TestContext, path: string): AuthStore {
  const store = openAuthStore(path, clock, (error) => assert.fail(String(error)));
  t.after(() => store.close());
  return store;
}

const tokenOf = (tokenId: string, change: Partial<TokenRecord> = {}): TokenRecord => ({
  ...{ tokenId, hash: new Uint8Array(32).fill(tokenId.length), name: 'n', subject: 'ana' },
  ...{ tenantId: 'acme', projectId: 'alpha', roles: ['user'], scopes: ['jobs:read'], createdMs: 1000 },
  ...{ expiresMs: 5000, lastUsedMs: undefined, revokedMs: undefined, ...change },
});

test('SEC-3, SEC-4: what one process writes another reads with its next question', (t) => {
  const path = directoryOf(t);
  const here = open(t, path);
  const there = open(t, path);
  assert.deepEqual([here.isUsed(), there.isUsed(), there.find('a')], [false, false, undefined]);
  assert(here.add(tokenOf('a'), 9));
  assert.deepEqual(there.find('a'), tokenOf('a'));
  assert(here.add(tokenOf('bb', { createdMs: 2000, expiresMs: undefined }), 9));
  assert.deepEqual(
    there.list('acme').map(({ tokenId }) => tokenId),
    ['bb', 'a'],
    'newest first',
  );
  assert.deepEqual(there.list('umbrella'), []);
  assert.equal(there.revoke('umbrella', 'a', 3000), undefined);
  assert.equal(there.revoke('acme', 'a', 3000)?.revokedMs, 3000);
  assert.equal(here.revoke('acme', 'a', 4000)?.revokedMs, 3000, 'once');
  assert.equal(here.find('a')?.revokedMs, 3000);
  assert(here.isUsed() && there.isUsed());
});

test('SEC-4: uses are written when the store closes, if not before', (t) => {
  const path = directoryOf(t);
  const store = openAuthStore(path, clock, () => undefined);
  store.add(tokenOf('a'), 9);
  store.touch('a', 60_000);
  store.touch('a', 120_000);
  store.touch('unknown', 1);
  store.close();
  assert.equal(open(t, path).find('a')?.lastUsedMs, 120_000);
});

test('SEC-14: a tenant has at most so many tokens that can be used', (t) => {
  const store = open(t, directoryOf(t));
  assert(store.add(tokenOf('expired', { createdMs: 1, expiresMs: 500 }), 2));
  assert(store.add(tokenOf('first'), 2));
  assert(store.add(tokenOf('second'), 2));
  assert(!store.add(tokenOf('third'), 2));
  assert(store.add(tokenOf('elsewhere', { tenantId: 'umbrella' }), 2));
  store.revoke('acme', 'first', 2000);
  assert(store.add(tokenOf('third'), 2));
});

test('SEC-14: limits of a tenant and of a project hold within a second', (t) => {
  const path = directoryOf(t);
  const operator = open(t, path);
  const server = open(t, path);
  const alpha = { tenantId: 'acme', projectId: 'alpha' };
  const beta = { tenantId: 'acme', projectId: 'beta' };
  assert.deepEqual(server.limitsOf(alpha), {});
  operator.setLimit({ tenantId: 'acme', projectId: '', name: 'open_jobs' }, 100);
  operator.setLimit({ tenantId: 'acme', projectId: 'alpha', name: 'open_jobs' }, 10);
  operator.setLimit({ tenantId: 'acme', projectId: '', name: 'shots' }, 0);
  assert.deepEqual(server.limitsOf(alpha), {}, 'not asked for at every request');
  clock.ms += 1000;
  assert.deepEqual(server.limitsOf(alpha), {
    tenantOpenJobsMax: 100,
    projectOpenJobsMax: 10,
    shotsPerJobMax: 0,
  });
  assert.deepEqual(server.limitsOf(beta), { tenantOpenJobsMax: 100, shotsPerJobMax: 0 });
  assert.deepEqual(server.limitsOf({ tenantId: 'umbrella', projectId: 'alpha' }), {});
  operator.setLimit({ tenantId: 'acme', projectId: '', name: 'open_jobs' }, undefined);
  clock.ms += 1000;
  assert.deepEqual(server.limitsOf(beta), { shotsPerJobMax: 0 });
});

test('SEC-3: nobody but its owner may read the file, and one of a newer version is left alone', (t) => {
  const path = directoryOf(t);
  const store = openAuthStore(path, clock, () => undefined);
  const file = join(path, 'auth.sqlite');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  store.close();
  const newer = openSqlite(file);
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  assert.throws(() => openAuthStore(path, clock, () => undefined), {
    code: 'STORE_UNAVAILABLE',
    message: /newer/,
  });
});
