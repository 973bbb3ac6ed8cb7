import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import { loadConfiguration } from '../../config/index.ts';
import { planAuth } from './auth-plan.ts';

const PLANS: Readonly<Record<string, string>> = {
  '{"open":"always","token":false,"jwt":false}': 'open',
  '{"open":"until_first_token","token":true,"jwt":false}': 'open until the first token',
  '{"open":"never","token":true,"jwt":false}': 'tokens',
  '{"open":"never","token":false,"jwt":true}': 'JWTs',
  '{"open":"never","token":true,"jwt":true}': 'tokens and JWTs',
};

/** What the settings make of a start, or which of them the refusal names. */
function outcome(settings: string, hasTokens = false): string {
  const environment = Object.fromEntries(
    settings.split(' ').map((setting) => setting.split('=') as [string, string]),
  );
  const { values } = loadConfiguration({ flags: new Map(), environment });
  try {
    return PLANS[JSON.stringify(planAuth(values, hasTokens))]!;
  } catch (error) {
    assert.ok(error instanceof QfsError && error.code === 'REQUEST_INVALID');
    return `refused: ${[...error.message.matchAll(/QFS_[A-Z_]+/g)].join(' ')}`;
  }
}

test('SEC-1, SEC-2: who may come in, for every kind of start', () => {
  const tls = 'QFS_TLS_CERT=c QFS_TLS_KEY=k';
  const cases: readonly (readonly [settings: string, withoutTokens: string, withTokens: string])[] = [
    ['API_HOST=127.0.0.1', 'open until the first token', 'open until the first token'],
    ['API_HOST=::1', 'open until the first token', 'open until the first token'],
    ['API_HOST=127.0.0.1 QFS_AUTH=open', 'open', 'open'],
    ['API_HOST=127.0.0.1 QFS_AUTH=token', 'tokens', 'tokens'],
    ['API_HOST=127.0.0.1 QFS_JWT_JWKS=keys.json', 'tokens and JWTs', 'tokens and JWTs'],
    ['API_HOST=127.0.0.1 QFS_JWT_JWKS=keys.json QFS_AUTH=jwt', 'JWTs', 'JWTs'],
    ['API_HOST=127.0.0.1 QFS_JWT_SECRET=s QFS_AUTH=token,jwt', 'tokens and JWTs', 'tokens and JWTs'],
    [`API_HOST=0.0.0.0 ${tls}`, 'refused: QFS_JWT_JWKS QFS_AUTH', 'tokens'],
    ['API_HOST=0.0.0.0 QFS_AUTH=open', 'open', 'open'],
    [`API_HOST=192.168.1.7 QFS_AUTH=token ${tls}`, 'tokens', 'tokens'],
    [
      'API_HOST=192.168.1.7 QFS_AUTH=token',
      'refused: QFS_TLS_CERT QFS_TLS_KEY QFS_TRUST_PROXY',
      'refused: QFS_TLS_CERT QFS_TLS_KEY QFS_TRUST_PROXY',
    ],
    ['API_HOST=:: QFS_AUTH=token QFS_TRUST_PROXY=10.0.0.1', 'tokens', 'tokens'],
    ['QFS_AUTH=open,token', 'refused: QFS_AUTH', 'refused: QFS_AUTH'],
    ['QFS_AUTH=jwt', 'refused: QFS_AUTH QFS_JWT_JWKS', 'refused: QFS_AUTH QFS_JWT_JWKS'],
    ['QFS_AUTH=token QFS_JWT_JWKS=keys.json', 'refused: QFS_AUTH', 'refused: QFS_AUTH'],
  ];
  for (const [settings, without, having] of cases) {
    assert.deepEqual([outcome(settings), outcome(settings, true)], [without, having], settings);
  }
});
