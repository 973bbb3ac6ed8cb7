import { availableParallelism } from 'node:os';
import { createQfsService, type DirectoryView, openDirectoryView } from '@qfs/circuitfs';
import { readIdentity } from '@qfs/consensus/local';
import {
  createFaultDriver,
  createSimulatorDriver,
  DriverManager,
  type DriverMetrics,
  driverManagerService,
} from '@qfs/drivers';
import { KERNEL_DEFAULTS, Kernel, SqliteJobStore } from '@qfs/kernel';
import {
  type Client,
  CompilationService,
  DriverManagerService,
  directClient,
  KernelGatewayService,
  LogService,
  QfsService,
  routerClient,
  SealService,
} from '@qfs/rpc';
import { createEngine, type SupervisedEngine } from '@qfs/simulator/engine';
import {
  type BlobStore,
  systemClock as clock,
  openBlobStore,
  systemRandomness as randomness,
} from '@qfs/storage';
import type { Logger } from 'pino';
import type { Configuration } from '../config/index.ts';
import type { Metrics } from '../observe/metrics.ts';
import { ByteKeeper } from './byte-keeper.ts';
import { createCompileRole } from './compile-role.ts';
import { createLogRole } from './log-role.ts';
import type { Store } from './store.ts';
import { systemTimers as timers } from './timers.ts';

/** The roles of one process, wired: every edge between them is a service client. */
export interface Roles {
  readonly kernel: Client<typeof KernelGatewayService>;
  readonly compiler: Client<typeof CompilationService>;
  readonly drivers: Client<typeof DriverManagerService>;
  readonly qfs: Client<typeof QfsService>;
  readonly log: Client<typeof LogService>;
  readonly engine: SupervisedEngine;
  /** Something was committed. */
  wake(): void;
  /** Takes up the jobs that have not ended, and what they left to be done. */
  start(): void;
  /** Ends what is under way within a bound, whoever depends first, first. */
  stop(): Promise<void>;
}

const MIB = 1024 * 1024;
/** Executions in flight per engine thread: while one waits for its commit, others simulate. */
const EXECUTIONS_PER_THREAD = 16;

export interface RoleOptions {
  readonly config: Configuration;
  readonly store: Store;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export async function createRoles({ config, store, metrics, logger }: RoleOptions): Promise<Roles> {
  const client = config.transport === 'direct' ? directClient : routerClient;
  const threads = config.workers ?? availableParallelism();
  const { writer, reader, directory } = store;

  const blobs = openBlobStore({ path: directory.blobsPath, writer, reader, clock, randomness });
  const qfs = client(QfsService, createQfsService({ blobs, writer, reader, clock, metrics }));
  const compile = createCompileRole(threads);
  const compiler = client(CompilationService, compile.handlers);
  const engine = createEngine({
    workers: threads,
    ...(config.memory_mib === null ? {} : { memoryBudgetBytes: config.memory_mib * MIB }),
    onLog: ({ level, message }) => logger[level]({ component: 'engine' }, message),
  });
  const manager = await createManager(config, engine, threads * EXECUTIONS_PER_THREAD, metrics);
  const drivers = client(DriverManagerService, driverManagerService(manager));
  const logRole = createLogRole(store);
  const log = client(LogService, logRole.handlers);
  const seals = client(SealService, logRole.seals);
  const jobs = new SqliteJobStore(writer, reader, clock);
  const kernel = new Kernel({
    store: jobs,
    clusterId: readIdentity(reader).clusterId,
    compiler,
    drivers,
    qfs,
    log,
    seals,
    clock,
    timers,
    randomness,
    metrics,
    settings: {
      ...KERNEL_DEFAULTS,
      defaultShots: config.default_shots,
      retriesMax: config.max_retries,
      timeLimitMs: config.time_limit_ms,
    },
    onError: (error, jobId) => logger.error({ err: error, job_id: jobId }, 'a job met an unexpected failure'),
  });
  const view = openView({ store, metrics, logger }, blobs, () => kernel.active > 0);
  const bytes = new ByteKeeper({ store, jobs, blobs, logger });
  return {
    kernel: client(KernelGatewayService, kernel.gateway),
    compiler,
    drivers,
    qfs,
    log,
    engine,
    wake: () => {
      view.wake();
      bytes.wake();
    },
    start: () => {
      kernel.start();
      bytes.start();
    },
    async stop() {
      await bytes.stop();
      await kernel.stop();
      await engine.close();
      await compile.close();
      await view.close();
    },
  };
}

function openView(
  { store, metrics, logger }: Omit<RoleOptions, 'config'>,
  blobs: BlobStore,
  isBusy: () => boolean,
): DirectoryView {
  const view = openDirectoryView({
    ...{ path: store.directory.viewPath, reader: store.reader, blobs, timers, isBusy },
    onError: (error) => logger.warn({ err: error }, 'an artifact could not be shown in the directory view'),
  });
  metrics.gauge('qfs_view_backlog', () => view.backlog());
  return view;
}

async function createManager(
  config: Configuration,
  engine: SupervisedEngine,
  slots: number,
  metrics: Metrics,
): Promise<DriverManager> {
  const simulator = await createSimulatorDriver({ engine, clock, slots });
  const drivers = [
    simulator,
    ...(config.drivers.includes('fault') ? [createFaultDriver({ inner: simulator, timers })] : []),
  ];
  const measured: DriverMetrics = {
    request(driver, op, success, seconds) {
      metrics.count('eigen_driver_requests_total', { driver, op, success: String(success) });
      metrics.observe('eigen_driver_request_duration_seconds', { driver, op }, seconds);
    },
  };
  return new DriverManager({ drivers, clock, timers, metrics: measured });
}
