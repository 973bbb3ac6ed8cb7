import { createHash } from 'node:crypto';
import { QfsError } from '@qfs/core';
import { contextOf, type DriverManagerService, type HandlerContext, type ServiceImpl } from '@qfs/rpc';
import type { ExecuteCircuitRequest } from '@qfs/rpc/internal';
import { type ExecutionRequest, isTerminal } from '../contract.ts';
import type { DriverManager, ExecutionAddress } from '../manager.ts';
import {
  CANCEL_OUTCOMES,
  circuitOf,
  deviceMessage,
  executionMessage,
  itemOf,
  statusMessage,
} from './wire.ts';

/** The driver manager as the kernel calls it: `eigen.internal.v1.DriverManagerService`. */
export const driverManagerService = (manager: DriverManager): ServiceImpl<typeof DriverManagerService> => ({
  async listDevices(_request, handler) {
    return { devices: (await manager.devices(spanOf(handler))).map(deviceMessage) };
  },

  async getDeviceStatus({ deviceId }, handler) {
    const managed = await manager.device(deviceId, spanOf(handler));
    const { detail } = managed.status;
    // What ListDevices says of listed devices; members of a family, such as scripted faults, are not listed.
    const facts = {
      slots: `${managed.device.slots}`,
      idempotent_submission: `${managed.driver.capabilities.idempotentSubmission}`,
      formats: managed.device.formats.join(','),
    };
    return { deviceId, ...statusMessage(managed), metadata: { ...facts, ...(detail && { detail }) } };
  },

  async executeCircuit(request, handler) {
    const span = spanOf(handler);
    const address = await manager.submit(singleCircuit(request), singleCircuitToken(request), span);
    await untilSucceeded(manager, address, handler.signal);
    const { document, metadata } = await manager.fetch(address, span);
    const counts = document.items[0]?.results[0]?.counts ?? new Map<string, number>();
    return {
      counts: Object.fromEntries([...counts].map(([key, count]) => [key, BigInt(count)])),
      executionTimeSec: Number(metadata.execution_time_ms ?? 0) / 1000,
      metadata,
    };
  },

  async calibrateDevice({ deviceId }, handler) {
    const calibration = await manager.calibration(deviceId, spanOf(handler));
    if (calibration === undefined) {
      throw new QfsError('NOT_IMPLEMENTED', `${deviceId} has nothing to calibrate.`);
    }
    return { calibrationRef: `sha256:${sha256(calibration.bytes)}` };
  },

  async estimateExecution({ deviceId, items, options }, handler) {
    const request = { jobId: '', attempt: 1, deviceId, items: items.map(itemOf), options };
    const { memoryBytes, price, priceUnit, method } = await manager.estimate(request, spanOf(handler));
    return { memoryBytes: BigInt(memoryBytes), cost: price, costUnit: priceUnit, method };
  },

  async submitExecution(submission, handler) {
    const { jobId, attempt, idempotencyToken, deviceId, items, options, timeLimit } = submission;
    const timeLimitMs = timeLimit && Number(timeLimit.seconds) * 1000 + timeLimit.nanos / 1e6;
    const request: ExecutionRequest = {
      jobId,
      attempt,
      deviceId,
      items: items.map(itemOf),
      options,
      ...(timeLimitMs === undefined ? {} : { timeLimitMs }),
    };
    const { remoteId } = await manager.submit(request, idempotencyToken, spanOf(handler));
    return { remoteId };
  },

  async getExecution(address, handler) {
    return { execution: executionMessage(address, await manager.poll(address, spanOf(handler))) };
  },

  async *watchExecution(address, { signal }) {
    for await (const status of manager.watch(address, signal)) {
      yield { execution: executionMessage(address, status) };
    }
  },

  async cancelExecution(address, handler) {
    return { outcome: CANCEL_OUTCOMES[await manager.cancel(address, spanOf(handler))] };
  },

  async fetchExecution(address, handler) {
    const { results, metadata, calibration } = await manager.fetch(address, spanOf(handler));
    return { results, metadata: { ...metadata }, calibration: calibration?.bytes ?? new Uint8Array() };
  },
});

const spanOf = (handler: HandlerContext): string => contextOf(handler).traceparent;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function singleCircuit({
  jobId,
  deviceId,
  payload,
  shots,
  options,
}: ExecuteCircuitRequest): ExecutionRequest {
  const { seed = '0', ...rest } = options;
  const item = { parameters: [], shots, seed: Number(seed), observables: [], memory: false };
  return {
    jobId,
    attempt: 1,
    deviceId,
    items: [{ ...circuitOf(payload, 'payload'), ...item }],
    options: rest,
  };
}

/** The same call is the same execution, so that a caller who lost the answer may simply call again. */
const singleCircuitToken = ({ jobId, deviceId, payload, shots, options }: ExecuteCircuitRequest): string =>
  JSON.stringify([jobId, deviceId, sha256(payload?.data ?? new Uint8Array()), shots, options]);

async function untilSucceeded(
  manager: DriverManager,
  address: ExecutionAddress,
  signal: AbortSignal,
): Promise<void> {
  for await (const { state, error } of manager.watch(address, signal)) {
    if (state === 'succeeded') return;
    if (isTerminal(state)) {
      throw error ?? new QfsError('CANCELLED', `Execution ${address.remoteId} was cancelled.`);
    }
  }
  // Nobody waits for the answer any more, and nobody else knows of the execution.
  await manager.cancel(address);
  throw new QfsError('CANCELLED', `The caller of execution ${address.remoteId} stopped waiting.`);
}
