import { createHash } from 'node:crypto';
import { QfsError } from '@qfs/core';
import { contextOf, type DriverManagerService, type HandlerContext, type ServiceImpl } from '@qfs/rpc';
import type { ExecuteCircuitRequest, SubmitExecutionRequest } from '@qfs/rpc/internal';
import type { ExecutionRequest } from '../contract.ts';
import type { DriverManager } from '../manager.ts';
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
    const token = singleCircuitToken(request);
    const { signal } = handler;
    const { document, metadata } = await manager.run(singleCircuit(request), token, signal, spanOf(handler));
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
    const { idempotencyToken } = submission;
    const { remoteId } = await manager.submit(requestOf(submission), idempotencyToken, spanOf(handler));
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

  async runExecution({ submission }, handler) {
    if (submission === undefined) throw new QfsError('REQUEST_INVALID', 'RunExecution needs a submission.');
    const request = requestOf(submission);
    const { driver } = manager.find(request.deviceId);
    if (!driver.capabilities.idempotentSubmission) {
      throw new QfsError(
        'NOT_IMPLEMENTED',
        `An execution on ${request.deviceId} cannot be repeated when its answer is lost; submit it and watch it.`,
      );
    }
    const { idempotencyToken } = submission;
    const span = spanOf(handler);
    const { results, metadata, calibration } = await manager.run(
      request,
      idempotencyToken,
      handler.signal,
      span,
    );
    return { results, metadata: { ...metadata }, calibration: calibration?.bytes ?? new Uint8Array() };
  },
});

function requestOf(submission: SubmitExecutionRequest): ExecutionRequest {
  const { jobId, attempt, deviceId, items, options, timeLimit } = submission;
  const timeLimitMs = timeLimit && Number(timeLimit.seconds) * 1000 + timeLimit.nanos / 1e6;
  return {
    jobId,
    attempt,
    deviceId,
    items: items.map(itemOf),
    options,
    ...(timeLimitMs === undefined ? {} : { timeLimitMs }),
  };
}

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
