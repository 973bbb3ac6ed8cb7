/** `@qfs/circuit/device`: devices as JSON describes them, and what circuits are compiled to for them. */
export {
  type Calibration,
  calibrationJson,
  couplingOf,
  type DeviceDescription,
  deviceSchema,
  deviceVersion,
  pairKey,
  type QubitCalibration,
  readDevice,
} from './device-description.ts';
export { targetOfDevice } from './target-of-device.ts';
