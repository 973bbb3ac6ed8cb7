import { type Clock, DRIVER_CONNECTIONS_MAX, QfsError, type Timers } from '@qfs/core';
import { backendError, errorOfDriver } from '../backend-error.ts';
import type {
  CalibrationSnapshot,
  CancelOutcome,
  Device,
  DeviceStatus,
  Driver,
  DriverCapabilities,
  ExecutionRequest,
  ExecutionResult,
  ExecutionStatus,
  PreparedExecution,
} from '../contract.ts';
import { BREAKER_DEFAULTS, type BreakerSettings, CircuitBreaker } from './circuit-breaker.ts';
import { ConnectionLimit } from './connection-limit.ts';

/** How long each operation may take, and how often one that is safe to repeat is repeated at once. */
const POLICIES = {
  status: { timeoutMs: 5_000, repeats: 0 },
  prepare: { timeoutMs: 60_000, repeats: 1 },
  submit: { timeoutMs: 60_000, repeats: 0 },
  poll: { timeoutMs: 15_000, repeats: 2 },
  cancel: { timeoutMs: 60_000, repeats: 1 },
  fetch: { timeoutMs: 120_000, repeats: 2 },
  calibration: { timeoutMs: 30_000, repeats: 2 },
} as const;

type Operation = keyof typeof POLICIES;

/** Pause before the first repetition; each further one is twice as long. */
const REPEAT_PAUSE_MS = 100;
/** How long a status is believed. */
const STATUS_TTL_MS = 1_000;
/** Statuses that are remembered; a driver may know families of devices without end. */
const STATUSES_MAX = 1_000;
/** Failures that say nothing of the request, only that nobody answered. */
const SILENT: ReadonlySet<string> = new Set(['BACKEND_UNAVAILABLE', 'DEADLINE_EXCEEDED']);

/** What is measured of a guarded driver. */
export interface GuardMetrics {
  /** Calls under way, and those that wait for a connection. */
  connections(driver: string, active: number, waiting: number): void;
  /** A call that nobody answered; `errorType` is the code. */
  connectionError(driver: string, errorType: string): void;
  /** A breaker opened: the backend counts as failed. */
  backendFailure(driver: string): void;
}

export interface GuardOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly metrics?: GuardMetrics;
  readonly breaker?: BreakerSettings;
  readonly connectionsMax?: number;
}

/**
 * A driver whose backend is elsewhere, with what that takes: a time limit for each call, repetition of calls
 * that are safe to repeat, a bound on calls at once, a short memory for statuses, and per device a circuit
 * breaker that keeps new work away while nobody answers. Executions under way are asked for all the same.
 */
export const guardDriver = (driver: Driver, options: GuardOptions): Driver =>
  new GuardedDriver(driver, options);

class GuardedDriver implements Driver {
  readonly name: string;
  readonly poll?: (remoteId: string) => Promise<ExecutionStatus>;
  readonly watch?: (remoteId: string, signal: AbortSignal) => AsyncIterable<ExecutionStatus>;
  readonly #driver: Driver;
  readonly #options: GuardOptions;
  readonly #limit: ConnectionLimit;
  readonly #breakers = new Map<string, CircuitBreaker>();
  readonly #statuses = new Map<string, { readonly atMs: number; readonly status: Promise<DeviceStatus> }>();

  constructor(driver: Driver, options: GuardOptions) {
    this.#driver = driver;
    this.#options = options;
    this.#limit = new ConnectionLimit(options.connectionsMax ?? DRIVER_CONNECTIONS_MAX);
    this.name = driver.name;
    if (driver.poll !== undefined) this.poll = (id) => this.#call('poll', () => driver.poll!(id));
    if (driver.watch !== undefined) this.watch = (id, signal) => driver.watch!(id, signal);
  }

  /** Asked each time: some drivers learn of them from their backend. */
  get capabilities(): DriverCapabilities {
    return this.#driver.capabilities;
  }

  devices(): readonly Device[] {
    return this.#driver.devices();
  }

  findDevice(deviceId: string): Device | undefined {
    return this.#driver.findDevice(deviceId);
  }

