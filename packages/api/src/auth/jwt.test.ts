import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError, SUBJECT_CHARS_MAX } from '@qfs/core';
import {
  ecSigner,
  keySetText,
  rsaSigner,
  type Signer,
  signByHmac,
  signJwt,
  unsignedJwt,
} from '../testing/jwt.ts';
import { StandingClock } from '../testing/security.ts';
import { type JwtSettings, jwtAuthenticator, PUBLIC_KEY_ALGORITHMS } from './jwt.ts';
import { KEYS_COOLDOWN_MS, KEYS_MAX_AGE_MS, KeySet } from './jwt-keys.ts';

const RSA = rsaSigner('rsa-1');
const EC = ecSigner('ec-1');
const SECRET = 'a secret of the platform, of 40 bytes ok';

const clock = new StandingClock();
const seconds = (): number => Math.floor(clock.ms / 1000);
const claimsOf = (change: object = {}) => ({
  ...{ iss: 'https://id.example', aud: 'qfs', sub: 'auth0|ana', tenant_id: 'acme', project_id: 'alpha' },
  ...{ roles: ['user'], exp: seconds() + 600, iat: seconds(), ...change },
});

const settingsOf = (key: JwtSettings['key'], change: Partial<JwtSettings> = {}): JwtSettings => ({
  key,
  algorithms: key instanceof Uint8Array ? ['HS256'] : PUBLIC_KEY_ALGORITHMS,
  ...{ issuer: 'https://id.example', audience: 'qfs', clockToleranceS: 10, clock },
  claims: { tenant: 'tenant_id', project: 'project_id', roles: 'roles', scopes: undefined },
  defaults: { tenantId: 'tenant-default', projectId: 'project-default', roles: [] },
  ...change,
});

const keySetOf = (read: () => Promise<string>): KeySet =>
  new KeySet({ read, clock, onError: () => undefined });
const published = (...signers: readonly Signer[]): KeySet => keySetOf(async () => keySetText(...signers));

const who = jwtAuthenticator(settingsOf(published(RSA, EC)));

async function refusal(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return 'none';
  assert.ok(error instanceof QfsError, String(error));
  return `${error.code} ${error.metadata.reason ?? ''}`.trim();
}

test('SEC-6: a JWT of the provider says who calls, by RSA as by elliptic curves', async () => {
  for (const signer of [RSA, EC]) {
    const caller = await who(signJwt(signer, claimsOf()));
    assert.deepEqual(caller.identity, {
      ...{ tenantId: 'acme', projectId: 'alpha', subject: 'auth0|ana', roles: ['user'] },
    });
    assert(caller.permissions.has('jobs:submit') && !caller.permissions.has('devices:reserve'));
    assert.deepEqual([caller.method, caller.expiresAtMs], ['jwt', (seconds() + 600) * 1000]);
  }
});

test('SEC-6: expired, not yet valid, from elsewhere or for others: refused by what is wrong', async () => {
  const cases: readonly (readonly [change: object, expected: string])[] = [
    [{ exp: seconds() - 9 }, 'none'],
    [{ exp: seconds() - 11 }, 'AUTH_MISSING expired'],
    [{ exp: undefined }, 'AUTH_MISSING claims'],
    [{ exp: 'tomorrow' }, 'AUTH_MISSING claims'],
    [{ nbf: seconds() + 9 }, 'none'],
    [{ nbf: seconds() + 20 }, 'AUTH_MISSING claims'],
    [{ iss: 'https://evil.example' }, 'AUTH_MISSING claims'],
    [{ iss: undefined }, 'AUTH_MISSING claims'],
    [{ aud: 'another service' }, 'AUTH_MISSING claims'],
    [{ aud: ['another service', 'qfs'] }, 'none'],
    [{ aud: undefined }, 'AUTH_MISSING claims'],
    [{ sub: undefined }, 'AUTH_MISSING claims'],
    [{ sub: '' }, 'AUTH_MISSING claims'],
    [{ sub: 'a\nb' }, 'AUTH_MISSING claims'],
    [{ sub: 's'.repeat(SUBJECT_CHARS_MAX) }, 'none'],
    [{ sub: 's'.repeat(SUBJECT_CHARS_MAX + 1) }, 'AUTH_MISSING claims'],
    [{ tenant_id: undefined }, 'AUTH_MISSING claims'],
    [{ tenant_id: '../acme' }, 'AUTH_MISSING claims'],
    [{ tenant_id: ['acme'] }, 'AUTH_MISSING claims'],
    [{ project_id: '' }, 'AUTH_MISSING claims'],
  ];
  for (const [change, expected] of cases) {
    assert.equal(await refusal(who(signJwt(RSA, claimsOf(change)))), expected, JSON.stringify(change));
  }
});

