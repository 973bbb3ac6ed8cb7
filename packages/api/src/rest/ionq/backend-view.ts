import { STATE_VECTOR_QUBITS_MAX } from '@qfs/core';
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

function qubitsOf({ capabilities }: DeviceInfo): number {
  const qubits = Number(capabilities.qubits);
  return Number.isSafeInteger(qubits) && qubits > 0 ? qubits : STATE_VECTOR_QUBITS_MAX;
}
