import { readFile } from 'node:fs/promises';
import { type JwtSettings, KeySet, PUBLIC_KEY_ALGORITHMS, SECRET_ALGORITHMS } from '@qfs/api';
import { LOCAL_PRINCIPAL } from '@qfs/consensus/local';
import { type Clock, JWKS_BYTES_MAX, QfsError } from '@qfs/core';
import type { Configuration } from '../../config/index.ts';
import { isLoopback } from './auth-plan.ts';

const SECRET_BYTES_MIN = 32;
const FETCH_MS_MAX = 5_000;
/** The value of a setting that names a claim and means that there is none. */
const NO_CLAIM = 'none';

const refuse = (message: string): QfsError => new QfsError('REQUEST_INVALID', message);

export interface JwtPorts {
  readonly clock: Clock;
  /** The keys could not be read. */
  readonly onError: (error: unknown) => void;
}

/**
 * What JWTs must be to be believed, from the settings.
 *
 * @throws QfsError REQUEST_INVALID when something that safety needs is missing or does not fit together.
 */
export function jwtSettingsOf(config: Configuration, { clock, onError }: JwtPorts): JwtSettings {
  const { jwt_jwks: jwks, jwt_secret: secret, jwt_issuer: issuer, jwt_audience: audience } = config;
  if (jwks !== null && secret !== null) {
    throw refuse('QFS_JWT_JWKS and QFS_JWT_SECRET are both set; JWTs are signed by one of them.');
  }
  if (issuer === null || audience === null) {
    const missing = issuer === null ? 'QFS_JWT_ISSUER' : 'QFS_JWT_AUDIENCE';
    throw refuse(`${missing} is not set; without it JWTs that were made for others would be taken.`);
  }
  const claim = (name: string): string | undefined => (name === NO_CLAIM ? undefined : name);
  return {
    key: secret === null ? keySetOf(jwks ?? '', { clock, onError }) : secretOf(secret),
    algorithms: algorithmsOf(config.jwt_algorithms, secret !== null),
    ...{ issuer, audience, clock, clockToleranceS: config.jwt_clock_tolerance_s },
    claims: {
      tenant: claim(config.jwt_tenant_claim),
      project: claim(config.jwt_project_claim),
      roles: config.jwt_roles_claim,
      scopes: claim(config.jwt_scopes_claim),
    },
    defaults: {
      tenantId: LOCAL_PRINCIPAL.tenant_id,
      projectId: LOCAL_PRINCIPAL.project_id,
      roles: config.jwt_default_roles,
    },
  };
}

function secretOf(secret: string): Uint8Array {
  const bytes = new TextEncoder().encode(secret);
  if (bytes.length >= SECRET_BYTES_MIN) return bytes;
  throw refuse(
    `QFS_JWT_SECRET has ${bytes.length} bytes; a secret that can be guessed signs for anybody. Use 32.`,
  );
}

/** Whoever has a public key could sign with it where it were taken for a secret, so the two never mix. */
function algorithmsOf(wanted: readonly string[], isSecret: boolean): readonly string[] {
  const fitting: readonly string[] = isSecret ? SECRET_ALGORITHMS : PUBLIC_KEY_ALGORITHMS;
  for (const name of wanted) {
    if (fitting.includes(name)) continue;
    const kind = isSecret ? 'a secret' : 'public keys';
    throw refuse(`QFS_JWT_ALGORITHMS names "${name}"; those of ${kind} are ${fitting.join(', ')}.`);
  }
  if (wanted.length > 0) return wanted;
  return isSecret ? ['HS256'] : PUBLIC_KEY_ALGORITHMS;
}

function keySetOf(place: string, ports: JwtPorts): KeySet {
  if (!/^https?:/i.test(place)) return new KeySet({ ...ports, read: () => readFile(place, 'utf8') });
  const url = URL.parse(place);
  if (url === null) throw refuse(`QFS_JWT_JWKS is ${place}, which is no address.`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) {
    throw refuse(
      `QFS_JWT_JWKS is ${place}; keys that come unencrypted can be exchanged on the way. Use https.`,
    );
  }
  return new KeySet({ ...ports, read: () => fetchText(url) });
}

async function fetchText(url: URL): Promise<string> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_MS_MAX) });
  if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body) {
    bytes += part.length;
    if (bytes > JWKS_BYTES_MAX) throw new Error(`${url} answered with more than ${JWKS_BYTES_MAX} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
