import { createHash } from 'node:crypto';
import { QfsError, type Timers } from '@qfs/core';
import {
  type CalibrationSnapshot,
  type CancelOutcome,
  type Device,
  type DeviceStatus,
  type Driver,
  type DriverCapabilities,
  type ExecutionRequest,
  type ExecutionResult,
  type ExecutionStatus,
  isTerminal,
  type PreparedExecution,
} from '../contract.ts';
import { ExecutionTable } from '../execution-table.ts';
import { FAULT_NAMES, type FaultStep, parseFaultScript, stepOfAttempt } from './fault-script.ts';
import { halveCounts } from './halve-counts.ts';

const FAMILY = 'fault:';
/** The listed device of the family: its script comes with the job, as option `fault`. */
const SCRIPTED_DEVICE_ID = 'fault:scripted';

export interface FaultDriverOptions {
  /** Does the real work; its first device is the one that is played with. */
  readonly inner: Driver;
  readonly timers: Timers;
  /** What the driver declares and how it behaves: false gives every submission an execution of its own. */
  readonly idempotentSubmission?: boolean;
}

interface Execution {
  readonly step: FaultStep;
  readonly stop: AbortController;
  /** Set while the inner driver has it, and after. */
  innerId?: string;
}

/**
 * Devices `fault:…` that fail as their script says, so that retries, time limits and recovery have something to work
 * on. The script is the device's name behind the colon, or option `fault` of a job on `fault:scripted`.
 */
export const createFaultDriver = (options: FaultDriverOptions): Driver => new FaultDriver(options);

class FaultDriver implements Driver {
  readonly name = 'fault';
  readonly capabilities: DriverCapabilities;
  readonly #inner: Driver;
  readonly #innerDevice: Device;
  readonly #timers: Timers;
  readonly #table = new ExecutionTable();
  readonly #executions = new Map<string, Execution>();
  #submissions = 0;

  constructor({ inner, timers, idempotentSubmission = true }: FaultDriverOptions) {
    this.#inner = inner;
    this.#innerDevice = inner.devices()[0]!;
    this.#timers = timers;
    this.capabilities = { ...inner.capabilities, idempotentSubmission, cancellation: 'best_effort' };
  }

