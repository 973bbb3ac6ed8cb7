import type { Clock } from '@qfs/core';
import { refused } from './bearer.ts';
import type { Caller } from './caller.ts';
import { permissionsOf } from './permissions.ts';
import type { TokenStore } from './token-store.ts';
import { isTokenOf, tokenIdOf } from './token-text.ts';

const TOKEN_PREFIX = 'qfs_';
const MINUTE_MS = 60_000;

export const isApiToken = (text: string): boolean => text.startsWith(TOKEN_PREFIX);

/** Who holds an API token. That it is expired or revoked is said only to whoever knows its secret. */
export function tokenAuthenticator(store: TokenStore, clock: Clock): (text: string) => Caller {
  return (text) => {
    const tokenId = tokenIdOf(text);
    if (tokenId === undefined) {
      throw refused('malformed', 'The token is mistyped or cut off: its checksum does not match.');
    }
    const token = store.find(tokenId);
    if (token === undefined || !isTokenOf(text, token.hash)) {
      throw refused('unknown', `No token ${tokenId} of this secret is known here.`);
    }
    const nowMs = clock.nowMs();
    if (token.revokedMs !== undefined) throw refused('revoked', `The token ${tokenId} was revoked.`);
    if (token.expiresMs !== undefined && token.expiresMs <= nowMs) {
      throw refused('expired', `The token ${tokenId} expired at ${new Date(token.expiresMs).toISOString()}.`);
    }
    const minuteMs = nowMs - (nowMs % MINUTE_MS);
    if (token.lastUsedMs === undefined || token.lastUsedMs < minuteMs) store.touch(tokenId, minuteMs);
    const { tenantId, projectId, subject, roles, scopes } = token;
    return {
      identity: { tenantId, projectId, subject, roles },
      permissions: permissionsOf(roles, scopes.length === 0 ? undefined : scopes),
      method: 'token',
      key: `token ${tokenId}`,
      tokenId,
      ...(token.expiresMs === undefined ? {} : { expiresAtMs: token.expiresMs }),
    };
  };
}
