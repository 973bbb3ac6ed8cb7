/** `@qfs/drivers`: the driver contract, the simulator driver, scripted faults, and the manager that holds them to it. */
export { BACKEND_ERRORS, type BackendErrorKind, backendError } from './backend-error.ts';
export type {
  CalibrationSnapshot,
  CancelOutcome,
  CircuitFormat,
  Device,
  DeviceAvailability,
  DeviceStatus,
  Driver,
  DriverCapabilities,
  ExecutionCost,
  ExecutionItem,
  ExecutionRequest,
  ExecutionResult,
  ExecutionState,
  ExecutionStatus,
  PreparedExecution,
} from './contract.ts';
export { DRIVER_API_VERSION } from './contract.ts';
export { devicesReference } from './emulator/devices-reference.ts';
export { createEmulatorDriver, type EmulatorDriverOptions } from './emulator/emulator-driver.ts';
export { loadDevices, shippedDevices } from './emulator/load-devices.ts';
export { createFaultDriver, type FaultDriverOptions } from './fault/fault-driver.ts';
export { FAULTS } from './fault/fault-script.ts';
export { createIonqDriver, type IonqDriverOptions } from './ionq/ionq-driver.ts';
export { remoteOptions } from './ionq/remote-options.ts';
export {
  DriverManager,
  type DriverManagerOptions,
  type DriverMetrics,
  type DriverOperation,
  type ExecutionAddress,
  type ManagedDevice,
} from './manager.ts';
export { loadPlugins, type PluginsOptions } from './plugins/load-plugins.ts';
export { manifestSchema } from './plugins/manifest.ts';
export type { CreateDriver, PluginHost } from './plugins/plugin-host.ts';
export { type GuardMetrics, type GuardOptions, guardDriver } from './resilience/guarded-driver.ts';
export { driverManagerService } from './service/driver-manager-service.ts';
export { createSimulatorDriver, type SimulatorDriverOptions } from './simulator/simulator-driver.ts';
