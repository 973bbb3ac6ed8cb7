import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Clock, QfsError, type Timers } from '@qfs/core';
import { DRIVER_API_VERSION, type Driver } from '../contract.ts';
import { type GuardMetrics, guardDriver } from '../resilience/guarded-driver.ts';
import { failedDriver } from './failed-driver.ts';
import { manifestPath, packageFolder, pluginFolders } from './find-plugins.ts';
import { handshakeFault } from './handshake.ts';
import { type PluginManifest, readManifest } from './manifest.ts';
import { type Environment, pluginConfig } from './plugin-config.ts';
import { type CreateDriver, pluginHost } from './plugin-host.ts';
import { probe } from './probe.ts';

/** How long a plugin may take until its driver stands. */
const LOAD_MS_MAX = 10_000;

export interface PluginsOptions {
  /** Folders that hold plugins, or are one. */
  readonly folders: readonly string[];
  /** Names of installed npm packages. */
  readonly packages: readonly string[];
  /** Settings by the name of the driver. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly environment: Environment;
  /** Drivers that are there already: names and ids of devices may not meet. */
  readonly present: readonly Driver[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly metrics?: GuardMetrics;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  readonly loadMsMax?: number;
}

/**
 * Loads plugins one after the other. One that cannot be loaded is replaced by a driver that says why.
 * @throws QfsError REQUEST_INVALID only for folders and packages that are not there
 */
export async function loadPlugins(options: PluginsOptions): Promise<Driver[]> {
  const folders = [...pluginFolders(options.folders), ...options.packages.map((name) => packageFolder(name))];
  const loaded: Driver[] = [];
  for (const folder of folders) loaded.push(await loadOne(folder, [...options.present, ...loaded], options));
  return loaded;
}

async function loadOne(folder: string, present: readonly Driver[], options: PluginsOptions): Promise<Driver> {
  let name = nameOfFolder(folder, present);
  try {
    const path = manifestPath(folder);
    const manifest = readManifest(readFileSync(path), path);
    if (present.some((driver) => driver.name === manifest.name))
      throw fault(`a driver ${manifest.name} is loaded already`);
    name = manifest.name;
    const driver = await openPlugin(folder, manifest, options);
    const conflict = conflictOf(driver, present);
    if (conflict !== undefined) throw fault(conflict);
    options.log('info', `Driver ${name} ${manifest.version} is loaded from ${folder}.`);
    return guardDriver(driver, options);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const reason = message.replace(/\.$/, '');
    options.log('error', `The driver in ${folder} is not loaded: ${reason}.`);
    return failedDriver(name, reason);
  }
}

/** The name under which a plugin fails that has none of its own. */
function nameOfFolder(folder: string, present: readonly Driver[]): string {
  const base = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 24);
  for (let copy = 1; ; copy += 1) {
    const name = `${base || 'driver'}${copy === 1 ? '' : `-${copy}`}`;
    if (!present.some((driver) => driver.name === name)) return name;
  }
}

async function openPlugin(
  folder: string,
  manifest: PluginManifest,
  options: PluginsOptions,
): Promise<Driver> {
  const { apiVersion, entry, name } = manifest;
  const [major] = apiVersion.split('.');
  if (major !== DRIVER_API_VERSION.split('.')[0]) {
    throw fault(
      `it speaks version ${apiVersion} of the driver contract; this platform speaks ${DRIVER_API_VERSION}`,
    );
  }
  const config = pluginConfig(manifest, options.settings[name] ?? {}, options.environment);
  const url = pathToFileURL(join(folder, entry)).href;
  const limitMs = options.loadMsMax ?? LOAD_MS_MAX;
  const broken = await probe(url, options.timers, limitMs);
  if (broken !== undefined) throw fault(broken);
  const { createDriver } = (await import(url)) as { createDriver: CreateDriver };
  const redact = (message: string): string =>
    config.secrets.reduce((text, secret) => text.replaceAll(secret, '***'), message);
  const host = pluginHost(config.values, {
    clock: options.clock,
    timers: options.timers,
    log: (level, message) => options.log(level, `${name}: ${redact(message)}`),
  });
  try {
    const driver = await within(limitMs, options.timers, async () => createDriver(host));
    const mismatch = handshakeFault(driver, manifest);
    if (mismatch !== undefined) throw fault(mismatch);
    const health = await within(limitMs, options.timers, async () => driver.healthcheck?.());
    if (health?.ready === false) {
      options.log(
        'warn',
        `Driver ${name} is loaded and not ready: ${redact(health.reason ?? 'no reason given')}`,
      );
    }
    return driver;
  } catch (thrown) {
    throw fault(redact(thrown instanceof Error ? thrown.message : String(thrown)));
  }
}

async function within<T>(limitMs: number, timers: Timers, work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const stop = timers.after(limitMs, () =>
    late.reject(fault(`createDriver takes longer than ${limitMs / 1000} s`)),
  );
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    stop();
  }
}

function conflictOf(driver: Driver, present: readonly Driver[]): string | undefined {
  for (const { id } of driver.devices()) {
    const owner = present.find((other) => other.findDevice(id) !== undefined);
    if (owner !== undefined) return `its device ${id} is one of driver ${owner.name}`;
  }
  return undefined;
}

const fault = (reason: string): QfsError => new QfsError('REQUEST_INVALID', reason);
