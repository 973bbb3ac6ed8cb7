import { type Clock, QfsError, SUBJECT_CHARS_MAX } from '@qfs/core';
import type { FlattenedJWSInput, JWSHeaderParameters, JWTPayload } from 'jose';
import { refused } from './bearer.ts';
import type { AuthFailure, Caller } from './caller.ts';
import type { KeySet } from './jwt-keys.ts';
import { isSubject, isTenantId } from './names.ts';
import { permissionsOf } from './permissions.ts';

/**
 * Algorithms of public keys. A shared secret takes part in none of them, so no key set can be misread as
 * one.
 */
export const PUBLIC_KEY_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
] as const;
export const SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const;

export interface JwtSettings {
  readonly key: KeySet | Uint8Array;
  readonly algorithms: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  readonly clockToleranceS: number;
  /** Names of claims; dots lead into objects. An undefined one is not read. */
  readonly claims: {
    readonly tenant: string | undefined;
    readonly project: string | undefined;
    readonly roles: string;
    readonly scopes: string | undefined;
  };
  /** Where no claim says it. */
  readonly defaults: {
    readonly tenantId: string;
    readonly projectId: string;
    readonly roles: readonly string[];
  };
  readonly clock: Clock;
}

/** jose's errors by code; what is not listed is `malformed`. */
const FAILURES: Readonly<Record<string, readonly [AuthFailure, string]>> = {
  ERR_JWT_EXPIRED: ['expired', 'The JWT has expired.'],
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: ['signature', 'The signature of the JWT is wrong.'],
  ERR_JOSE_ALG_NOT_ALLOWED: ['signature', 'The JWT is signed by an algorithm that is not allowed here.'],
  ERR_JWKS_NO_MATCHING_KEY: ['signature', 'The JWT is signed by a key that its issuer does not publish.'],
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: ['signature', 'The JWT does not say which key signed it (`kid`).'],
};

/**
 * Who holds a JWT (RFC 7519) of the identity provider. `exp` and `sub` are demanded, `nbf` is honoured,
 * keys come from the settings alone and never from the token. A JWT may be used until it expires.
 */
export function jwtAuthenticator(settings: JwtSettings): (text: string) => Promise<Caller> {
  return async (text) => {
    const payload = await verified(text, settings);
    const identity = identityOf(payload, settings);
    const { scopes } = settings.claims;
    return {
      identity,
      permissions: permissionsOf(identity.roles, scopes === undefined ? undefined : listOf(payload, scopes)),
      method: 'jwt',
      key: `jwt ${identity.tenantId} ${identity.subject}`,
      expiresAtMs: payload.exp! * 1000,
    };
  };
}

async function verified(text: string, settings: JwtSettings): Promise<JWTPayload> {
  const { jwtVerify, errors } = await import('jose');
  const { key, algorithms, issuer, audience, clockToleranceS, clock } = settings;
  const options = {
    ...{ issuer, audience, algorithms: [...algorithms], clockTolerance: clockToleranceS },
    ...{ requiredClaims: ['exp', 'sub'], currentDate: new Date(clock.nowMs()) },
  };
  try {
    if (key instanceof Uint8Array) return (await jwtVerify(text, key, options)).payload;
    const findKey = (header: JWSHeaderParameters, token: FlattenedJWSInput) => key.keyOf(header, token);
    return (await jwtVerify(text, findKey, options)).payload;
  } catch (error) {
    if (error instanceof QfsError) throw error;
    if (error instanceof errors.JWTClaimValidationFailed) {
      throw refused(
        'claims',
        `The claim '${error.claim}' of the JWT is not what this server expects.`,
        error,
      );
    }
    const { code } = error as { code?: string };
    const [reason, message] = FAILURES[code ?? ''] ?? [
      'malformed',
      'This is neither an API token nor a JWT.',
    ];
    throw refused(reason, message, error);
  }
}

function identityOf(payload: JWTPayload, { claims, defaults }: JwtSettings) {
  const { sub = '' } = payload;
  if (!isSubject(sub)) {
    throw refused('claims', `The claim 'sub' of the JWT is no text of 1 to ${SUBJECT_CHARS_MAX} characters.`);
  }
  const tenantId = claims.tenant === undefined ? defaults.tenantId : claimOf(payload, claims.tenant);
  const projectId = claims.project === undefined ? undefined : claimOf(payload, claims.project);
  const roles = claimOf(payload, claims.roles) === undefined ? defaults.roles : listOf(payload, claims.roles);
  return {
    tenantId: idOf(claims.tenant ?? '', tenantId),
    projectId: projectId === undefined ? defaults.projectId : idOf(claims.project ?? '', projectId),
    subject: sub,
    roles,
  };
}

function idOf(claim: string, value: unknown): string {
  if (typeof value === 'string' && isTenantId(value)) return value;
  const was = value === undefined ? 'is missing' : 'is no id';
  throw refused(
    'claims',
    `The claim '${claim}' of the JWT ${was}; it names the tenant or project by its id.`,
  );
}

/** A claim by the path to it; one whose name holds dots itself comes first. */
function claimOf(payload: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let value: unknown = payload;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** A list of words, or one text with spaces between them as OAuth writes scopes. */
function listOf(payload: JWTPayload, path: string): readonly string[] {
  const value = claimOf(payload, path);
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '');
  if (!Array.isArray(value)) return [];
  return value.filter((word): word is string => typeof word === 'string');
}
