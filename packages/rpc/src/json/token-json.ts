import type { ApiToken, GetIdentityResponse } from '../entries/api.ts';
import { timeJson } from './job-json.ts';
import type { JsonObject } from './json-object.ts';

/** A token as `/api/v1/tokens` lists it. */
export const tokenJson = (token: ApiToken): JsonObject => ({
  token_id: token.tokenId,
  name: token.name,
  subject: token.subject,
  tenant_id: token.tenantId,
  project_id: token.projectId,
  roles: token.roles,
  scopes: token.scopes,
  created_at: timeJson(token.createdAt),
  expires_at: timeJson(token.expiresAt),
  last_used_at: timeJson(token.lastUsedAt),
  revoked_at: timeJson(token.revokedAt),
});

/** Who the caller is, as `/api/v1/identity` says it; a limit of null is none. */
export const identityJson = (identity: GetIdentityResponse): JsonObject => {
  const { limits } = identity;
  const bound = (value: number | undefined): number | null => value || null;
  return {
    subject: identity.subject,
    tenant_id: identity.tenantId,
    project_id: identity.projectId,
    roles: identity.roles,
    permissions: identity.permissions,
    method: identity.method,
    token_id: identity.tokenId === '' ? null : identity.tokenId,
    expires_at: timeJson(identity.expiresAt),
    limits: {
      tenant_open_jobs_max: bound(limits?.tenantOpenJobsMax),
      project_open_jobs_max: bound(limits?.projectOpenJobsMax),
      tenant_requests_per_second: bound(limits?.tenantRequestsPerSecond),
      key_requests_per_second: bound(limits?.keyRequestsPerSecond),
      shots_per_job_max: bound(limits?.shotsPerJobMax),
      tokens_max: bound(limits?.tokensMax),
    },
  };
};
