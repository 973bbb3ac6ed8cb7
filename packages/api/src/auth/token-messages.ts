import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type ApiToken,
  ApiTokenSchema,
  type GetIdentityResponse,
  GetIdentityResponseSchema,
} from '@qfs/rpc/api';
import type { Caller, Limits } from './caller.ts';
import type { TokenRecord } from './token-store.ts';

/** A token as the contract shows it: without its hash. */
export const tokenMessage = ({
  hash: _,
  createdMs,
  expiresMs,
  lastUsedMs,
  revokedMs,
  ...token
}: TokenRecord): ApiToken =>
  create(ApiTokenSchema, {
    ...token,
    roles: [...token.roles],
    scopes: [...token.scopes],
    createdAt: timestampFromMs(createdMs),
    ...(expiresMs === undefined ? {} : { expiresAt: timestampFromMs(expiresMs) }),
    ...(lastUsedMs === undefined ? {} : { lastUsedAt: timestampFromMs(lastUsedMs) }),
    ...(revokedMs === undefined ? {} : { revokedAt: timestampFromMs(revokedMs) }),
  });

/** Who somebody is, as the contract shows it. */
export const identityMessage = (
  { identity, permissions, method, tokenId = '', expiresAtMs }: Caller,
  limits: Limits,
): GetIdentityResponse =>
  create(GetIdentityResponseSchema, {
    ...{ subject: identity.subject, tenantId: identity.tenantId, projectId: identity.projectId },
    ...{ roles: [...identity.roles], permissions: [...permissions], method, tokenId, limits },
    ...(expiresAtMs === undefined ? {} : { expiresAt: timestampFromMs(expiresAtMs) }),
  });
