import type { Identity } from '@qfs/rpc';
import type { Permission } from './permissions.ts';

/** How somebody is known: by nothing where everybody is the local user, by an API token, by a JWT. */
type AuthMethod = 'open' | 'token' | 'jwt';

/** Who calls, and what that allows. */
export interface Caller {
  readonly identity: Identity;
  readonly permissions: ReadonlySet<Permission>;
  readonly method: AuthMethod;
  /** Whose requests are counted together: the token, the subject of a JWT, or the address. */
  readonly key: string;
  /** Of an API token. */
  readonly tokenId?: string;
  /** When the credentials end, in milliseconds since 1970. */
  readonly expiresAtMs?: number;
}

/** What a request brings to prove who sends it. Identity headers from outside are never among it. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  /** The `Host` that a browser would have looked up; gRPC, which browsers do not speak, has none. */
  readonly host?: string | undefined;
}

export interface Authenticator {
  /**
   * @throws QfsError AUTH_MISSING when the credentials prove nobody, with `reason` in its metadata;
   *   AUTH_UNAVAILABLE when they cannot be checked now.
   */
  authenticate(credentials: Credentials): Caller | Promise<Caller>;
}

/** Why credentials prove nobody: the label of metrics, the reason in the audit log and in the answer. */
export const AUTH_FAILURES = [
  'missing',
  'malformed',
  'unknown',
  'expired',
  'revoked',
  'signature',
  'claims',
  'host',
  'unavailable',
] as const;
export type AuthFailure = (typeof AUTH_FAILURES)[number];

/** Bounds of a tenant and of a project in it; what is absent has no bound. */
export interface Limits {
  readonly tenantOpenJobsMax?: number;
  readonly projectOpenJobsMax?: number;
  readonly tenantRequestsPerSecond?: number;
  readonly keyRequestsPerSecond?: number;
  readonly shotsPerJobMax?: number;
  readonly tokensMax?: number;
}

export type LimitsOf = (scope: Pick<Identity, 'tenantId' | 'projectId'>) => Limits;
