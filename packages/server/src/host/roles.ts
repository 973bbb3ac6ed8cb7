import { availableParallelism } from 'node:os';
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
import type { Logger } from 'pino';
import type { Configuration } from '../config/index.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createLogServices } from './log-service.ts';
import { createCompileRole } from './roles/compiler.ts';
import { createDriverManagerRole } from './roles/driver-manager.ts';
import { createKernelRole } from './roles/kernel.ts';
import { createQfsRole } from './roles/qfs.ts';
import type { Store } from './store.ts';

/** The roles of one process, wired: every edge between them is a service client. */
export interface Roles {
  readonly kernel: Client<typeof KernelGatewayService>;
  readonly compiler: Client<typeof CompilationService>;
  readonly drivers: Client<typeof DriverManagerService>;
  readonly qfs: Client<typeof QfsService>;
  readonly log: Client<typeof LogService>;
  /** Something was committed. */
  wake(): void;
  /** Takes up the jobs that have not ended, and what they left to be done. */
  start(): void;
  /** Ends what is under way within a bound, whoever depends first, first. */
  stop(): Promise<void>;
}

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

  const qfsRole = createQfsRole({ writer, reader, blobsPath: directory.blobsPath }, metrics);
  const compileRole = createCompileRole(threads);
  const driverRole = await createDriverManagerRole({ config, metrics, logger, threads });
  const logServices = createLogServices(store);
  const peers = {
    compiler: client(CompilationService, compileRole.handlers),
    drivers: client(DriverManagerService, driverRole.handlers),
    qfs: client(QfsService, qfsRole.handlers),
    log: client(LogService, logServices.handlers),
    seals: client(SealService, logServices.seals),
  };
  const kernelRole = createKernelRole({ config, store, blobs: qfsRole.blobs, peers, metrics, logger });
  return {
    ...peers,
    kernel: client(KernelGatewayService, kernelRole.handlers),
    wake: kernelRole.wake,
    start: kernelRole.start,
    async stop() {
      await kernelRole.stop();
      await driverRole.close();
      await compileRole.close();
    },
  };
}