  /** While the breaker is open the device is in error, and says until when. */
  status(deviceId: string): Promise<DeviceStatus> {
    const nowMs = this.#options.clock.monotonicMs();
    const known = this.#statuses.get(deviceId);
    if (known !== undefined && nowMs - known.atMs < STATUS_TTL_MS) return known.status;
    if (this.#statuses.size >= STATUSES_MAX) this.#statuses.clear();
    const status = this.#status(deviceId);
    this.#statuses.set(deviceId, { atMs: nowMs, status });
    return status;
  }

  async prepare(request: ExecutionRequest): Promise<PreparedExecution> {
    const { deviceId } = request;
    const { cost, submit } = await this.#guarded(deviceId, 'prepare', () => this.#driver.prepare(request));
    return {
      cost,
      submit: (token, traceparent) => this.#guarded(deviceId, 'submit', () => submit(token, traceparent)),
    };
  }

  cancel(remoteId: string): Promise<CancelOutcome> {
    return this.#call('cancel', () => this.#driver.cancel(remoteId));
  }

  fetch(remoteId: string): Promise<ExecutionResult> {
    return this.#call('fetch', () => this.#driver.fetch(remoteId));
  }

  calibration(deviceId: string): Promise<CalibrationSnapshot | undefined> {
    return this.#guarded(deviceId, 'calibration', () => this.#driver.calibration(deviceId));
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  async #status(deviceId: string): Promise<DeviceStatus> {
    try {
      return await this.#guarded(deviceId, 'status', () => this.#driver.status(deviceId));
    } catch (thrown) {
      const detail = QfsError.from(thrown).message;
      return { availability: 'error', queueDepth: 0, estimatedWaitMs: 0, detail };
    }
  }

  /** A call about a device, through its breaker. One that is closed and saw no failure is not kept. */
  async #guarded<T>(deviceId: string, operation: Operation, run: () => Promise<T>): Promise<T> {
    const { clock, metrics } = this.#options;
    const breaker = this.#breakerOf(deviceId);
    const refusal = breaker.admit(clock.monotonicMs());
    if (refusal !== undefined) throw this.#refused(deviceId, refusal.retryAfterMs, refusal.why);
    try {
      const value = await this.#call(operation, run);
      this.#breakers.delete(deviceId);
      return value;
    } catch (thrown) {
      const error = QfsError.from(thrown);
      if (!SILENT.has(error.code)) this.#breakers.delete(deviceId);
      else {
        breaker.failed(clock.monotonicMs(), error.message);
        if (breaker.kind === 'open') metrics?.backendFailure(this.name);
      }
      throw error;
    }
  }

  /** Certainly nothing was sent, which DEVICE_OFFLINE says and BACKEND_UNAVAILABLE would not. */
  #refused(deviceId: string, retryAfterMs: number, why: string): QfsError {
    const seconds = Math.ceil(retryAfterMs / 1000);
    return new QfsError(
      'DEVICE_OFFLINE',
      `${deviceId} is given time to recover: ${why} It is asked again in ${seconds} s.`,
      { retryAfterMs, metadata: { device_id: deviceId, circuit_breaker: 'open' } },
    );
  }

  #breakerOf(deviceId: string): CircuitBreaker {
    let breaker = this.#breakers.get(deviceId);
    if (breaker === undefined) {
      breaker = new CircuitBreaker(this.#options.breaker ?? BREAKER_DEFAULTS);
      this.#breakers.set(deviceId, breaker);
    }
    return breaker;
  }

  async #call<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
    const { repeats } = POLICIES[operation];
    for (let repetition = 0; ; repetition += 1) {
      try {
        return await this.#once(operation, run);
      } catch (thrown) {
        const error = errorOfDriver(this.name, operation, thrown);
        if (!SILENT.has(error.code)) throw error;
        this.#options.metrics?.connectionError(this.name, error.code);
        if (repetition >= repeats) throw error;
        await this.#pause(REPEAT_PAUSE_MS * 2 ** repetition);
      }
    }
  }

  async #once<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
    const counted = this.#limit.run(() => {
      this.#count();
      return this.#limited(operation, run);
    });
    this.#count();
    try {
      return await counted;
    } finally {
      this.#count();
    }
  }

  #count(): void {
    this.#options.metrics?.connections(this.name, this.#limit.active, this.#limit.waiting);
  }

  async #limited<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
    const { timeoutMs } = POLICIES[operation];
    const late = Promise.withResolvers<never>();
    const stop = this.#options.timers.after(timeoutMs, () => {
      const message = `Driver ${this.name} did not answer ${operation} within ${timeoutMs / 1000} s.`;
      late.reject(backendError('timeout', message));
    });
    try {
      return await Promise.race([run(), late.promise]);
    } finally {
      stop();
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.#options.timers.after(milliseconds, resolve));
  }
}
