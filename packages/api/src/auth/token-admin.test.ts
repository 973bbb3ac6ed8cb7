import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  QfsError,
  SUBJECT_CHARS_MAX,
  TENANT_CHARS_MAX,
  TOKEN_NAME_CHARS_MAX,
  TOKEN_SECONDS_DEFAULT,
  TOKEN_SECONDS_MAX,
  TOKENS_MAX,
} from '@qfs/core';
import { countingRandomness, MemoryTokens, StandingClock } from '../testing/security.ts';
import type { Limits } from './caller.ts';
import { permissionsOf } from './permissions.ts';
import { type NewToken, TokenAdmin } from './token-admin.ts';
import { tokenAuthenticator } from './token-authenticator.ts';

const managerOf = (roles: readonly string[], scopes?: readonly string[]) => ({
  identity: { tenantId: 'acme', projectId: 'alpha', subject: 'ana', roles },
  permissions: permissionsOf(roles, scopes),
});
const ANA = managerOf(['admin']);
const PLAIN: NewToken = {
  ...{ name: '', subject: '', tenantId: '', projectId: '', roles: [], scopes: [], ttlSeconds: 0 },
};

function office(limits: Limits = {}) {
  const clock = new StandingClock();
  const store = new MemoryTokens();
  const admin = new TokenAdmin({ store, clock, randomness: countingRandomness(), limitsOf: () => limits });
  return { clock, store, admin, who: tokenAuthenticator(store, clock) };
}

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof QfsError);
    return `${error.code} ${error.metadata.reason ?? ''}`.trim();
  }
  return 'none';
};

test('SEC-3, SEC-4: a token is its maker’s by default, expires, and is known until then', () => {
  const { admin, who, clock, store } = office();
  const { token, secret } = admin.create(ANA, PLAIN);
  assert.deepEqual(who(secret), {
    identity: { tenantId: 'acme', projectId: 'alpha', subject: 'ana', roles: ['user'] },
    permissions: permissionsOf(['user']),
    method: 'token',
    key: `token ${token.tokenId}`,
    tokenId: token.tokenId,
    expiresAtMs: clock.ms + TOKEN_SECONDS_DEFAULT * 1000,
  });
  assert(!JSON.stringify([...store.records.values()]).includes(secret.slice(-20)));
  clock.ms += TOKEN_SECONDS_DEFAULT * 1000 - 1;
  assert.equal(who(secret).method, 'token');
  clock.ms += 1;
  assert.equal(
    refusal(() => who(secret)),
    'AUTH_MISSING expired',
  );
});

test('SEC-4: a revoked token is refused at once; without its secret it is just unknown', () => {
  const { admin, who } = office();
  const first = admin.create(ANA, PLAIN);
  const second = admin.create(ANA, PLAIN);
  const ended = admin.revoke(ANA, first.token.tokenId);
  assert.deepEqual(admin.revoke(ANA, first.token.tokenId), ended, 'again changes nothing');
  assert.equal(
    refusal(() => who(first.secret)),
    'AUTH_MISSING revoked',
  );
  assert.equal(who(second.secret).tokenId, second.token.tokenId);
  assert.equal(
    refusal(() => who(`${second.secret.slice(0, -1)}a`)),
    'AUTH_MISSING malformed',
  );
  const stranger = office().admin.create(managerOf(['admin']), PLAIN);
  const { who: elsewhere } = office();
  assert.equal(
    refusal(() => elsewhere(stranger.secret)),
    'AUTH_MISSING unknown',
  );
});

test('SEC-4: when a token was used last is known to the minute', () => {
  const { admin, who, clock, store } = office();
  const { token, secret } = admin.create(ANA, PLAIN);
  const startMs = clock.ms - (clock.ms % 60_000);
  const used = () => (store.find(token.tokenId)?.lastUsedMs ?? 0) - startMs;
  who(secret);
  assert.equal(used(), 0);
  clock.ms = startMs + 59_999;
  who(secret);
  assert.equal(used(), 0);
  clock.ms = startMs + 60_001;
  who(secret);
  assert.equal(used(), 60_000);
});

