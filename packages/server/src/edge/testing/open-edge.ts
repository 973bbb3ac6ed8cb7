import type { TestContext } from 'node:test';
import type { DescService } from '@bufbuild/protobuf';
import { type CallContext, callOptions, type ServiceImpl, StoreService } from '@qfs/rpc';
import type { Logger } from 'pino';
import type { EdgeCredentials } from '../credentials.ts';
import { connectRole, type RemoteRole } from '../edge-client.ts';
import { type EdgeServer, listenForRoles } from '../edge-server.ts';
import type { Role } from '../role-table.ts';
import { type ServedService, served } from '../services.ts';

export const SECRET: EdgeCredentials = { kind: 'secret', secret: '5'.repeat(64) };

export const CONTEXT: CallContext = {
  identity: { tenantId: 'tenant-a', projectId: 'project-1', subject: 'ana', roles: ['user'] },
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  requestId: 'req_1',
};
export const ASKED = callOptions(CONTEXT);

export interface OpenEdge {
  readonly server: EdgeServer;
  readonly role: RemoteRole;
  /** What the server had to say of failures. */
  readonly logged: object[];
}

export interface EdgeSettings {
  readonly services: readonly ServedService[];
  readonly role?: Role;
  readonly serverShows?: EdgeCredentials;
  readonly clientShows?: EdgeCredentials;
}

/** A role that listens, and the way to it. */
export async function openEdge(t: TestContext, settings: EdgeSettings): Promise<OpenEdge> {
  const { services, role = 'kernel', serverShows = SECRET, clientShows = serverShows } = settings;
  const logged: object[] = [];
  const server = await listenForRoles({
    ...{ host: '127.0.0.1', port: 0, credentials: serverShows, services },
    isReady: async () => true,
    logger: { error: (fields: object) => logged.push(fields) } as unknown as Logger,
  });
  const remote = connectRole(role, server.url, clientShows);
  t.after(async () => {
    remote.close();
    await server.close();
  });
  return { server, role: remote, logged };
}

/** A store that echoes what it is given. */
export const echo = (
  transact: ServiceImpl<typeof StoreService>['transact'] = ({ calls }) => ({
    results: calls.map(({ argument }) => argument),
  }),
): ServedService => served(StoreService as DescService, { transact } as never);

export const oneCall = { calls: [{ operation: 'blobs.put', argument: Uint8Array.of(1, 2, 3) }] };
