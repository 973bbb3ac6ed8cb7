import type { Device, Driver } from '../contract.ts';
import type { PluginManifest } from './manifest.ts';

const METHODS = [
  'devices',
  'findDevice',
  'status',
  'prepare',
  'cancel',
  'fetch',
  'calibration',
  'close',
] as const;
const DEVICE_ID = /^[a-z][a-z0-9_-]{0,31}:[A-Za-z0-9][A-Za-z0-9._/@-]{0,95}$/;
const FORMATS: readonly string[] = ['aqo_json', 'qasm3_text'];

/** The first thing in which a driver differs from its manifest or the contract. */
export function handshakeFault(driver: unknown, manifest: PluginManifest): string | undefined {
  if (typeof driver !== 'object' || driver === null) return 'createDriver returns no driver';
  const given = driver as Partial<Driver>;
  const missing = METHODS.find((method) => typeof given[method] !== 'function');
  if (missing !== undefined) return `the driver has no method ${missing}`;
  if (typeof given.poll !== 'function' && typeof given.watch !== 'function')
    return 'the driver has neither poll nor watch';
  if (given.name !== manifest.name)
    return `the driver is called ${given.name}, its manifest says ${manifest.name}`;
  return capabilityFault(given as Driver, manifest) ?? devicesFault(given as Driver);
}

function capabilityFault({ capabilities }: Driver, manifest: PluginManifest): string | undefined {
  const declared = { apiVersion: manifest.apiVersion, ...manifest.capabilities };
  for (const [name, value] of Object.entries(declared)) {
    const actual = (capabilities as unknown as Record<string, unknown> | undefined)?.[name];
    if (actual !== value) return `the driver's capability ${name} is ${actual}, its manifest says ${value}`;
  }
  return undefined;
}

function devicesFault(driver: Driver): string | undefined {
  const devices = driver.devices();
  if (!Array.isArray(devices)) return 'devices() gives no list';
  const ids = new Set<string>();
  for (const device of devices as readonly Device[]) {
    const fault = deviceFault(device, driver.name);
    if (fault !== undefined) return fault;
    if (ids.has(device.id)) return `two of its devices are called ${device.id}`;
    ids.add(device.id);
    if (driver.findDevice(device.id)?.id !== device.id)
      return `findDevice does not know ${device.id}, which is listed`;
  }
  return undefined;
}

function deviceFault(device: Device, driver: string): string | undefined {
  const { id, name, backendType, formats, methods, properties } = device;
  if (typeof id !== 'string' || !DEVICE_ID.test(id) || !id.startsWith(`${driver}:`))
    return `a device is called ${id}; ids are ${driver}:name`;
  if (typeof name !== 'string' || typeof backendType !== 'string') return `${id} has no name or backendType`;
  for (const count of ['qubitsMax', 'shotsMax', 'slots'] as const) {
    if (!Number.isSafeInteger(device[count]) || device[count] < 1)
      return `${count} of ${id} is ${device[count]}; it is a whole number from 1`;
  }
  if (!Array.isArray(formats) || formats.length === 0 || !formats.every((format) => FORMATS.includes(format)))
    return `formats of ${id} are some of ${FORMATS.join(', ')}`;
  if (!Array.isArray(methods) || typeof properties !== 'object' || properties === null)
    return `${id} has no methods or properties`;
  return undefined;
}
