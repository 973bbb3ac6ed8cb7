import { type Results, readResults } from '@qfs/circuit';
import { type Clock, nearestName, QfsError, type Timers } from '@qfs/core';
import { inSpan, type SpanAttributes, type Tracer } from '@qfs/rpc';
import { admit } from './admission.ts';
import { errorOfDriver } from './backend-error.ts';
import {
  type CalibrationSnapshot,
  type CancelOutcome,
  type Device,
  type DeviceStatus,
  DRIVER_API_VERSION,
  type Driver,
  type ExecutionCost,
  type ExecutionRequest,
  type ExecutionResult,
  type ExecutionStatus,
  isTerminal,
} from './contract.ts';

/** A caller's traceparent: what a driver does for it is a span below. */
type Parent = string | undefined;

/** How often a backend that cannot be watched is asked. */
const POLL_INTERVAL_MS = 1_000;

/** What is measured of drivers: `eigen_driver_requests_total` and `eigen_driver_request_duration_seconds`. */
export interface DriverMetrics {
  request(driver: string, operation: DriverOperation, success: boolean, seconds: number): void;
}

export type DriverOperation =
  | 'status'
  | 'prepare'
  | 'submit'
  | 'poll'
  | 'cancel'
  | 'fetch'
  | 'run'
  | 'calibration';

export interface DriverManagerOptions {
  readonly drivers: readonly Driver[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly metrics?: DriverMetrics;
  /** Told of a span per call of a driver. */
  readonly tracer?: Tracer | undefined;
  readonly pollIntervalMs?: number;
}

/** A device, who drives it, and how it is. */
export interface ManagedDevice {
  readonly device: Device;
  readonly driver: Driver;
  readonly status: DeviceStatus;
}

/** Where an execution is: what its owner keeps to find it again after a restart. */
export interface ExecutionAddress {
  readonly deviceId: string;
  readonly remoteId: string;
}

/**
 * Finds the driver of a device and holds every driver to the contract: requests within bounds, nothing thrown
 * but QfsErrors, results complete. It keeps no state of its own, so that any number of managers can run.
 */
export class DriverManager {
  readonly #options: DriverManagerOptions;

  constructor(options: DriverManagerOptions) {
    for (const { name, capabilities } of options.drivers) {
      const [major] = capabilities.apiVersion.split('.');
      if (major === DRIVER_API_VERSION.split('.')[0]) continue;
      throw new QfsError(
        'NOT_IMPLEMENTED',
        `Driver ${name} speaks version ${capabilities.apiVersion} of the driver contract; this is ${DRIVER_API_VERSION}.`,
      );
    }
    this.#options = options;
  }

