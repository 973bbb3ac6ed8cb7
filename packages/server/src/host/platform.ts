import type { AddressInfo } from 'node:net';
import {
  createAdminDoor,
  createGrpcDoor,
  createRestDoor,
  type DoorDependencies,
  type Readiness,
} from '@qfs/api';
import { LOCAL_PRINCIPAL, readIdentity } from '@qfs/consensus/local';
import { QfsError } from '@qfs/core';
import { callOptions, type Identity } from '@qfs/rpc';
import { systemRandomness } from '@qfs/storage';
import { pageAssets } from '@qfs/web';
import type { Logger } from 'pino';
import type { Configuration } from '../config/index.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { adoptResultTtl } from './result-ttl.ts';
import { createRoles, type Roles } from './roles.ts';
import { openStore, type Store } from './store.ts';

/** The one line on stdout once everything listens. */
interface ReadyLine {
  readonly ready: true;
  readonly rest: string;
  readonly grpc: string;
  readonly admin: string;
  readonly data_dir: string;
  readonly node_id: string;
}

export interface Platform {
  readonly readyLine: ReadyLine;
  /** Stops accepting, drains, closes the store. Safe to repeat. */
  stop(): Promise<void>;
}

export interface PlatformOptions {
  readonly config: Configuration;
  readonly logger: Logger;
  /** The store broke: nothing can be acknowledged any more. */
  readonly onFailure: (error: QfsError) => void;
}

/** Opens the store, wires the roles, takes up open jobs, opens the doors. What fails undoes what was done. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { config, logger } = options;
  refuseOpenNetwork(config);
  const metrics = createMetrics();
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    let roles: Roles | undefined;
    let failure: QfsError | undefined;
    const store = await openStore(config, metrics, {
      onCommit: () => roles?.wake(),
      onFailure: (error) => {
        failure = error;
        options.onFailure(error);
      },
      onLogError: (error) =>
        logger.warn({ err: error }, 'the log could not be kept in order; it is tried again'),
    });
    undo.push(() => store.close());
    await adoptResultTtl(config.result_ttl_s, store);
    roles = await createRoles({ config, store, metrics, logger });
    undo.push(() => roles?.stop());
    roles.start();
    const doors = await openDoors(
      config,
      {
        ...roles,
        authenticator: await localAuthenticator(store),
        logger,
        metrics,
        randomness: systemRandomness,
        readiness: () => readinessOf(failure, roles!, store),
      },
      metrics,
      undo,
    );
    const readyLine: ReadyLine = {
      ready: true,
      ...doors,
      data_dir: store.directory.path,
      node_id: readIdentity(store.reader).nodeId,
    };
    return { readyLine, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

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

/** On loopback everybody is the local user; the account is what the log knows of them. */
async function localAuthenticator(store: Store): Promise<DoorDependencies['authenticator']> {
  const [account] = await store.writer.transact([
    { operation: 'accounts.ensure', argument: LOCAL_PRINCIPAL },
  ]);
  const identity: Identity = {
    tenantId: LOCAL_PRINCIPAL.tenant_id,
    projectId: LOCAL_PRINCIPAL.project_id,
    subject: LOCAL_PRINCIPAL.subject,
    account: account as string,
    roles: ['admin'],
  };
  return { authenticate: () => identity };
}

async function readinessOf(failure: QfsError | undefined, roles: Roles, store: Store): Promise<Readiness[]> {
  const context = {
    identity: { tenantId: '', projectId: '', subject: '', account: '', roles: [] },
    traceparent: `00-${'0'.repeat(31)}1-${'0'.repeat(15)}1-00`,
    requestId: 'readiness',
  };
  const { devices } = await roles.drivers.listDevices({}, callOptions(context));
  const online = devices.length > 0;
  return [
    {
      name: 'store',
      ready: failure === undefined,
      ...(failure === undefined ? {} : { detail: failure.message }),
    },
    { name: 'log', ready: failure === undefined && readIdentity(store.reader).nodeId !== '' },
    { name: 'drivers', ready: online },
  ];
}

const urlOf = (host: string, { port }: AddressInfo): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

async function openDoors(
  config: Configuration,
  dependencies: DoorDependencies,
  metrics: Metrics,
  undo: (() => Promise<unknown> | unknown)[],
): Promise<Pick<ReadyLine, 'rest' | 'grpc' | 'admin'>> {
  const host = config.api_host;
  const rest = await createRestDoor({
    ...dependencies,
    rateLimitPerSecond: config.rate_limit,
    page: pageAssets(),
  });
  undo.push(() => rest.close());
  const grpc = createGrpcDoor(dependencies);
  const admin = createAdminDoor({ ...dependencies, metricsText: () => metrics.text() });
  await attempt('API_PORT', config.api_port, () => rest.listen({ host, port: config.api_port }));
  const grpcAddress = await attempt('QFS_GRPC_PORT', config.grpc_port, () =>
    grpc.listen(config.grpc_port, host),
  );
  undo.push(() => grpc.close());
  await attempt(
    'QFS_ADMIN_PORT',
    config.admin_port,
    () =>
      new Promise<void>((resolve, reject) => {
        admin.once('error', reject);
        admin.listen(config.admin_port, host, () => resolve());
      }),
  );
  undo.push(() => {
    admin.closeAllConnections();
    return new Promise((resolve) => admin.close(resolve));
  });
  return {
    rest: urlOf(host, rest.server.address() as AddressInfo),
    grpc: urlOf(host, grpcAddress),
    admin: urlOf(host, admin.address() as AddressInfo),
  };
}

/** Says which setting names a port that cannot be had. */
async function attempt<T>(setting: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE'
        ? 'is taken by another process'
        : code === 'EACCES'
          ? 'may not be used by this user'
          : `cannot be listened on (${code ?? String(thrown)})`;
    const message = `Port ${port} ${why}. Choose another with ${setting}, or 0 for any free one.`;
    throw new QfsError('REQUEST_INVALID', message, { cause: thrown });
  }
}
