import type { AddressInfo } from 'node:net';
import { createGrpcDoor, createRestDoor, type DoorDependencies, renewTls } from '@qfs/api';
import { systemRandomness } from '@qfs/storage';
import { pageAssets } from '@qfs/web';
import type { Configuration } from '../../config/index.ts';
import { attempt, urlOf } from '../listening.ts';
import type { Security } from '../security/security.ts';
import { readTlsKeys } from '../security/tls-files.ts';

/** What the doors need of the rest of the process. */
export type DoorPeers = Omit<DoorDependencies, keyof Security['doors'] | 'randomness'>;

export interface OpenDoors {
  readonly rest: string;
  readonly grpc: string;
  /** Whether everybody who reaches them may come in. */
  isOpen(): boolean;
  /** Reads certificate and keys again; what cannot be used is said, and the old stays. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** The public doors as a role. */
export async function openDoors(
  config: Configuration,
  security: Security,
  peers: DoorPeers,
): Promise<OpenDoors> {
  const { tls } = security;
  const dependencies: DoorDependencies = { ...peers, ...security.doors, randomness: systemRandomness };
  const over = tls === undefined ? {} : { tls };
  const rest = await createRestDoor({ ...dependencies, ...over, page: pageAssets() });
  const grpc = createGrpcDoor({ ...dependencies, ...over });
  const host = config.api_host;
  const scheme = tls === undefined ? 'http' : 'https';
  try {
    await attempt('API_PORT', config.api_port, () => rest.listen({ host, port: config.api_port }));
    const grpcAddress = await attempt('QFS_GRPC_PORT', config.grpc_port, () =>
      grpc.listen(config.grpc_port, host),
    );
    security.announce();
    return {
      rest: urlOf(host, rest.server.address() as AddressInfo, scheme),
      grpc: urlOf(host, grpcAddress, scheme),
      isOpen: security.isOpen,
      async reload() {
        await security.reload();
        if (tls === undefined) return;
        try {
          const keys = readTlsKeys(config)!;
          renewTls(rest, keys);
          grpc.renewTls(keys);
          peers.logger.info({}, 'certificate and key were read again');
        } catch (error) {
          peers.logger.error({ err: error }, 'the certificate was not exchanged; the old one stays in use');
        }
      },
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
