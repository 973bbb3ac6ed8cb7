import type { AddressInfo } from 'node:net';
import { createGrpcDoor, createRestDoor, type DoorDependencies } from '@qfs/api';
import { LOCAL_PRINCIPAL } from '@qfs/consensus/local';
import { QfsError } from '@qfs/core';
import type { Identity } from '@qfs/rpc';
import { systemRandomness } from '@qfs/storage';
import { pageAssets } from '@qfs/web';
import type { Configuration } from '../../config/index.ts';
import { attempt, urlOf } from '../listening.ts';

/** What the doors need of the rest of the process. */
export type DoorPeers = Omit<DoorDependencies, 'authenticator' | 'randomness'>;

export interface OpenDoors {
  readonly rest: string;
  readonly grpc: string;
  close(): Promise<void>;
}

/** The public doors as a role. */
export async function openDoors(config: Configuration, peers: DoorPeers): Promise<OpenDoors> {
  refuseOpenNetwork(config);
  const dependencies: DoorDependencies = {
    ...peers,
    authenticator: { authenticate: () => LOCAL_USER },
    randomness: systemRandomness,
  };
  const host = config.api_host;
  const rest = await createRestDoor({
    ...dependencies,
    rateLimitPerSecond: config.rate_limit,
    page: pageAssets(),
  });
  const grpc = createGrpcDoor(dependencies);
  try {
    await attempt('API_PORT', config.api_port, () => rest.listen({ host, port: config.api_port }));
    const grpcAddress = await attempt('QFS_GRPC_PORT', config.grpc_port, () =>
      grpc.listen(config.grpc_port, host),
    );
    return {
      rest: urlOf(host, rest.server.address() as AddressInfo),
      grpc: urlOf(host, grpcAddress),
      close: async () => {
        await grpc.close();
        await rest.close();
      },
    };
  } catch (error) {
    await rest.close();
    throw error;
  }
}

/** On loopback everybody is the local user. */
const LOCAL_USER: Identity = {
  tenantId: LOCAL_PRINCIPAL.tenant_id,
  projectId: LOCAL_PRINCIPAL.project_id,
  subject: LOCAL_PRINCIPAL.subject,
  roles: ['admin'],
};

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

/** Without authentication the doors open on loopback only. */
function refuseOpenNetwork({ api_host: host }: Configuration): void {
  if (LOOPBACK.test(host)) return;
  throw new QfsError(
    'REQUEST_INVALID',
    `API_HOST is ${host}, an address that other machines reach, and no authentication is configured. ` +
      'Listen on 127.0.0.1 and put an authenticating proxy in front.',
  );
}