test('SEC-6: no algorithm but those of the keys is taken, whatever the header of the JWT says', async () => {
  const pem = RSA.publicKey.export({ type: 'spki', format: 'pem' });
  const jwk = JSON.stringify(RSA.publicKey.export({ format: 'jwk' }));
  const header = { kid: RSA.kid };
  for (const [name, token] of Object.entries({
    'the public key as secret, PEM': signByHmac(pem, claimsOf(), header),
    'the public key as secret, JWK': signByHmac(jwk, claimsOf(), header),
    'the public key as secret, DER': signByHmac(
      RSA.publicKey.export({ type: 'spki', format: 'der' }),
      claimsOf(),
      header,
    ),
    'an empty secret': signByHmac('', claimsOf(), header),
    'nobody signed': unsignedJwt(claimsOf(), header),
    'nobody signed, in other letters': unsignedJwt(claimsOf(), { alg: 'NONE', ...header }),
    'another algorithm of the same key': signJwt(RSA, claimsOf(), { alg: 'PS256' }),
    'signed for another key': signJwt({ ...RSA, kid: EC.kid }, claimsOf(), { alg: 'ES256' }),
  })) {
    assert.match(await refusal(who(token)), /^AUTH_MISSING (?:signature|malformed)$/, name);
  }
  const bySecret = jwtAuthenticator(settingsOf(new TextEncoder().encode(SECRET)));
  assert.equal(await refusal(bySecret(signByHmac(SECRET, claimsOf()))), 'none');
  assert.equal(await refusal(bySecret(signByHmac(`${SECRET}.`, claimsOf()))), 'AUTH_MISSING signature');
  assert.equal(await refusal(bySecret(signJwt(RSA, claimsOf()))), 'AUTH_MISSING signature');
  assert.equal(await refusal(bySecret(unsignedJwt(claimsOf()))), 'AUTH_MISSING signature');
});

test('SEC-6: a key that the token brings along, or says where to get, is not used', async () => {
  const mallory = rsaSigner('rsa-1');
  const jwk = mallory.publicKey.export({ format: 'jwk' });
  for (const header of [
    { jwk },
    { jwk, kid: undefined },
    { jku: 'http://127.0.0.1:1/keys' },
    { x5u: 'http://127.0.0.1:1/cert' },
    { kid: '../../etc/passwd' },
    { crit: ['exp'] },
    { b64: false, crit: ['b64'] },
  ]) {
    const answer = await refusal(who(signJwt(mallory, claimsOf(), header)));
    assert.match(answer, /^AUTH_MISSING (?:signature|malformed)$/, JSON.stringify(header));
  }
});

test('SEC-6: what is cut off, changed or no JWT at all is refused', async () => {
  const token = signJwt(RSA, claimsOf());
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const admin = Buffer.from(JSON.stringify(claimsOf({ roles: ['admin'] }))).toString('base64url');
  for (const broken of [
    ...['', '.', '..', '...', 'x.y.z', header, `${header}.${payload}`, `${header}.${payload}.`, `${token}.`],
    ...[token.slice(0, -10), token.slice(10), `${header}.${admin}.${signature}`, `${header}..${signature}`],
    ...[`${Buffer.from('[]').toString('base64url')}.${payload}.${signature}`, '{"alg":"RS256"}'],
    signJwt(RSA, [] as object),
  ]) {
    assert.match(await refusal(who(broken)), /^AUTH_MISSING (?:signature|malformed|claims)$/, broken);
  }
});

