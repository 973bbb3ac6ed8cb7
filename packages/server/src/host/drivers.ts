import { readFileSync } from 'node:fs';
import { QfsError, type Timers } from '@qfs/core';
import { parseToml } from '@qfs/core/toml';
import {
  createEmulatorDriver,
  createFaultDriver,
  createIonqDriver,
  createSimulatorDriver,
  type Driver,
  type GuardMetrics,
  guardDriver,
  loadDevices,
  loadPlugins,
  remoteOptions,
  shippedDevices,
} from '@qfs/drivers';
import type { SupervisedEngine } from '@qfs/simulator/engine';
import { systemClock as clock } from '@qfs/storage';
import type { Logger } from 'pino';
import type { Configuration } from '../config/index.ts';
import type { Metrics } from '../observe/metrics.ts';

interface DriversOptions {
  readonly config: Configuration;
  readonly engine: SupervisedEngine;
  /** Executions of the simulator that are under way at once. */
  readonly slots: number;
  readonly timers: Timers;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

interface OpenDrivers {
  readonly drivers: readonly Driver[];
  /** Gives up the connections of plugins. What runs on our own engine ends with it, and is not cancelled. */
  close(): Promise<void>;
}

const PACKAGE = 'npm:';

type Open = (options: DriversOptions) => Promise<Driver>;

const simulator: Open = ({ engine, slots }) => createSimulatorDriver({ engine, clock, slots });

/** Drivers that come with the platform. */
const BUILT_IN: Readonly<Record<string, Open>> = {
  sim: simulator,
  emulator: ({ config, engine, timers }) =>
    createEmulatorDriver({
      engine,
      clock,
      timers,
      devices: [...shippedDevices(), ...loadDevices(config.devices)],
    }),
  remote: async ({ config, timers, metrics }) => {
    const options = remoteOptions({
      url: config.remote_url ?? undefined,
      apiKey: config.remote_api_key ?? undefined,
      prefix: config.remote_prefix,
    });
    const driver = await createIonqDriver({ ...options, timers });
    return guardDriver(driver, { clock, timers, metrics: guardMetrics(metrics) });
  },
  fault: async (options) => createFaultDriver({ inner: await simulator(options), timers: options.timers }),
};

/**
 * The drivers that the configuration names, plugins last.
 * @throws QfsError REQUEST_INVALID for what the operator must correct; a plugin that fails is no such thing
 */
export async function openDrivers(options: DriversOptions): Promise<OpenDrivers> {
  const { config, logger, metrics, timers } = options;
  const names = [...new Set(config.drivers)];
  const builtIn: Driver[] = [];
  for (const name of names.filter((one) => !one.startsWith(PACKAGE))) {
    builtIn.push(await builtInDriver(name)(options));
  }
  const plugins = await loadPlugins({
    folders: config.driver_path,
    packages: names.filter((name) => name.startsWith(PACKAGE)).map((name) => name.slice(PACKAGE.length)),
    settings: config.driver_config === null ? {} : driverSettings(config.driver_config),
    environment: process.env,
    present: builtIn,
    clock,
    timers,
    metrics: guardMetrics(metrics),
    log: (level, message) => logger[level]({ component: 'drivers' }, message),
  });
  return {
    drivers: [...builtIn, ...plugins],
    close: async () => {
      await Promise.allSettled(plugins.map((driver) => driver.close()));
    },
  };
}

function builtInDriver(name: string): Open {
  const open = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  if (open !== undefined) return open;
  const known = Object.keys(BUILT_IN).join(', ');
  throw new QfsError(
    'REQUEST_INVALID',
    `QFS_DRIVERS names "${name}"; drivers are ${known}, or npm: and the name of an installed package.`,
  );
}

/** Settings by driver, one table each. */
function driverSettings(path: string): Record<string, Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const message = `The settings of the drivers, ${path}, cannot be read: ${(error as Error).message}`;
    throw new QfsError('REQUEST_INVALID', message, { cause: error });
  }
  const read = parseToml(text, path);
  if (!read.ok) throw read.error;
  const stray = [...read.value].find(([, table]) => !(table instanceof Map));
  if (stray !== undefined) {
    const message = `${path} has the key "${stray[0]}" outside of a table; write [name of the driver] above it.`;
    throw new QfsError('REQUEST_INVALID', message);
  }
  const tables = [...read.value] as [string, ReadonlyMap<string, unknown>][];
  return Object.fromEntries(tables.map(([name, table]) => [name, Object.fromEntries(table)]));
}

/** What is measured of drivers whose backend is elsewhere. */
const guardMetrics = (metrics: Metrics): GuardMetrics => ({
  connections(driver, active, waiting) {
    metrics.gauge('eigen_driver_connections', active, { driver, state: 'active' });
    metrics.gauge('eigen_driver_connections', waiting, { driver, state: 'waiting' });
  },
  connectionError: (driver, errorType) =>
    metrics.count('eigen_driver_connection_errors_total', { driver, error_type: errorType }),
  backendFailure: (driver) => metrics.count('eigen_driver_backend_failures_total', { driver }),
});
