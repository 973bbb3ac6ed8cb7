import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QfsError } from '@qfs/core';
import { TEST_IDENTITY } from '../testing/rooms.ts';
import { callerOf } from '../testing/security.ts';
import { createAuthenticator } from './authenticator.ts';

const ANA = callerOf({ ...TEST_IDENTITY, subject: 'ana' });

test('SEC-1: an open server asks nobody, a closed one takes what it knows', async () => {
  const state = { isOpen: true };
  const isOpen = () => state.isOpen;
  const common = { localUser: TEST_IDENTITY, isOpen, isLocal: true };
  const both = createAuthenticator({ ...common, token: () => ANA, jwt: async () => ANA });
  const tokens = createAuthenticator({ ...common, token: () => ANA });
  const jwts = createAuthenticator({ ...common, jwt: async () => ANA });
  const ask = async (who: typeof both, authorization?: string): Promise<string> => {
    try {
      const { method, identity } = await who.authenticate({ authorization, remoteAddress: '127.0.0.1' });
      return `${method} ${identity.subject}`;
    } catch (error) {
      return (error as QfsError).metadata.reason ?? '';
    }
  };
  for (const authorization of [undefined, 'Bearer qfs_a', 'nonsense']) {
    assert.equal(await ask(both, authorization), 'open local', authorization);
  }
  state.isOpen = false;
  assert.deepEqual(
    [await ask(both), await ask(both, 'Bearer qfs_a'), await ask(both, 'Bearer a.b.c')],
    ['missing', 'token ana', 'token ana'],
  );
  assert.deepEqual(
    [await ask(tokens, 'Bearer qfs_a'), await ask(tokens, 'Bearer a.b.c')],
    ['token ana', 'malformed'],
  );
  assert.deepEqual(
    [await ask(jwts, 'Bearer qfs_a'), await ask(jwts, 'Bearer a.b.c')],
    ['malformed', 'token ana'],
  );
});

test('SEC-1: a server that is open to its machine answers to names of the machine alone', () => {
  const open = (isLocal: boolean) => {
    const { authenticate } = createAuthenticator({ localUser: TEST_IDENTITY, isOpen: () => true, isLocal });
    return (host: string | undefined) =>
      authenticate({ authorization: undefined, remoteAddress: '127.0.0.1', host });
  };
  for (const host of [
    ...['localhost', 'localhost:8000', 'LOCALHOST:8000', 'qfs.localhost:8000', '127.0.0.1:8000', '127.9.9.9'],
    ...['[::1]:8000', undefined],
  ]) {
    open(true)(host);
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example:8000',
    '127.0.0.1.evil.example',
    '',
    '10.0.0.1:8000',
  ]) {
    assert.throws(() => open(true)(host), { code: 'AUTH_MISSING', metadata: { reason: 'host' } }, host);
    open(false)(host);
  }
});
