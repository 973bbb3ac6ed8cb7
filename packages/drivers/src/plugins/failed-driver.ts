import { QfsError, SHOTS_MAX } from '@qfs/core';
import { type Device, DRIVER_API_VERSION, type Driver } from '../contract.ts';

/**
 * Stands for a driver that could not be loaded, so that people see it and its reason: one device in error is
 * listed, and whoever asks for any of its devices is told.
 */
export function failedDriver(name: string, reason: string): Driver {
  const id = `${name}:error`;
  const detail = `Driver ${name} is not loaded: ${reason}.`;
  const device: Device = {
    id,
    name: `Driver ${name}, which is not loaded`,
    backendType: name,
    qubitsMax: 1,
    shotsMax: SHOTS_MAX,
    formats: ['aqo_json', 'qasm3_text'],
    slots: 1,
    methods: [],
    properties: { error: reason },
  };
  const refuse = async (): Promise<never> => {
    throw new QfsError('DEVICE_OFFLINE', detail);
  };
  return {
    name,
    capabilities: {
      apiVersion: DRIVER_API_VERSION,
      idempotentSubmission: true,
      reproducibility: 'statistical',
      cancellation: 'unsupported',
    },
    devices: () => [device],
    findDevice: (deviceId) => (deviceId.startsWith(`${name}:`) ? { ...device, id: deviceId } : undefined),
    status: async () => ({ availability: 'error', queueDepth: 0, estimatedWaitMs: 0, detail }),
    prepare: refuse,
    poll: refuse,
    cancel: refuse,
    fetch: refuse,
    calibration: refuse,
    close: async () => undefined,
  };
}