  devices(): readonly Device[] {
    return [this.#device(SCRIPTED_DEVICE_ID)];
  }

  findDevice(deviceId: string): Device | undefined {
    if (!deviceId.startsWith(FAMILY)) return undefined;
    scriptOf(deviceId, {});
    return this.#device(deviceId);
  }

  async status(): Promise<DeviceStatus> {
    return { availability: 'online', queueDepth: this.#executions.size, estimatedWaitMs: 0 };
  }

  async prepare(request: ExecutionRequest): Promise<PreparedExecution> {
    const step = stepOfAttempt(scriptOf(request.deviceId, request.options), request.attempt);
    const inner = await this.#inner.prepare({ ...request, deviceId: this.#innerDevice.id });
    return { cost: inner.cost, submit: async (token) => this.#submit(step, inner, token) };
  }

  async *watch(remoteId: string, signal: AbortSignal): AsyncGenerator<ExecutionStatus, void> {
    const execution = this.#executions.get(remoteId);
    const kind = execution?.step.kind;
    for await (const status of this.#table.watch(remoteId, signal)) {
      if (kind === 'late' && execution?.innerId === undefined && status.state === 'running') {
        throw new QfsError('BACKEND_UNAVAILABLE', 'The device is out of reach, as its fault script says.');
      }
      if (kind === 'crash' && status.state === 'running') {
        this.#forget(remoteId);
        throw new TypeError('the driver breaks down, as its fault script says');
      }
      yield status;
      if (kind === 'duplicate' && isTerminal(status.state)) yield status;
    }
  }

  async cancel(remoteId: string): Promise<CancelOutcome> {
    const execution = this.#executions.get(remoteId);
    if (execution !== undefined && execution.step.kind !== 'late_cancel') {
      execution.stop.abort();
      if (execution.innerId !== undefined) await this.#inner.cancel(execution.innerId);
    }
    const { state } = await this.#table.ended(remoteId);
    return state === 'cancelled' || state === 'lost' ? 'cancelled' : 'too_late';
  }

  async fetch(remoteId: string): Promise<ExecutionResult> {
    return this.#table.result(remoteId);
  }

  calibration(): Promise<CalibrationSnapshot | undefined> {
    return this.#inner.calibration(this.#innerDevice.id);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#executions.values()].map(async ({ stop }) => stop.abort()));
  }

  #device(id: string): Device {
    return {
      ...this.#innerDevice,
      id,
      name: 'Scripted faults',
      properties: { faults: FAULT_NAMES.join(',') },
    };
  }

  #submit(step: FaultStep, inner: PreparedExecution, token: string): string {
    if (step.kind === 'unavailable' || step.kind === 'offline') {
      const code = step.kind === 'offline' ? 'DEVICE_OFFLINE' : 'BACKEND_UNAVAILABLE';
      throw new QfsError(code, 'The device refuses the execution, as its fault script says.');
    }
    this.#submissions += 1;
    const suffix = this.capabilities.idempotentSubmission ? '' : `-${this.#submissions}`;
    const remoteId = createHash('sha256').update(`fault ${token}`).digest('hex').slice(0, 32) + suffix;
    if (this.#table.has(remoteId) || step.kind === 'lost') return remoteId;
    this.#table.add(remoteId);
    const execution: Execution = { step, stop: new AbortController() };
    this.#executions.set(remoteId, execution);
    void this.#play(remoteId, execution, inner, `${token}${suffix}`).finally(() =>
      this.#executions.delete(remoteId),
    );
    if (step.kind === 'lost_answer') {
      throw new QfsError('BACKEND_UNAVAILABLE', 'The answer got lost, as the fault script says.');
    }
    return remoteId;
  }

  /** Takes an execution through its step and on to the inner driver. Never rejects. */
  async #play(
    remoteId: string,
    execution: Execution,
    inner: PreparedExecution,
    token: string,
  ): Promise<void> {
    const { step, stop } = execution;
    try {
      if (step.kind === 'queue') await this.#pause(step.delayMs, stop.signal);
      else this.#table.update(remoteId, { state: 'running' });
      // A driver that breaks down while it is watched must still be at work when somebody comes to watch.
      if (step.kind === 'hang' || step.kind === 'crash') await aborted(stop.signal);
      if (step.kind === 'fail') throw new QfsError('INTERNAL', 'The device fails, as its fault script says.');
      if (step.kind !== 'queue') await this.#pause(step.delayMs, stop.signal);
      if (stop.signal.aborted) {
        this.#table.update(remoteId, { state: 'cancelled' });
        return;
      }
      execution.innerId = await inner.submit(token);
      for await (const status of this.#inner.watch!(execution.innerId, new AbortController().signal)) {
        if (status.state === 'queued') continue;
        const result = status.state === 'succeeded' ? await this.#result(execution) : undefined;
        this.#table.update(remoteId, status, result);
      }
    } catch (thrown) {
      this.#table.update(remoteId, { state: 'failed', error: QfsError.from(thrown) });
    }
  }

  async #result({ step, innerId }: Execution): Promise<ExecutionResult> {
    const result = await this.#inner.fetch(innerId!);
    return step.kind === 'partial' ? { ...result, results: halveCounts(result.results) } : result;
  }

  async #pause(delayMs: number, signal: AbortSignal): Promise<void> {
    if (delayMs === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.#timers.after(delayMs, resolve);
    await Promise.race([promise, aborted(signal)]);
    stop();
  }

  #forget(remoteId: string): void {
    this.#executions.get(remoteId)?.stop.abort();
    this.#table.forget(remoteId);
  }
}

const scriptOf = (deviceId: string, options: Readonly<Record<string, string>>): readonly FaultStep[] =>
  parseFaultScript(deviceId === SCRIPTED_DEVICE_ID ? (options.fault ?? 'ok') : deviceId.slice(FAMILY.length));

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
