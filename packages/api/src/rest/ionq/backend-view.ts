import { STATE_VECTOR_QUBITS_MAX } from '@qfs/core';
import { type JsonInput, parseJson } from '@qfs/core/json';
import { type DeviceInfo, DeviceStatus } from '@qfs/rpc/api';
import { backendOf } from './backend-names.ts';
import { NATIVE_GATES, QIS_GATES } from './gates.ts';

/** A device as IonQ describes backends. */
export const backendView = (device: DeviceInfo, nowMs: number) => ({
  backend: backendOf(device.deviceId),
  status: device.status === DeviceStatus.ONLINE ? 'available' : 'unavailable',
  degraded: false,
  qubits: qubitsOf(device),
  average_queue_time: device.estimatedWaitSec * 1000,
  last_updated: new Date(nowMs).toISOString(),
  supported_gates: [...Object.keys(QIS_GATES), 'pauliexp'],
  supported_native_gates: Object.keys(NATIVE_GATES),
  supported_error_mitigations: [],
  // What IonQ's own backends do not promise: who sends a job again with the same key gets the same job.
  idempotent_submission: true,
});

/** Measurements of a device that says when they were taken; how well its gates do is in `calibration.json` of its jobs. */
export function characterizationsOf(device: DeviceInfo) {
  const {
    calibration_taken_at: date,
    coupling_map: coupling = '',
    device_version: id = '',
  } = device.capabilities;
  if (date === undefined) return [];
  const qubits = qubitsOf(device);
  return [{ id, backend: backendOf(device.deviceId), date, qubits, connectivity: pairsOf(coupling, qubits) }];
}

/** Devices that couple any two of more qubits than this are not spelt out. */
const PAIRED_QUBITS_MAX = 256;

/** Pairs of qubits that share a gate; any two, where the device says so. */
function pairsOf(coupling: string, qubits: number): JsonInput {
  const listed = parseJson(coupling);
  if (listed.ok) return listed.value;
  if (coupling !== 'all_to_all' || qubits > PAIRED_QUBITS_MAX) return [];
  return Array.from({ length: qubits }, (_, a) =>
    Array.from({ length: qubits - a - 1 }, (_, b) => [a, a + b + 1]),
  ).flat();
}

const PRICE = /^(?<perTask>\S+) per task and (?<perShot>\S+) per shot, in (?<unit>\S+)$/;

/** What the device would charge. */
export function priceOf({ capabilities }: DeviceInfo, shots: number) {
  const { perTask, perShot, unit = 'usd' } = PRICE.exec(capabilities.price ?? '')?.groups ?? {};
  return { perShot: Number(perShot ?? 0), unit, value: Number(perTask ?? 0) + shots * Number(perShot ?? 0) };
}

function qubitsOf({ capabilities }: DeviceInfo): number {
  const qubits = Number(capabilities.qubits);
  return Number.isSafeInteger(qubits) && qubits > 0 ? qubits : STATE_VECTOR_QUBITS_MAX;
}
