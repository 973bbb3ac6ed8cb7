import { DriverManager, type DriverMetrics, driverManagerService } from '@qfs/drivers';
import type { DriverManagerService, ServiceImpl, Tracer } from '@qfs/rpc';
import { createEngine } from '@qfs/simulator/engine';
import { systemClock as clock } from '@qfs/storage';
import type { Logger } from 'pino';
import type { Configuration } from '../../config/index.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { openDrivers } from '../drivers.ts';
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
  const slots = threads * EXECUTIONS_PER_THREAD;
  const { drivers, close } = await openDrivers({ config, engine, slots, timers, metrics, logger });
  const manager = new DriverManager({ drivers, clock, timers, metrics: measuring(metrics), tracer });
  metrics.beforeScrape(() => void measureDevices(manager, metrics));
  return {
    handlers: driverManagerService(manager),
    async close() {
      await engine.close();
      await close();
    },
  };
}

/** What a scrape shows is what the one before it asked for: nobody waits for devices there. */
async function measureDevices(manager: DriverManager, metrics: Metrics): Promise<void> {
  const listed = await manager.devices();
  const online = new Map<string, number>();
  for (const { device, driver, status } of listed) {
    const key = JSON.stringify({ driver: driver.name, provider: device.backendType });
    online.set(key, (online.get(key) ?? 0) + (status.availability === 'online' ? 1 : 0));
    const labels = { driver: driver.name, device_id: device.id };
    metrics.gauge('eigen_device_queue_depth', status.queueDepth, labels);
  }
  for (const [key, count] of online) metrics.gauge('eigen_available_devices', count, JSON.parse(key));
}

const measuring = (metrics: Metrics): DriverMetrics => ({
  request(driver, op, success, seconds) {
    metrics.count('eigen_driver_requests_total', { driver, op, success: String(success) });
    metrics.observe('eigen_driver_request_duration_seconds', { driver, op }, seconds);
  },
});
