import { TOKENS_MAX } from '@qfs/core';
import type { CallContext } from '@qfs/rpc';
import type { ApiToken, GetIdentityResponse } from '@qfs/rpc/api';
import type { DoorDependencies } from '../door.ts';
import { audited } from './audit.ts';
import type { Caller } from './caller.ts';
import type { NewToken } from './token-admin.ts';
import { identityMessage, tokenMessage } from './token-messages.ts';
import { isLive, type TokenRecord } from './token-store.ts';

type Rooms = Pick<DoorDependencies, 'tokens' | 'audit' | 'limitsOf' | 'clock' | 'keyRequestsPerSecond'>;

/** Who calls, in which request. */
interface Call {
  readonly caller: Caller;
  readonly call: CallContext;
}

const ACTION = 'tokens:manage';

/** Makes a token for a caller of either door, and writes that down. */
export async function issueToken(
  { audit, tokens }: Rooms,
  { caller, call }: Call,
  wanted: NewToken,
): Promise<{ readonly token: ApiToken; readonly secret: string }> {
  const create = () => tokens.create(caller, wanted);
  const issued = await audited(audit, call, ACTION, wanted.name, create, ({ token }) => token.tokenId);
  return { token: tokenMessage(issued.token), secret: issued.secret };
}

export function listTokens(
  { tokens, clock }: Rooms,
  { caller }: Call,
  includeEnded: boolean,
): readonly ApiToken[] {
  const nowMs = clock.nowMs();
  const shown = (token: TokenRecord): boolean => includeEnded || isLive(token, nowMs);
  return tokens.list(caller).filter(shown).map(tokenMessage);
}

export async function revokeToken(
  { audit, tokens }: Rooms,
  { caller, call }: Call,
  tokenId: string,
): Promise<ApiToken> {
  return tokenMessage(await audited(audit, call, ACTION, tokenId, () => tokens.revoke(caller, tokenId)));
}

export function identityOf({ limitsOf, keyRequestsPerSecond }: Rooms, caller: Caller): GetIdentityResponse {
  return identityMessage(caller, {
    keyRequestsPerSecond,
    tokensMax: TOKENS_MAX,
    ...limitsOf(caller.identity),
  });
}
