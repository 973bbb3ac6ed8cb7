import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { KeySet } from '@qfs/api';
import { JWKS_BYTES_MAX, QfsError } from '@qfs/core';
import { systemClock as clock } from '@qfs/storage';
import { loadConfiguration } from '../../config/index.ts';
import { jwtSettingsOf } from './jwt-settings.ts';

const COMPLETE = { QFS_JWT_ISSUER: 'https://id.example', QFS_JWT_AUDIENCE: 'qfs' };

function settingsOf(environment: Readonly<Record<string, string>>, errors: unknown[] = []) {
  const { values } = loadConfiguration({ flags: new Map(), environment: { ...COMPLETE, ...environment } });
  return jwtSettingsOf(values, { clock, onError: (error) => void errors.push(error) });
}

const refusal = (environment: Readonly<Record<string, string>>): string => {
  try {
    settingsOf(environment);
    return 'none';
  } catch (error) {
    assert.ok(error instanceof QfsError && error.code === 'REQUEST_INVALID');
    return error.message;
  }
};

const SECRET = '0123456789abcdef0123456789abcdef';

test('SEC-2: settings by which JWTs could be forged or were made for others are refused', () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ QFS_JWT_JWKS: 'keys.json' }, /^none$/],
    [{ QFS_JWT_JWKS: 'https://id.example/keys' }, /^none$/],
    [{ QFS_JWT_JWKS: 'http://127.0.0.1:9/keys' }, /^none$/],
    [{ QFS_JWT_JWKS: 'http://[::1]:9/keys' }, /^none$/],
    [{ QFS_JWT_SECRET: SECRET }, /^none$/],
    [{ QFS_JWT_SECRET: SECRET, QFS_JWT_ALGORITHMS: 'HS512' }, /^none$/],
    [{ QFS_JWT_JWKS: 'keys.json', QFS_JWT_ALGORITHMS: 'ES256,EdDSA' }, /^none$/],
    [{ QFS_JWT_JWKS: 'http://id.example/keys' }, /Use https/],
    [{ QFS_JWT_JWKS: 'http://127.0.0.1.evil.example/keys' }, /Use https/],
    [{ QFS_JWT_JWKS: 'https://' }, /no address/],
    [{ QFS_JWT_JWKS: 'keys.json', QFS_JWT_SECRET: SECRET }, /both set/],
    [{ QFS_JWT_SECRET: SECRET.slice(1) }, /31 bytes/],
    [{ QFS_JWT_JWKS: 'keys.json', QFS_JWT_ALGORITHMS: 'RS256,HS256' }, /names "HS256"/],
    [{ QFS_JWT_JWKS: 'keys.json', QFS_JWT_ALGORITHMS: 'none' }, /names "none"/],
    [{ QFS_JWT_SECRET: SECRET, QFS_JWT_ALGORITHMS: 'RS256' }, /names "RS256"/],
    [{ QFS_JWT_JWKS: 'keys.json', QFS_JWT_ISSUER: '' }, /QFS_JWT_ISSUER is not set/],
    [{ QFS_JWT_JWKS: 'keys.json', QFS_JWT_AUDIENCE: '' }, /QFS_JWT_AUDIENCE is not set/],
  ];
  for (const [environment, message] of cases)
    assert.match(refusal(environment), message, JSON.stringify(environment));
});

/** A provider that answers as the test says. */
async function provider(
  t: TestContext,
  answer: (path: string) => { status: number; body: string; location?: string },
) {
  const server = createServer((request, response) => {
    const { status, body, location } = answer(request.url ?? '');
    response.writeHead(status, location === undefined ? {} : { location }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('SEC-7: keys are read from an address within bounds, and never from where it sends us', async (t) => {
  const keys = JSON.stringify({ keys: [] });
  const url = await provider(t, (path) => {
    if (path === '/moved') return { status: 302, body: '', location: '/keys' };
    if (path === '/broken') return { status: 200, body: '{"keys":' };
    if (path === '/gone') return { status: 404, body: keys };
    if (path === '/large') return { status: 200, body: keys.padEnd(JWKS_BYTES_MAX + 1) };
    if (path === '/full') return { status: 200, body: keys.padEnd(JWKS_BYTES_MAX) };
    return { status: 200, body: keys };
  });
  const failures = async (path: string): Promise<number> => {
    const errors: unknown[] = [];
    const { key } = settingsOf({ QFS_JWT_JWKS: `${url}${path}` }, errors);
    assert(key instanceof KeySet);
    await key.reload();
    return errors.length;
  };
  assert.deepEqual(await Promise.all(['/keys', '/full'].map(failures)), [0, 0]);
  assert.deepEqual(await Promise.all(['/moved', '/broken', '/gone', '/large'].map(failures)), [1, 1, 1, 1]);
});
