import {
  createFaultDriver,
  createSimulatorDriver,
  DriverManager,
  type DriverMetrics,
  driverManagerService,
} from '@qfs/drivers';
import type { DriverManagerService, ServiceImpl, Tracer } from '@qfs/rpc';
import { createEngine, type SupervisedEngine } from '@qfs/simulator/engine';
import { systemClock as clock } from '@qfs/storage';
import type { Logger } from 'pino';
import type { Configuration } from '../../config/index.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { systemTimers as timers } from '../timers.ts';

export interface DriverManagerRole {
  readonly handlers: ServiceImpl<typeof DriverManagerService>;
  close(): Promise<void>;
}

export interface DriverManagerRoleOptions {
  readonly config: Configuration;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Threads of the engine process. */
  readonly threads: number;
  readonly tracer: Tracer | undefined;
}

const MIB = 1024 * 1024;
/** Executions in flight per engine thread: while one waits for its commit, others simulate. */
const EXECUTIONS_PER_THREAD = 16;

/** The driver manager as a role: the configured drivers, and the engine process behind the simulator. */
export async function createDriverManagerRole(options: DriverManagerRoleOptions): Promise<DriverManagerRole> {
  const { config, metrics, logger, threads, tracer } = options;
  const engine = createEngine({
    workers: threads,
    ...(config.memory_mib === null ? {} : { memoryBudgetBytes: config.memory_mib * MIB }),
    onLog: ({ level, message }) => logger[level]({ component: 'engine' }, message),
  });
  const drivers = await openDrivers(config, engine, threads * EXECUTIONS_PER_THREAD);
  const manager = new DriverManager({ drivers, clock, timers, metrics: measuring(metrics), tracer });
  return { handlers: driverManagerService(manager), close: () => engine.close() };
}

async function openDrivers(config: Configuration, engine: SupervisedEngine, slots: number) {
  const simulator = await createSimulatorDriver({ engine, clock, slots });
  if (!config.drivers.includes('fault')) return [simulator];
  return [simulator, createFaultDriver({ inner: simulator, timers })];
}

const measuring = (metrics: Metrics): DriverMetrics => ({
  request(driver, op, success, seconds) {
    metrics.count('eigen_driver_requests_total', { driver, op, success: String(success) });
    metrics.observe('eigen_driver_request_duration_seconds', { driver, op }, seconds);
  },
});
