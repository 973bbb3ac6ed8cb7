import { Type } from '@fastify/type-provider-typebox';
import { SUBJECT_CHARS_MAX, TENANT_CHARS_MAX, TOKEN_NAME_CHARS_MAX, TOKEN_SECONDS_MAX } from '@qfs/core';
import { identityJson, tokenJson } from '@qfs/rpc/json';
import { identityOf, issueToken, listTokens, revokeToken } from '../auth/token-calls.ts';
import type { App, RestRooms } from './app.ts';
import { documented, problemResponses } from './schemas.ts';

const TokenRequest = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: TOKEN_NAME_CHARS_MAX, description: 'For people.' })),
    subject: Type.Optional(
      Type.String({ maxLength: SUBJECT_CHARS_MAX, description: 'Who acts with it; default: the caller.' }),
    ),
    tenant_id: Type.Optional(
      Type.String({ maxLength: TENANT_CHARS_MAX, description: "Default: the caller's." }),
    ),
    project_id: Type.Optional(
      Type.String({ maxLength: TENANT_CHARS_MAX, description: "Default: the caller's." }),
    ),
    roles: Type.Optional(
      Type.Array(Type.String(), { maxItems: 8, description: 'admin, user or readonly; default: user.' }),
    ),
    scopes: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 64,
        description: 'Permissions such as jobs:read. They narrow the roles and never widen them.',
      }),
    ),
    ttl_seconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: TOKEN_SECONDS_MAX, description: 'Default: 90 days.' }),
    ),
  },
  { additionalProperties: false },
);

const TokensQuery = Type.Object(
  { include_ended: Type.Optional(Type.Boolean({ description: 'Expired and revoked ones too.' })) },
  { additionalProperties: false },
);

const TokenParams = Type.Object({ id: Type.String({ description: 'Token id.' }) });

/** API tokens of the caller's tenant, and who the caller is. */
export function tokenRoutes(app: App, rooms: RestRooms): void {
  app.get(
    '/api/v1/identity',
    {
      config: { permission: 'identity' },
      schema: {
        operationId: 'getIdentity',
        tags: ['tokens'],
        summary: 'Who calls, with which permissions and limits',
        response: { 200: documented('The identity.'), ...problemResponses },
      },
    },
    async (request, reply) => reply.send(identityJson(identityOf(rooms, request.caller))),
  );
  manageRoutes(app, rooms);
}

function manageRoutes(app: App, rooms: RestRooms): void {
  const config = { permission: 'tokens:manage' } as const;
  app.post(
    '/api/v1/tokens',
    {
      config,
      schema: {
        operationId: 'createToken',
        tags: ['tokens'],
        summary: 'Make an API token; its secret is in this answer alone',
        body: TokenRequest,
        response: { 201: documented('`{token, secret}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { tenant_id: tenantId, project_id: projectId, ttl_seconds: ttlSeconds, ...rest } = request.body;
      const wanted = {
        ...{ name: '', subject: '', roles: [], scopes: [], ...rest },
        ...{ tenantId: tenantId ?? '', projectId: projectId ?? '', ttlSeconds: ttlSeconds ?? 0 },
      };
      const { token, secret } = await issueToken(rooms, request, wanted);
      reply.code(201).header('cache-control', 'no-store');
      return reply.send({ token: tokenJson(token), secret });
    },
  );
  app.get(
    '/api/v1/tokens',
    {
      config,
      schema: {
        operationId: 'listTokens',
        tags: ['tokens'],
        summary: 'API tokens of the tenant, newest first, without their secrets',
        querystring: TokensQuery,
        response: { 200: documented('`{tokens}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const tokens = listTokens(rooms, request, request.query.include_ended === true);
      return reply.send({ tokens: tokens.map(tokenJson) });
    },
  );
  app.delete(
    '/api/v1/tokens/:id',
    {
      config,
      schema: {
        operationId: 'revokeToken',
        tags: ['tokens'],
        summary: 'End an API token at once',
        params: TokenParams,
        response: { 200: documented('`{token}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const token = await revokeToken(rooms, request, request.params.id);
      return reply.send({ token: tokenJson(token) });
    },
  );
}
