import { readIdentity } from '@qfs/consensus/local';
import type { QfsError } from '@qfs/core';
import { dataPaths } from '@qfs/storage';
import type { Logger } from 'pino';
import type { Configuration } from '../config/index.ts';
import type { EdgeCredentials } from '../edge/credentials.ts';
import { Edges } from '../edge/edges.ts';
import { connectPeers, credentialsOf, heldRoles } from '../edge/peers.ts';
import { ROLES, type Role } from '../edge/role-table.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { measureStore } from '../observe/store-metrics.ts';
import { openTracing, type Tracing } from '../observe/tracing.ts';
import { openAdminDoor } from './admin.ts';
import { openEdgeDoors } from './edge-doors.ts';
import { ownReadiness, type ReadinessRooms, readinessOf } from './readiness.ts';
import { adoptResultTtl } from './result-ttl.ts';
import { type OpenDoors, openDoors } from './roles/system-api.ts';
import { createRoles, type Roles } from './roles.ts';
import { openSecurity } from './security/security.ts';
import { openStore, type Store } from './store.ts';

/** The one line on stdout once everything listens. What a process has no role for is not in it. */
interface ReadyLine {
  readonly ready: true;
  readonly rest?: string;
  readonly grpc?: string;
  readonly admin: string;
  /** Where other processes reach the roles of this one. */
  readonly edge?: Readonly<Partial<Record<Role, string>>>;
  readonly data_dir: string;
  readonly node_id?: string;
}

export interface Platform {
  readonly readyLine: ReadyLine;
  /** Whether everybody who reaches the doors may come in. */
  readonly isOpen: boolean;
  /** Reads certificate and keys of the doors again. */
  reload(): Promise<void>;
  /** Stops accepting, drains, closes the store. Safe to repeat. */
  stop(): Promise<void>;
}

export interface PlatformOptions {
  readonly config: Configuration;
  readonly logger: Logger;
  /** The store broke: nothing can be acknowledged any more. */
  readonly onFailure: (error: QfsError) => void;
}

/** Opens what the roles of this process need, and its doors. What fails undoes what was done. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    const { readyLine, doors } = await start(options, (step) => undo.push(step));
    return {
      readyLine,
      isOpen: doors?.isOpen() === true,
      reload: async () => doors?.reload(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Undo = (step: () => Promise<unknown> | unknown) => void;

interface Started {
  readonly readyLine: ReadyLine;
  readonly doors: OpenDoors | undefined;
}

async function start({ config, logger, onFailure }: PlatformOptions, undo: Undo): Promise<Started> {
  const held = heldRoles(config);
  const metrics = createMetrics();
  const tracing = await openTracing({ config, held, logger, metrics });
  undo(() => tracing.close());
  // First of all, so that a start which would let in the wrong people does nothing else.
  const security = held.has('system-api') ? await openSecurity(config, { logger, metrics }) : undefined;
  undo(() => security?.close());
  let roles: Roles | undefined;
  let failure: QfsError | undefined;
  const failed = (error: QfsError): void => {
    failure = error;
    onFailure(error);
  };
  const store = held.has('kernel')
    ? await openKernelStore(config, metrics, logger, { onCommit: () => roles?.wake(), onFailure: failed })
    : undefined;
  undo(() => store?.close());
  // One process that has every role neither calls nor serves others, and needs no credentials.
  const credentials = held.size === ROLES.length ? undefined : credentialsOf(config);
  const edges = new Edges(
    config.transport === 'direct' ? 'direct' : 'serialising',
    credentials === undefined ? new Map() : connectPeers(config, held, credentials, tracing.own),
    tracing,
  );
  undo(() => edges.close());
  const wired = await createRoles({ config, held, edges, store, metrics, logger, tracing });
  roles = wired;
  undo(() => wired.close());
  const rooms: ReadinessRooms = { held, store, roles, failure: () => failure, peers: edges.peers };
  const edge = await openEdge(config, credentials, edges, rooms, { logger, tracing });
  undo(() => edge?.close());
  // Before the edge closes: others watch and fetch what ends meanwhile, and what the kernel has others keep
  // comes back through it.
  undo(() => wired.drain());
  roles.start();
  const readiness = () => readinessOf(rooms);
  const doors =
    security === undefined
      ? undefined
      : await openDoors(config, security, {
          ...roles.clients,
          logger,
          metrics,
          readiness,
          tracer: tracing.of('system-api'),
        });
  undo(() => doors?.close());
  const admin = await openAdminDoor(config, { readiness, metrics, logger });
  undo(() => admin.close());
  const readyLine: ReadyLine = {
    ready: true,
    ...(doors === undefined ? {} : { rest: doors.rest, grpc: doors.grpc }),
    admin: admin.url,
    ...(edge === undefined ? {} : { edge: edge.urls }),
    data_dir: dataPaths(config.data_dir).path,
    ...(store === undefined ? {} : { node_id: readIdentity(store.reader).nodeId }),
  };
  return { readyLine, doors };
}

async function openKernelStore(
  config: Configuration,
  metrics: Metrics,
  logger: Logger,
  hooks: { readonly onCommit: () => void; readonly onFailure: (error: QfsError) => void },
): Promise<Store> {
  const store = await openStore(config, metrics, {
    ...hooks,
    onLogError: (error) =>
      logger.warn({ err: error }, 'the log could not be kept in order; it is tried again'),
  });
  try {
    await adoptResultTtl(config.result_ttl_s, store);
    measureStore(metrics, store);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openEdge(
  config: Configuration,
  credentials: EdgeCredentials | undefined,
  edges: Edges,
  rooms: ReadinessRooms,
  told: { readonly logger: Logger; readonly tracing: Tracing },
) {
  if (credentials === undefined || edges.served.size === 0) return undefined;
  const isReady = async () => (await ownReadiness(rooms)).every(({ ready }) => ready);
  return openEdgeDoors({ config, credentials, served: edges.served, isReady, ...told });
}
