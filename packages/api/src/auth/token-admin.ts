import type { Randomness } from '@qfs/core';
import {
  type Clock,
  QfsError,
  TOKEN_NAME_CHARS_MAX,
  TOKEN_SECONDS_DEFAULT,
  TOKEN_SECONDS_MAX,
  TOKENS_MAX,
} from '@qfs/core';
import type { Identity } from '@qfs/rpc';
import type { LimitsOf } from './caller.ts';
import { isSubject, isTenantId } from './names.ts';
import {
  isPermission,
  isRole,
  PERMISSION_NAMES,
  type Permission,
  permissionsOf,
  ROLES,
  withinTenant,
} from './permissions.ts';
import type { TokenRecord, TokenStore } from './token-store.ts';
import { drawToken, tokenHash } from './token-text.ts';

/** What a new token is to be; empty texts and lists stand for the defaults. */
export interface NewToken {
  readonly name: string;
  readonly subject: string;
  readonly tenantId: string;
  readonly projectId: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** 0: the default; infinite, which only the operator may say: it does not expire. */
  readonly ttlSeconds: number;
}

/** Who makes a token, or looks after those of a tenant. */
export interface TokenManager {
  readonly identity: Identity;
  readonly permissions: ReadonlySet<Permission>;
}

export interface IssuedToken {
  readonly token: TokenRecord;
  /** The whole token; nobody can read it again. */
  readonly secret: string;
}

export interface TokenAdminOptions {
  readonly store: TokenStore;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly limitsOf: LimitsOf;
}

/** API tokens of a tenant. What they may do is never more than their maker may. */
export class TokenAdmin {
  readonly #options: TokenAdminOptions;

  constructor(options: TokenAdminOptions) {
    this.#options = options;
  }

  /** @throws QfsError REQUEST_INVALID, AUTH_DENIED, QUOTA_EXCEEDED */
  create(manager: TokenManager, wanted: NewToken): IssuedToken {
    const { store, clock, randomness, limitsOf } = this.#options;
    const { identity } = manager;
    const owner = {
      subject: wanted.subject || identity.subject,
      tenantId: wanted.tenantId || identity.tenantId,
      projectId: wanted.projectId || identity.projectId,
      roles: wanted.roles.length === 0 ? ['user'] : [...new Set(wanted.roles)],
      scopes: [...new Set(wanted.scopes)],
    };
    requireReadable(wanted, owner);
    requireNoMore(manager, owner);
    const { tokenId, text } = drawToken(randomness);
    const createdMs = clock.nowMs();
    const ttlSeconds = wanted.ttlSeconds || TOKEN_SECONDS_DEFAULT;
    const token: TokenRecord = {
      ...{ tokenId, hash: tokenHash(text), name: wanted.name, ...owner, createdMs },
      expiresMs: ttlSeconds === Number.POSITIVE_INFINITY ? undefined : createdMs + ttlSeconds * 1000,
      ...{ lastUsedMs: undefined, revokedMs: undefined },
    };
    const { tokensMax = TOKENS_MAX } = limitsOf(owner);
    if (!store.add(token, tokensMax)) {
      const message = `${owner.tenantId} has ${tokensMax} tokens, as many as it may. Revoke one first.`;
      throw new QfsError('QUOTA_EXCEEDED', message, { metadata: { limit: 'tokens' } });
    }
    return { token, secret: text };
  }

  list({ identity }: TokenManager): readonly TokenRecord[] {
    return this.#options.store.list(identity.tenantId);
  }

  /** @throws QfsError TOKEN_NOT_FOUND */
  revoke({ identity }: TokenManager, tokenId: string): TokenRecord {
    const { store, clock } = this.#options;
    const token = store.revoke(identity.tenantId, tokenId, clock.nowMs());
    if (token !== undefined) return token;
    const metadata = { token_id: tokenId };
    throw new QfsError('TOKEN_NOT_FOUND', `${identity.tenantId} has no token '${tokenId}'.`, { metadata });
  }
}

type Owner = Pick<TokenRecord, 'subject' | 'tenantId' | 'projectId' | 'roles' | 'scopes'>;

function requireReadable({ name, ttlSeconds }: NewToken, owner: Owner): void {
  const faults: [string, string][] = [];
  if (name.length > TOKEN_NAME_CHARS_MAX || /\p{C}/u.test(name)) {
    faults.push(['name', `is at most ${TOKEN_NAME_CHARS_MAX} characters in one line`]);
  }
  if (!isSubject(owner.subject)) faults.push(['subject', 'is text in one line']);
  if (!isTenantId(owner.tenantId)) faults.push(['tenant_id', 'is letters, digits, dots and dashes']);
  if (!isTenantId(owner.projectId)) faults.push(['project_id', 'is letters, digits, dots and dashes']);
  for (const role of owner.roles) {
    if (!isRole(role)) faults.push(['roles', `has '${role}'; the roles are ${ROLES.join(', ')}`]);
  }
  for (const scope of owner.scopes) {
    const known = PERMISSION_NAMES.join(', ');
    if (!isPermission(scope)) faults.push(['scopes', `has '${scope}'; the permissions are ${known}`]);
  }
  if (ttlSeconds > TOKEN_SECONDS_MAX && ttlSeconds !== Number.POSITIVE_INFINITY)
    faults.push(['ttl_seconds', `is at most ${TOKEN_SECONDS_MAX}`]);
  const [first] = faults;
  if (first === undefined) return;
  const violations = faults.map(([field, description]) => ({ field, description }));
  throw new QfsError('REQUEST_INVALID', `The token cannot be made: ${first[0]} ${first[1]}.`, { violations });
}

/** Nobody hands out what he has not. */
function requireNoMore({ identity, permissions }: TokenManager, owner: Owner): void {
  const { scopes } = owner;
  const granted = permissionsOf(owner.roles, scopes.length === 0 ? undefined : scopes);
  const wanted = withinTenant(granted, owner.tenantId);
  const more = [...wanted].filter((permission) => !permissions.has(permission));
  if (more.length > 0) {
    const message = `The token would have ${more.join(', ')}, which your credentials have not.`;
    throw new QfsError('AUTH_DENIED', message, { metadata: { permission: more[0]! } });
  }
  if (owner.tenantId === identity.tenantId) return;
  throw new QfsError(
    'AUTH_DENIED',
    `The token would be of ${owner.tenantId}; over the network tokens are made for ${identity.tenantId} alone. ` +
      'Whoever runs the server makes them for others with "npm start -- token create".',
  );
}
