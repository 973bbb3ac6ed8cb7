import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/**
 * JWTs made by hand from node:crypto, so that what reads them is tested against something else than itself.
 */
export interface Signer {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export const rsaSigner = (kid: string): Signer => ({
  kid,
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
});

export const ecSigner = (kid: string): Signer => ({
  kid,
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }),
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs by RS256 or ES256, whichever the key is for; header and claims are written as they are given. */
export function signJwt(signer: Signer, claims: object, header: object = {}): string {
  const isEc = signer.privateKey.asymmetricKeyType === 'ec';
  const body = `${part({ alg: isEc ? 'ES256' : 'RS256', kid: signer.kid, ...header })}.${part(claims)}`;
  const key = isEc ? ({ key: signer.privateKey, dsaEncoding: 'ieee-p1363' } as const) : signer.privateKey;
  return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`;
}

/** Signs by HS256 with a secret, or with what somebody takes for one. */
export function signByHmac(secret: string | Uint8Array, claims: object, header: object = {}): string {
  const body = `${part({ alg: 'HS256', ...header })}.${part(claims)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

/** A JWT that nobody signed. */
export const unsignedJwt = (claims: object, header: object = {}): string =>
  `${part({ alg: 'none', ...header })}.${part(claims)}.`;

/** The key set that a provider publishes. */
export const keySetText = (...signers: readonly Signer[]): string =>
  JSON.stringify({
    keys: signers.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid })),
  });