test('SEC-5: nobody hands out more than he has, or into another tenant', () => {
  const { admin, store } = office();
  const make = (manager: typeof ANA, wanted: Partial<NewToken>) =>
    refusal(() => admin.create(manager, { ...PLAIN, ...wanted }));
  assert.equal(make(ANA, { roles: ['admin'] }), 'none');
  assert.equal(make(ANA, { projectId: 'beta' }), 'none');
  assert.equal(make(ANA, { tenantId: 'umbrella' }), 'AUTH_DENIED');
  const narrow = managerOf(['admin'], ['tokens:manage', 'jobs:read']);
  assert.equal(make(narrow, { roles: ['admin'] }), 'AUTH_DENIED');
  assert.equal(make(narrow, { roles: ['readonly'] }), 'AUTH_DENIED');
  assert.equal(make(narrow, { roles: ['admin'], scopes: ['jobs:read'] }), 'none');
  assert.equal(make(managerOf(['user']), { roles: ['admin'] }), 'AUTH_DENIED');
  const [mine] = store.list('acme');
  assert.equal(
    refusal(() =>
      admin.revoke({ ...ANA, identity: { ...ANA.identity, tenantId: 'umbrella' } }, mine!.tokenId),
    ),
    'TOKEN_NOT_FOUND',
  );
  assert.deepEqual(admin.list({ ...ANA, identity: { ...ANA.identity, tenantId: 'umbrella' } }), []);
});

test('SEC-3: every field of a new token has its bounds', () => {
  const { admin } = office();
  const sides: readonly [Partial<NewToken>, Partial<NewToken>][] = [
    [{ name: 'n'.repeat(TOKEN_NAME_CHARS_MAX) }, { name: 'n'.repeat(TOKEN_NAME_CHARS_MAX + 1) }],
    [{ subject: 's'.repeat(SUBJECT_CHARS_MAX) }, { subject: 's'.repeat(SUBJECT_CHARS_MAX + 1) }],
    [{ projectId: 'p'.repeat(TENANT_CHARS_MAX) }, { projectId: 'p'.repeat(TENANT_CHARS_MAX + 1) }],
    [{ ttlSeconds: TOKEN_SECONDS_MAX }, { ttlSeconds: TOKEN_SECONDS_MAX + 1 }],
    [{ name: 'für Ana' }, { name: 'a\nb' }],
    [{ subject: 'auth0|7' }, { subject: 'a\u0000' }],
    [{ projectId: 'beta.2_x' }, { projectId: '../beta' }],
    [{ roles: ['readonly'] }, { roles: ['root'] }],
    [{ scopes: ['jobs:read'] }, { scopes: ['jobs:*'] }],
  ];
  for (const [good, bad] of sides) {
    assert.equal(
      refusal(() => admin.create(ANA, { ...PLAIN, ...good })),
      'none',
      JSON.stringify(good),
    );
    assert.equal(
      refusal(() => admin.create(ANA, { ...PLAIN, ...bad })),
      'REQUEST_INVALID',
      JSON.stringify(bad),
    );
  }
});

test('SEC-14: a tenant has at most TOKENS_MAX tokens that can be used, or as many as its limits say', () => {
  for (const [limits, tokensMax] of [
    [{}, TOKENS_MAX],
    [{ tokensMax: 2 }, 2],
  ] as const) {
    const { admin } = office(limits);
    const made = Array.from({ length: tokensMax }, () => admin.create(ANA, PLAIN));
    assert.equal(
      refusal(() => admin.create(ANA, PLAIN)),
      'QUOTA_EXCEEDED',
    );
    admin.revoke(ANA, made[0]!.token.tokenId);
    admin.create(ANA, PLAIN);
  }
});
