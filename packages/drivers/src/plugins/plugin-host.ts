import { type Results, writeResults } from '@qfs/circuit';
import type { Clock, QfsError, Timers } from '@qfs/core';
import { type BackendErrorKind, backendError } from '../backend-error.ts';
import { DRIVER_API_VERSION, type Driver } from '../contract.ts';
import type { SettingValue } from './manifest.ts';

/** What a plugin is given; it needs no packages of the platform besides. */
export interface PluginHost {
  /** Version of the driver contract that the platform speaks. */
  readonly apiVersion: string;
  readonly config: Readonly<Record<string, SettingValue>>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Secrets of the configuration are made unreadable. */
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
  /** The error to throw when the backend fails in this way. */
  backendError(
    kind: BackendErrorKind,
    message: string,
    options?: { readonly cause?: unknown; readonly retryAfterMs?: number },
  ): QfsError;
  /** The canonical bytes of a results document. */
  writeResults(results: Results): Uint8Array;
}

/** What the entry of a plugin exports as `createDriver`. */
export type CreateDriver = (host: PluginHost) => Driver | Promise<Driver>;

/** The host for a plugin with this configuration. */
export const pluginHost = (
  config: PluginHost['config'],
  { clock, timers, log }: Pick<PluginHost, 'clock' | 'timers' | 'log'>,
): PluginHost => ({
  apiVersion: DRIVER_API_VERSION,
  config: Object.freeze({ ...config }),
  clock,
  timers,
  log,
  backendError,
  writeResults,
});