  /** Throws DEVICE_NOT_FOUND with the name that was probably meant. */
  find(deviceId: string): { readonly device: Device; readonly driver: Driver } {
    for (const driver of this.#options.drivers) {
      const device = driver.findDevice(deviceId);
      if (device !== undefined) return { device, driver };
    }
    const known = this.#options.drivers.flatMap((driver) => driver.devices().map(({ id }) => id));
    const nearest = nearestName(deviceId, known);
    const hint = nearest === undefined ? `Devices are: ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
    throw new QfsError('DEVICE_NOT_FOUND', `There is no device "${deviceId.slice(0, 100)}". ${hint}`, {
      metadata: { device_id: deviceId },
    });
  }

  async devices(parent?: Parent): Promise<ManagedDevice[]> {
    const listed = this.#options.drivers.flatMap((driver) => driver.devices().map(({ id }) => id));
    return Promise.all(listed.map((deviceId) => this.device(deviceId, parent)));
  }

  /** A device whose status cannot be had is listed as in error, not left out. */
  async device(deviceId: string, parent?: Parent): Promise<ManagedDevice> {
    const { device, driver } = this.find(deviceId);
    try {
      const call = { deviceId, parent };
      return {
        device,
        driver,
        status: await this.#call(driver, 'status', call, () => driver.status(deviceId)),
      };
    } catch (thrown) {
      const detail = QfsError.from(thrown).message;
      return { device, driver, status: { availability: 'error', queueDepth: 0, estimatedWaitMs: 0, detail } };
    }
  }

  async estimate(request: ExecutionRequest, parent?: Parent): Promise<ExecutionCost> {
    return (await this.#prepare(request, parent)).cost;
  }

  /** Admits and submits. The same token finds the same execution where the driver declares that. */
  async submit(request: ExecutionRequest, token: string, parent?: Parent): Promise<ExecutionAddress> {
    if (token === '') throw new QfsError('REQUEST_INVALID', 'An execution needs an idempotency token.');
    const { driver } = this.find(request.deviceId);
    const prepared = await this.#prepare(request, parent).catch(unsent);
    const call = { deviceId: request.deviceId, jobId: request.jobId, parent };
    const remoteId = await this.#call(driver, 'submit', call, (span) => prepared.submit(token, span));
    return { deviceId: request.deviceId, remoteId };
  }

  async poll({ deviceId, remoteId }: ExecutionAddress, parent?: Parent): Promise<ExecutionStatus> {
    const { driver } = this.find(deviceId);
    if (driver.poll !== undefined) {
      const status = await this.#call(driver, 'poll', { deviceId, parent }, () => driver.poll!(remoteId));
      return this.#explainLoss(driver, deviceId, status);
    }
    for await (const status of this.watch({ deviceId, remoteId }, new AbortController().signal))
      return status;
    throw new QfsError('BACKEND_UNAVAILABLE', `Driver ${driver.name} says nothing of execution ${remoteId}.`);
  }

  /** The present status, then every change; ends after one terminal status or when the signal fires. */
  async *watch(
    { deviceId, remoteId }: ExecutionAddress,
    signal: AbortSignal,
  ): AsyncGenerator<ExecutionStatus, void> {
    const { driver } = this.find(deviceId);
    const source = driver.watch?.(remoteId, signal) ?? this.#pollLoop(driver, remoteId, signal);
    const statuses = source[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await guard(driver, 'watch', () => statuses.next());
        if (next.done === true) return;
        const status = this.#explainLoss(driver, deviceId, next.value);
        yield status;
        if (isTerminal(status.state)) return;
      }
    } finally {
      await statuses.return?.();
    }
  }

  async cancel({ deviceId, remoteId }: ExecutionAddress, parent?: Parent): Promise<CancelOutcome> {
    const { driver } = this.find(deviceId);
    return this.#call(driver, 'cancel', { deviceId, parent }, () => driver.cancel(remoteId));
  }

  /** Complete results only, as the canonical bytes and as read; anything less is RESULT_INCOMPLETE. */
  async fetch(
    { deviceId, remoteId }: ExecutionAddress,
    parent?: Parent,
  ): Promise<ExecutionResult & { readonly document: Results }> {
    const { driver } = this.find(deviceId);
    const result = await this.#call(driver, 'fetch', { deviceId, parent }, () => driver.fetch(remoteId));
    return read(driver, deviceId, result);
  }

  /**
   * The way of an execution from its submission to its results in one call; a signal cancels it. Throws the
   * reason of an execution that does not succeed.
   */
  async run(
    request: ExecutionRequest,
    token: string,
    signal: AbortSignal,
    parent?: Parent,
  ): Promise<ExecutionResult & { readonly document: Results }> {
    const { device, driver } = this.find(request.deviceId);
    if (driver.run === undefined) {
      const address = await this.submit(request, token, parent);
      await this.#untilSucceeded(address, signal);
      return this.fetch(address, parent);
    }
    admit(request, device);
    const { deviceId, jobId } = request;
    const call = { deviceId, jobId, parent };
    return read(driver, deviceId, await this.#call(driver, 'run', call, () => driver.run!(request, signal)));
  }

  async #untilSucceeded(address: ExecutionAddress, signal: AbortSignal): Promise<void> {
    for await (const { state, error } of this.watch(address, signal)) {
      if (state === 'succeeded') return;
      if (isTerminal(state)) {
        throw error ?? new QfsError('CANCELLED', `Execution ${address.remoteId} was cancelled.`);
      }
    }
    // Nobody waits for the answer any more, and nobody else knows of the execution.
    await this.cancel(address);
    throw new QfsError('CANCELLED', `The caller of execution ${address.remoteId} stopped waiting.`);
  }

  async calibration(deviceId: string, parent?: Parent): Promise<CalibrationSnapshot | undefined> {
    const { driver } = this.find(deviceId);
    return this.#call(driver, 'calibration', { deviceId, parent }, () => driver.calibration(deviceId));
  }

  async close(): Promise<void> {
    await Promise.all(this.#options.drivers.map((driver) => driver.close()));
  }

  async #prepare(request: ExecutionRequest, parent: Parent): ReturnType<Driver['prepare']> {
    const { device, driver } = this.find(request.deviceId);
    admit(request, device);
    const { deviceId, jobId } = request;
    return this.#call(driver, 'prepare', { deviceId, jobId, parent }, () => driver.prepare(request));
  }

  async *#pollLoop(
    driver: Driver,
    remoteId: string,
    signal: AbortSignal,
  ): AsyncGenerator<ExecutionStatus, void> {
    let last = '';
    while (!signal.aborted) {
      const status = await driver.poll!(remoteId);
      const seen = `${status.state} ${status.progress}`;
      if (seen !== last) yield status;
      last = seen;
      await this.#pause(signal);
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.#options.timers.after(this.#options.pollIntervalMs ?? POLL_INTERVAL_MS, resolve);
    const abort = (): void => resolve();
    signal.addEventListener('abort', abort, { once: true });
    await promise;
    stop();
    signal.removeEventListener('abort', abort);
  }

  /** The reason of a lost execution decides whether it is submitted again: it says what the driver bears. */
  #explainLoss(driver: Driver, deviceId: string, status: ExecutionStatus): ExecutionStatus {
    if (status.state !== 'lost' || status.error !== undefined) return status;
    const code = driver.capabilities.idempotentSubmission ? 'ENGINE_LOST' : 'EXECUTION_LOST';
    return { ...status, error: new QfsError(code, `${deviceId} does not know the execution any more.`) };
  }

  async #call<T>(
    driver: Driver,
    operation: DriverOperation,
    call: DriverCall,
    run: (traceparent: Parent) => Promise<T>,
  ): Promise<T> {
    const { clock, metrics, tracer } = this.#options;
    const startedMs = clock.monotonicMs();
    let success = false;
    try {
      const span = {
        name: `driver ${operation}`,
        kind: 'client',
        attributes: attributesOf(driver, call),
      } as const;
      const work = ({ traceparent }: { readonly traceparent: Parent }) =>
        guard(driver, operation, () => run(traceparent));
      const { parent } = call;
      const value = await (parent === undefined
        ? work({ traceparent: undefined })
        : inSpan(tracer, span, { traceparent: parent }, work));
      success = true;
      return value;
    } finally {
      metrics?.request(driver.name, operation, success, (clock.monotonicMs() - startedMs) / 1000);
    }
  }
}

/** Holds a driver to complete results. */
function read({ name }: Driver, deviceId: string, result: ExecutionResult) {
  const document = readResults(result.results);
  if (!document.ok) throw document.error;
  const metadata = { ...result.metadata, driver: name, device_id: deviceId };
  return { ...result, metadata, document: document.value };
}

/** What a call of a driver is about. */
interface DriverCall {
  readonly deviceId: string;
  readonly jobId?: string;
  readonly parent: Parent;
}

const attributesOf = ({ name }: Driver, { deviceId, jobId = '' }: DriverCall): SpanAttributes =>
  jobId === '' ? { driver: name, device_id: deviceId } : { driver: name, device_id: deviceId, job_id: jobId };

/** Preparing hands nothing over, so a backend that is silent then certainly did not take the work. */
function unsent(thrown: unknown): never {
  const error = QfsError.from(thrown);
  if (error.code !== 'BACKEND_UNAVAILABLE' && error.code !== 'DEADLINE_EXCEEDED') throw error;
  const { message, metadata, retryAfterMs } = error;
  throw new QfsError('DEVICE_OFFLINE', message, {
    cause: error,
    metadata,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** What a driver throws that is not a QfsError is its bug; another attempt may avoid it. */
async function guard<T>(driver: Driver, operation: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    throw errorOfDriver(driver.name, operation, thrown);
  }
}
