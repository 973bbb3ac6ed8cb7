import type { Logger } from 'pino';
import type { Configuration } from '../config/index.ts';
import type { EdgeCredentials } from '../edge/credentials.ts';
import { type EdgeServer, listenForRoles } from '../edge/edge-server.ts';
import { ROLE_TABLE, type Role } from '../edge/role-table.ts';
import type { ServedService } from '../edge/services.ts';
import type { Tracing } from '../observe/tracing.ts';

export interface EdgeDoors {
  /** Where each role of this process is reached. */
  readonly urls: Readonly<Partial<Record<Role, string>>>;
  close(): Promise<void>;
}

export interface EdgeDoorOptions {
  readonly config: Configuration;
  readonly credentials: EdgeCredentials;
  readonly served: ReadonlyMap<Role, readonly ServedService[]>;
  readonly isReady: () => Promise<boolean>;
  readonly logger: Logger;
  readonly tracing: Tracing;
}

/** Listens for other processes: on the port of each role, or on one port for all of them. */
export async function openEdgeDoors(options: EdgeDoorOptions): Promise<EdgeDoors> {
  const { config, credentials, served, isReady, logger, tracing } = options;
  const urls: Partial<Record<Role, string>> = {};
  const servers: EdgeServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
  };
  const listen = async (port: number, roles: readonly Role[]): Promise<void> => {
    const services = roles.flatMap((role) => served.get(role) ?? []);
    const server = await listenForRoles({
      ...{ host: config.edge_host, port, credentials, services, isReady, logger },
      tracer: roles.length === 1 ? tracing.of(roles[0]!) : tracing.own,
    });
    servers.push(server);
    for (const role of roles) urls[role] = server.url;
  };
  try {
    const roles = [...served.keys()];
    if (config.edge_port !== null) {
      if (roles.length > 0) await listen(config.edge_port, roles);
    } else for (const role of roles) await listen(ROLE_TABLE[role].port ?? 0, [role]);
    return { urls, close };
  } catch (error) {
    await close();
    throw error;
  }
}
