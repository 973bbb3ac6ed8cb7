import { QfsError } from '@qfs/core';
import type { Configuration } from '../../config/index.ts';

/** Who may come in, as the settings and the tokens that there are decide it. */
export interface AuthPlan {
  /** Whether everybody is the local user: always, never, or until the first token is made. */
  readonly open: 'always' | 'until_first_token' | 'never';
  readonly token: boolean;
  readonly jwt: boolean;
}

export type AuthSettings = Pick<
  Configuration,
  'api_host' | 'auth' | 'jwt_jwks' | 'jwt_secret' | 'tls_cert' | 'tls_key' | 'trust_proxy'
>;

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

const refuse = (message: string): QfsError => new QfsError('REQUEST_INVALID', message);

/**
 * Safe unless the operator says otherwise: open on loopback alone and only until there is a token, and tokens
 * never over a network in the clear.
 *
 * @throws QfsError REQUEST_INVALID with what to set instead.
 */
export function planAuth(settings: AuthSettings, hasTokens: boolean): AuthPlan {
  const plan = settings.auth.length === 0 ? planOf(settings, hasTokens) : explicitPlan(settings);
  const isClear = settings.tls_cert === null && settings.tls_key === null;
  if (
    !isLoopback(settings.api_host) &&
    plan.open !== 'always' &&
    isClear &&
    settings.trust_proxy.length === 0
  ) {
    throw refuse(
      `API_HOST is ${settings.api_host}, and tokens would cross the network unencrypted. Set QFS_TLS_CERT and ` +
        'QFS_TLS_KEY, or name the proxy that ends TLS with QFS_TRUST_PROXY.',
    );
  }
  return plan;
}

function planOf({ api_host: host, ...settings }: AuthSettings, hasTokens: boolean): AuthPlan {
  if (hasJwt(settings)) return { open: 'never', token: true, jwt: true };
  if (isLoopback(host)) return { open: 'until_first_token', token: true, jwt: false };
  if (hasTokens) return { open: 'never', token: true, jwt: false };
  throw refuse(
    `API_HOST is ${host}, an address that other machines reach, and no authentication is configured. ` +
      'Make a token with "npm start -- token create --role admin", or set QFS_JWT_JWKS; ' +
      'QFS_AUTH=open lets everybody in who reaches the port.',
  );
}

function explicitPlan({ auth, ...settings }: AuthSettings): AuthPlan {
  const [open, token, jwt] = ['open', 'token', 'jwt'].map((mode) => auth.includes(mode)) as [
    boolean,
    boolean,
    boolean,
  ];
  if (open && (token || jwt)) {
    throw refuse(`QFS_AUTH is "${auth.join(',')}"; "open" asks nobody for anything, so it stands alone.`);
  }
  if (jwt && !hasJwt(settings)) {
    throw refuse(
      'QFS_AUTH names "jwt"; set QFS_JWT_JWKS to the keys of the identity provider (file or URL).',
    );
  }
  if (!jwt && hasJwt(settings)) {
    throw refuse(
      'The keys of an identity provider are set, but QFS_AUTH does not name "jwt". Say which is meant.',
    );
  }
  return { open: open ? 'always' : 'never', token, jwt };
}

const hasJwt = ({
  jwt_jwks: jwks,
  jwt_secret: secret,
}: Pick<AuthSettings, 'jwt_jwks' | 'jwt_secret'>): boolean => jwks !== null || secret !== null;
