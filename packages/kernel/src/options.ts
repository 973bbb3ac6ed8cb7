import type { Clock, QfsError, Randomness, Timers } from '@qfs/core';
import type {
  Client,
  CompilationService,
  DriverManagerService,
  LogService,
  QfsService,
  SealService,
  Tracer,
} from '@qfs/rpc';
import type { JobFields } from './pipeline/job-trace.ts';
import type { JobState } from './states.ts';
import type { JobStore } from './store/job-store.ts';
import type { Owner } from './store/rows.ts';

/** What is measured of the kernel, by the names of the metric table (`eigen_kernel_*`). */
export interface KernelMetrics {
  count(name: string, labels?: Readonly<Record<string, string>>, amount?: number): void;
  observe(name: string, labels: Readonly<Record<string, string>>, value: number): void;
  gauge(name: string, value: number | (() => number), labels?: Readonly<Record<string, string>>): void;
}

/** A job went from one state to another. */
export interface JobMove {
  readonly job: JobFields;
  readonly from: JobState;
  readonly to: JobState;
  /** How long it was in `from`. */
  readonly seconds: number;
  /** Why it ended, unless it is DONE. */
  readonly error?: QfsError;
}

export interface KernelSettings {
  /** Device of a job that names none. */
  readonly defaultTarget: string;
  /** Shots of an item that names none (`QC_TASK_DEFAULT_SHOTS`). */
  readonly defaultShots: number;
  /** Further attempts after a retryable failure (`QC_TASK_MAX_RETRIES`). */
  readonly retriesMax: number;
  /**
   * `QC_TASK_TIME_LIMIT_MS`: bounds compilation, and apart from it the execution, which counts from the first
   * lease over all attempts and the pauses between them.
   */
  readonly timeLimitMs: number;
  /** Bounds the wait for the compiler, and apart from it the wait for a device. Queues may be long: days. */
  readonly queueTimeLimitMs: number;
  /** Jobs that are compiled at once. */
  readonly compileSlots: number;
  /** How long `stop` waits for running executions before it hands them back. */
  readonly drainMs: number;
}

export const KERNEL_DEFAULTS: KernelSettings = {
  defaultTarget: 'sim:local',
  defaultShots: 1_024,
  retriesMax: 3,
  timeLimitMs: 300_000,
  queueTimeLimitMs: 7 * 24 * 3_600_000,
  compileSlots: 4,
  drainMs: 5_000,
};

export interface KernelOptions {
  readonly store: JobStore;
  /** 64 hexadecimal digits: the log that statements are about. */
  readonly clusterId: string;
  /** The node's own principal, which the log takes for an admin: what callers with that role do is done as it. */
  readonly operator: Owner;
  readonly compiler: Client<typeof CompilationService>;
  readonly drivers: Client<typeof DriverManagerService>;
  readonly qfs: Client<typeof QfsService>;
  /** What receipts are made of. */
  readonly log: Pick<Client<typeof LogService>, 'proveEntry'>;
  readonly seals: Client<typeof SealService>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly metrics: KernelMetrics;
  readonly settings: KernelSettings;
  /** Told of spans: a job's run, its stages, its entries in the log. */
  readonly tracer?: Tracer | undefined;
  /** Told of failures that no caller hears of, once each. */
  readonly onError: (error: unknown, job: JobFields) => void;
  /** Told of every change of a job's state. */
  readonly onMove?: ((move: JobMove) => void) | undefined;
}
