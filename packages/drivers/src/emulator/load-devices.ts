import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DeviceDescription, readDevice } from '@qfs/circuit/device';
import { DEVICE_BYTES_MAX, QfsError } from '@qfs/core';

/** A published package carries the devices itself; in the checkout they lie where everybody looks. */
const SHIPPED = ['../../devices/', '../../../../devices/']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

/** The devices that come with the platform. */
export const shippedDevices = (): DeviceDescription[] =>
  SHIPPED === undefined ? [] : loadDevices([SHIPPED]);

/**
 * Reads descriptions of devices: files, and every `*.json` of folders in the order of their names.
 * @throws QfsError REQUEST_INVALID that names the file and the place inside it
 */
export const loadDevices = (paths: readonly string[]): DeviceDescription[] =>
  paths.flatMap(filesAt).map((path) => readDevice(readBounded(path), path));

function filesAt(path: string): string[] {
  if (!existsSync(path)) {
    throw new QfsError(
      'REQUEST_INVALID',
      `There is no file or folder ${path}, which should describe devices.`,
    );
  }
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => join(path, name));
}

function readBounded(path: string): Uint8Array {
  const { size } = statSync(path);
  if (size <= DEVICE_BYTES_MAX) return readFileSync(path);
  throw new QfsError(
    'REQUEST_INVALID',
    `${path} has ${size} bytes; a device has at most ${DEVICE_BYTES_MAX}.`,
  );
}
