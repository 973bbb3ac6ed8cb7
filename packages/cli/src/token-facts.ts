import { type ApiToken, timeJson } from '@qfs/client';
import { columns } from './columns.ts';

/** A token for people: one fact per line, without its secret. */
export function tokenFacts(token: ApiToken): string {
  const rows: readonly (readonly [string, string | null])[] = [
    ['token', token.tokenId],
    ['name', token.name],
    ['subject', token.subject],
    ['tenant', token.tenantId],
    ['project', token.projectId],
    ['roles', token.roles.join(', ')],
    ['scopes', token.scopes.join(', ')],
    ['expires', timeJson(token.expiresAt) ?? 'never'],
    ['revoked', timeJson(token.revokedAt)],
  ];
  return columns(rows.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** In one word: may it be used? */
export function tokenState({ expiresAt, revokedAt }: ApiToken, nowMs = Date.now()): string {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && Number(expiresAt.seconds) * 1000 <= nowMs ? 'expired' : 'valid';
}