test('SEC-6: tenant, project, roles and scopes come from the claims that the settings name', async () => {
  const claims = {
    tenant: 'org.id',
    project: undefined,
    roles: 'realm_access.roles',
    scopes: 'scope',
  } as const;
  const keycloak = jwtAuthenticator(settingsOf(published(RSA), { claims }));
  const token = (change: object) =>
    keycloak(
      signJwt(
        RSA,
        claimsOf({ org: { id: 'umbrella' }, realm_access: { roles: ['admin', 'offline'] }, ...change }),
      ),
    );
  const caller = await token({ scope: 'openid jobs:read jobs:submit' });
  assert.deepEqual([caller.identity.tenantId, caller.identity.projectId], ['umbrella', 'project-default']);
  assert.deepEqual([...caller.permissions], ['jobs:submit', 'jobs:read']);
  assert.equal(
    (await token({ scope: undefined })).permissions.size,
    0,
    'a claim that is missing allows nothing',
  );
  assert.equal((await token({ scope: 7 })).permissions.size, 0);
  const roleless = await token({ scope: 'jobs:read', realm_access: undefined });
  assert.deepEqual([roleless.identity.roles, roleless.permissions.size], [[], 0]);
  const open = { tenant: undefined, project: undefined, roles: 'roles', scopes: undefined } as const;
  const defaults = { tenantId: 'tenant-default', projectId: 'project-default', roles: ['readonly'] };
  const google = jwtAuthenticator(settingsOf(published(RSA), { claims: open, defaults }));
  const { identity } = await google(signJwt(RSA, claimsOf({ roles: undefined, tenant_id: 'acme' })));
  assert.deepEqual(identity, { ...defaults, subject: 'auth0|ana' });
});

test('SEC-7: keys rotate: an unknown one has them read again, once within the cooldown', async () => {
  let keys: readonly Signer[] = [RSA];
  let reads = 0;
  const rotating = jwtAuthenticator(
    settingsOf(
      keySetOf(async () => {
        reads += 1;
        return keySetText(...keys);
      }),
    ),
  );
  const next = rsaSigner('rsa-2');
  const results = await Promise.all([1, 2, 3].map(() => refusal(rotating(signJwt(RSA, claimsOf())))));
  assert.deepEqual([results, reads], [['none', 'none', 'none'], 1], 'one reading serves everybody');
  keys = [next];
  assert.equal(await refusal(rotating(signJwt(next, claimsOf()))), 'AUTH_MISSING signature');
  assert.equal(reads, 1, 'within the cooldown nobody makes the server ask');
  clock.ms += KEYS_COOLDOWN_MS;
  assert.equal(await refusal(rotating(signJwt(next, claimsOf()))), 'none');
  assert.equal(
    await refusal(rotating(signJwt(RSA, claimsOf()))),
    'AUTH_MISSING signature',
    'the old key is gone',
  );
  assert.equal(reads, 2);
});

test('SEC-7: while the keys cannot be read the known ones go on, and what needs new ones may be repeated', async () => {
  let isDown = true;
  let reads = 0;
  const read = async () => {
    reads += 1;
    if (isDown) throw new Error('connection refused');
    return keySetText(RSA);
  };
  const shaky = jwtAuthenticator(settingsOf(keySetOf(read)));
  const other = rsaSigner('rsa-9');
  assert.equal(await refusal(shaky(signJwt(RSA, claimsOf()))), 'AUTH_UNAVAILABLE');
  assert.equal(await refusal(shaky(signJwt(RSA, claimsOf()))), 'AUTH_UNAVAILABLE');
  assert.equal(reads, 1, 'a provider that is down is not asked by every request');
  isDown = false;
  clock.ms += KEYS_COOLDOWN_MS;
  assert.equal(await refusal(shaky(signJwt(RSA, claimsOf()))), 'none');
  isDown = true;
  clock.ms += KEYS_MAX_AGE_MS;
  assert.equal(await refusal(shaky(signJwt(RSA, claimsOf()))), 'none');
  clock.ms += KEYS_COOLDOWN_MS;
  assert.equal(await refusal(shaky(signJwt(other, claimsOf()))), 'AUTH_UNAVAILABLE');
  assert.equal(await refusal(shaky(signJwt(RSA, claimsOf()))), 'none');
});
