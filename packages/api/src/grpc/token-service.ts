import { assert } from '@qfs/core';
import { contextOf, type HandlerContext, type ServiceImpl, type TokenService } from '@qfs/rpc';
import { identityOf, issueToken, listTokens, revokeToken } from '../auth/token-calls.ts';
import { callerKey, type GrpcRooms } from './grpc-rooms.ts';

/** TokenService of the public contract. */
export const tokenService = (rooms: GrpcRooms): ServiceImpl<typeof TokenService> => ({
  createToken: (request, handler) => issueToken(rooms, callOf(handler), request),
  listTokens: ({ includeEnded }, handler) => ({
    tokens: [...listTokens(rooms, callOf(handler), includeEnded)],
  }),
  revokeToken: async ({ tokenId }, handler) => ({
    token: await revokeToken(rooms, callOf(handler), tokenId),
  }),
  getIdentity: (_request, handler) => identityOf(rooms, callOf(handler).caller),
});

function callOf(handler: HandlerContext) {
  const caller = handler.values.get(callerKey);
  assert(caller !== undefined, 'a call was served without a caller');
  return { caller, call: contextOf(handler) };
}
