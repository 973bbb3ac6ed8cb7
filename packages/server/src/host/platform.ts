import type { AddressInfo } from 'node:net';
import { createAdminDoor, type DoorDependencies, type Readiness } from '@qfs/api';
import { readIdentity } from '@qfs/consensus/local';
import type { QfsError } from '@qfs/core';
import { callOptions } from '@qfs/rpc';
import type { Logger } from 'pino';
import type { Configuration } from '../config/index.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { attempt, urlOf } from './listening.ts';
import { adoptResultTtl } from './result-ttl.ts';
import { openDoors } from './roles/system-api.ts';
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
    const readiness = () => readinessOf(failure, roles!, store);
    const doors = await openDoors(config, { ...roles, logger, metrics, readiness });
    undo.push(() => doors.close());
    const admin = await openAdminDoor(config, { readiness, metrics, logger });
    undo.push(() => admin.close());
    const readyLine: ReadyLine = {
      ready: true,
      rest: doors.rest,
      grpc: doors.grpc,
      admin: admin.url,
      data_dir: store.directory.path,
      node_id: readIdentity(store.reader).nodeId,
    };
    return { readyLine, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readinessOf(failure: QfsError | undefined, roles: Roles, store: Store): Promise<Readiness[]> {
  const context = {
    identity: { tenantId: '', projectId: '', subject: '', roles: [] },
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

async function openAdminDoor(
  { api_host: host, admin_port: port }: Configuration,
  { readiness, metrics, logger }: Pick<DoorDependencies, 'readiness' | 'logger'> & { metrics: Metrics },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const admin = createAdminDoor({ readiness, logger, metricsText: () => metrics.text() });
  await attempt(
    'QFS_ADMIN_PORT',
    port,
    () =>
      new Promise<void>((resolve, reject) => {
        admin.once('error', reject);
        admin.listen(port, host, () => resolve());
      }),
  );
  return {
    url: urlOf(host, admin.address() as AddressInfo),
    close: () => {
      admin.closeAllConnections();
      return new Promise((resolve) => admin.close(() => resolve()));
    },
  };
}
