import { availableParallelism } from 'node:os';
import {
  type Client,
  CompilationService,
  DriverManagerService,
  KernelGatewayService,
  LogService,
  QfsService,
  SealService,
  StoreService,
} from '@qfs/rpc';
import {
  type BlobStore,
  systemClock as clock,
  dataPaths,
  openBlobStore,
  systemRandomness as randomness,
} from '@qfs/storage';
import type { Logger } from 'pino';
import type { Configuration } from '../config/index.ts';
import type { Edges } from '../edge/edges.ts';
import { manyManagers } from '../edge/many-managers.ts';
import type { Role } from '../edge/role-table.ts';
import { createStoreService, LateReader, remoteWriter } from '../edge/store-service.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Tracing } from '../observe/tracing.ts';
import { ExecutionDrain } from './execution-drain.ts';
import { createLogServices } from './log-service.ts';
import { createCompileRole } from './roles/compiler.ts';
import { createDriverManagerRole } from './roles/driver-manager.ts';
import { createKernelRole } from './roles/kernel.ts';
import { type ArtifactStore, createQfsRole } from './roles/qfs.ts';
import type { Store } from './store.ts';

/** The clients that the doors of this process are given. */
interface DoorClients {
  readonly kernel: Client<typeof KernelGatewayService>;
  readonly compiler: Client<typeof CompilationService>;
  readonly qfs: Client<typeof QfsService>;
  readonly log: Client<typeof LogService>;
}

/** The roles of one process, wired: every edge between roles is a service client. */
export interface Roles {
  readonly clients: DoorClients;
  readonly drivers: Client<typeof DriverManagerService>;
  /** Something was committed. */
  wake(): void;
  /** Takes up the jobs that have not ended, and what they left to be done. */
  start(): void;
  /** Begins nothing new and ends what is under way within a bound; other processes are still answered. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface RoleOptions {
  readonly config: Configuration;
  readonly held: ReadonlySet<Role>;
  readonly edges: Edges;
  /** Of the process that has the kernel. */
  readonly store: Store | undefined;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly tracing: Tracing;
}

/**
 * How long a driver manager that stops lets executions end; with what closing takes, within the bound of a
 * drain.
 */
const EXECUTIONS_MS_MAX = 10_000;

export async function createRoles(options: RoleOptions): Promise<Roles> {
  const { config, held, edges, store, metrics, logger, tracing } = options;
  const threads = config.workers ?? availableParallelism();
  const artifacts = openArtifacts(options);
  const blobs = openBlobs(artifacts);
  const qfsRole = held.has('qfs') ? createQfsRole(artifacts, blobs, metrics, tracing.of('qfs')) : undefined;
  const compileRole = held.has('compiler')
    ? createCompileRole({ threads, metrics, tracer: tracing.of('compiler') })
    : undefined;
  const driverRole = held.has('driver-manager')
    ? await createDriverManagerRole({
        ...{ config, metrics, logger, threads },
        tracer: tracing.of('driver-manager'),
      })
    : undefined;
  const executions = driverRole === undefined ? undefined : new ExecutionDrain(driverRole.handlers);
  const compiler = edges.client('compiler', CompilationService, compileRole?.handlers);
  const drivers = edges.client('driver-manager', DriverManagerService, executions?.handlers, (managers) =>
    manyManagers(managers),
  );
  const qfs = edges.client('qfs', QfsService, qfsRole);

  const logServices = store === undefined ? undefined : createLogServices(store);
  const log = edges.client('kernel', LogService, logServices?.handlers);
  const seals = edges.client('kernel', SealService, logServices?.seals);
  const peers = { compiler, drivers, qfs, log, seals };
  const kernelRole =
    store === undefined
      ? undefined
      : createKernelRole({ config, store, blobs, peers, metrics, logger, tracer: tracing.of('kernel') });
  const kernel = edges.client('kernel', KernelGatewayService, kernelRole?.handlers);
  if (store !== undefined) edges.client('kernel', StoreService, createStoreService(store.writer));
  return {
    clients: { compiler, qfs, kernel, log },
    drivers,
    wake: () => kernelRole?.wake(),
    start: () => kernelRole?.start(),
    async drain() {
      await kernelRole?.stop();
      // Of what a kernel beside it has handed back nobody waits for the end.
      if (kernelRole === undefined) await executions?.drain(EXECUTIONS_MS_MAX);
    },
    async close() {
      await driverRole?.close();
      await compileRole?.close();
      artifacts.close();
    },
  };
}

/** The store of this process, or the kernel's: its file is read here, and what is written goes there. */
function openArtifacts({ config, edges, store }: RoleOptions): ArtifactStore & { close(): void } {
  if (store !== undefined) {
    const { writer, reader, directory } = store;
    return { writer, reader, blobsPath: directory.blobsPath, close: () => undefined };
  }
  const { databasePath, blobsPath } = dataPaths(config.data_dir);
  const reader = new LateReader(databasePath);
  const writer = remoteWriter(edges.client('kernel', StoreService, undefined));
  return { writer, reader, blobsPath, close: () => reader.close() };
}

const openBlobs = ({ writer, reader, blobsPath: path }: ArtifactStore): BlobStore =>
  openBlobStore({ path, writer, reader, clock, randomness });
