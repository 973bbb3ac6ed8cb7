import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import {
  keySetText,
  rsaSigner,
  type Signer,
  signByHmac,
  signJwt,
  unsignedJwt,
} from '../../packages/api/src/testing/jwt.ts';
import { connectGrpc, grpcFailure } from '../platform/grpc-client.ts';
import { call, type Platform, startPlatform, temporaryDirectory } from '../platform/platform.ts';
import { auditText, bearer, makeToken } from '../platform/tokens.ts';

const [FIRST, SECOND] = [rsaSigner('key-1'), rsaSigner('key-2')];
const dataDir = temporaryDirectory();

/** The identity provider: whose keys it publishes, and whether it answers at all. */
const provider = { keys: [FIRST] as readonly Signer[], isUp: true, reads: 0 };
const server = createServer((_request, response) => {
  provider.reads += 1;
  response.writeHead(provider.isUp ? 200 : 503).end(keySetText(...provider.keys));
});
let platform: Platform;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  platform = await startPlatform({
    dataDir,
    environment: {
      QFS_JWT_JWKS: `http://127.0.0.1:${port}/keys`,
      QFS_JWT_ISSUER: 'https://id.example',
      QFS_JWT_AUDIENCE: 'qfs',
      QFS_JWT_ROLES_CLAIM: 'realm_access.roles',
      QFS_LOG_LEVEL: 'trace',
    },
  });
});
after(async () => {
  server.close();
  assert.equal(await platform.end('SIGTERM'), 0);
});

const now = (): number => Math.floor(Date.now() / 1000);
const claimsOf = (change: object = {}) => ({
  ...{ iss: 'https://id.example', aud: ['account', 'qfs'], sub: 'auth0|ana', tenant_id: 'acme' },
  ...{ realm_access: { roles: ['user'] }, exp: now() + 600, ...change },
});

const identity = (token: string) =>
  call(`${platform.ready.rest}/api/v1/identity`, 'GET', undefined, bearer(token));

/** What both doors say of a token: 0 when they let it in. */
async function verdict(token: string): Promise<readonly [rest: number, grpc: number, reason: unknown]> {
  const answer = await identity(token);
  const client = connectGrpc(platform.ready.grpc, 'eigen.api.v1.TokenService');
  const failure = await client.call('GetIdentity', {}, bearer(token)).then(
    () => ({ status: 0 }),
    (thrown) => grpcFailure(Promise.reject(thrown)),
  );
  client.close();
  return [answer.status, failure.status, answer.json<{ metadata?: { reason: string } }>().metadata?.reason];
}

test('SEC-6: a JWT of the provider says who calls, over both doors, beside API tokens', async () => {
  const token = signJwt(FIRST, claimsOf());
  assert.deepEqual(await verdict(token), [200, 0, undefined]);
  const { subject, tenant_id, project_id, roles, method } = (await identity(token)).json();
  assert.deepEqual(
    [subject, tenant_id, project_id, roles, method],
    [...['auth0|ana', 'acme', 'project-default', ['user'], 'jwt']],
  );
  assert.equal((await identity(makeToken(dataDir, '--role', 'user'))).json().method, 'token');
  assert.equal((await call(`${platform.ready.rest}/api/v1/identity`)).status, 401);
  const submitted = await call(`${platform.ready.rest}/tasks`, 'POST', { qc: 'qubit q;' }, bearer(token));
  assert.equal(submitted.status, 200);
  const denied = await call(`${platform.ready.rest}/api/v1/tokens`, 'GET', undefined, bearer(token));
  assert.equal(denied.status, 403);
});

test('SEC-6: JWTs that are over, for others, or signed otherwise are refused by both doors', async () => {
  const pem = FIRST.publicKey.export({ type: 'spki', format: 'pem' });
  const good = signJwt(FIRST, claimsOf());
  const unauthenticated = [401, status.UNAUTHENTICATED] as const;
  for (const [name, token, reason] of [
    ['expired', signJwt(FIRST, claimsOf({ exp: now() - 60 })), 'expired'],
    ['another audience', signJwt(FIRST, claimsOf({ aud: 'account' })), 'claims'],
    ['another issuer', signJwt(FIRST, claimsOf({ iss: 'https://evil.example' })), 'claims'],
    ['no tenant', signJwt(FIRST, claimsOf({ tenant_id: undefined })), 'claims'],
    ['the public key as a secret', signByHmac(pem, claimsOf(), { kid: 'key-1' }), 'signature'],
    ['nobody signed', unsignedJwt(claimsOf(), { kid: 'key-1' }), 'signature'],
    ['a key of its own', signJwt(rsaSigner('key-1'), claimsOf()), 'signature'],
    ['cut off', good.slice(0, -20), 'signature'],
    ['no JWT', 'eyJhbGciOiJSUzI1NiJ9', 'malformed'],
  ] as const) {
    assert.deepEqual(await verdict(token), [...unauthenticated, reason], name);
  }
  assert.deepEqual(await verdict(good), [200, 0, undefined], 'a JWT may be used again until it expires');
});

test('SEC-7: the provider’s keys rotate, and its absence keeps nobody out who was known', async () => {
  provider.keys = [FIRST, SECOND];
  process.kill(platform.of('system-api').pid, 'SIGHUP');
  const token = signJwt(SECOND, claimsOf());
  for (const deadline = Date.now() + 10_000; (await identity(token)).status !== 200; ) {
    assert(Date.now() < deadline, 'the second key was never read');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  provider.isUp = false;
  process.kill(platform.of('system-api').pid, 'SIGHUP');
  const { reads } = provider;
  for (const deadline = Date.now() + 10_000; provider.reads === reads; ) {
    assert(Date.now() < deadline, 'the keys were never read again');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(await verdict(signJwt(FIRST, claimsOf())), [200, 0, undefined]);
  const unknown = await verdict(signJwt(rsaSigner('key-3'), claimsOf()));
  assert.deepEqual(unknown, [503, status.UNAVAILABLE, undefined]);
  assert.equal((await identity(makeToken(dataDir, '--role', 'user'))).status, 200);
});

test('SEC-16: no JWT stands in logs or audit log', async () => {
  const token = signJwt(FIRST, claimsOf({ nonce: 'swordfish' }));
  await verdict(token);
  await verdict(`${token}x`);
  const written = `${platform.stderr()}${auditText(dataDir)}`;
  for (const part of token.split('.').slice(1)) assert(!written.includes(part));
});
