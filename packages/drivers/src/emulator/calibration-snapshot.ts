import { calibrationJson, type DeviceDescription, deviceVersion } from '@qfs/circuit/device';
import { assert } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { NOISE_MODEL, type NoiseModel, noiseDigest } from '@qfs/simulator';
import type { CalibrationSnapshot } from '../contract.ts';

/**
 * `calibration.json` of a job: canonical JSON, so that the same calibration has the same digest. It holds the noise
 * model that was made of the calibration, so that the job can be run again from its artifacts alone.
 */
export function calibrationSnapshot(device: DeviceDescription, noise: NoiseModel): CalibrationSnapshot {
  const { calibration, id } = device;
  assert(calibration !== undefined, 'noise comes from a calibration');
  const members = [
    `"calibration":${calibrationJson(calibration)}`,
    `"device_id":${JSON.stringify(id)}`,
    `"device_version":${JSON.stringify(deviceVersion(device))}`,
    `"noise_digest":${JSON.stringify(noiseDigest(noise))}`,
    `"noise_model":${NOISE_MODEL.write(noise)}`,
  ];
  return { contentType: 'application/json', bytes: utf8(`{${members.join(',')}}\n`) };
}
