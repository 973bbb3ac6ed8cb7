import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CompileTarget } from '@qfs/circuit';
import { readDevice, targetOfDevice } from '@qfs/circuit/device';
import { DEVICE_BYTES_MAX, nearestName, QfsError } from '@qfs/core';
import type { OptionRow } from '../command.ts';
import type { CompileWishes } from '../compile.ts';
import { OPTIMIZATION_OPTION } from '../options.ts';
import { readFile } from '../read-file.ts';
import type { Terminal } from '../terminal.ts';

/** What circuits are compiled to, and how hard the compiler tries. */
export interface TargetOptions {
  readonly optimizationLevel?: number;
  readonly target?: string;
}

export const TARGET_OPTIONS: readonly OptionRow[] = [
  OPTIMIZATION_OPTION,
  {
    flags: '--target <device>',
    help: 'for the gates and the coupling of this device: a name as heavy-hex-27, or the file of its JSON',
    completes: 'files',
  },
];

/** A published package carries the devices itself; in the checkout they lie where everybody looks. */
const SHIPPED = ['../../devices/', '../../../../devices/']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

/** What the command line says of compiling; `otherwise` is the device where it names none. */
export async function compileWishes(
  { optimizationLevel: level, target: named }: TargetOptions,
  terminal: Terminal,
  otherwise?: string,
): Promise<CompileWishes> {
  const name = named ?? otherwise;
  const target = name === undefined ? undefined : await targetNamed(name, terminal);
  return { ...(level !== undefined && { level }), ...(target !== undefined && { target }) };
}

const PREFIX = 'emulator:';
/** Devices that take any circuit as it is. */
const WITHOUT_TARGET = new Set(['sim:local', 'none']);

/**
 * The target of a device that comes with the platform, or of a file; undefined for a device without one.
 * @throws QfsError DEVICE_NOT_FOUND for a device that is not known here
 */
async function targetNamed(name: string, terminal: Terminal): Promise<CompileTarget | undefined> {
  if (WITHOUT_TARGET.has(name)) return undefined;
  const isFile = /[\\/]|\.json$/.test(name);
  const path = isFile ? name : `${SHIPPED}${shippedName(name)}.json`;
  const bytes = await readFile(path, 'a device', DEVICE_BYTES_MAX, terminal);
  return targetOfDevice(readDevice(bytes, path));
}

function shippedName(asked: string): string {
  const files = SHIPPED === undefined ? [] : readdirSync(SHIPPED);
  const names = files.flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []));
  const name = asked.startsWith(PREFIX) ? asked.slice(PREFIX.length) : asked;
  if (names.includes(name)) return name;
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? `Known are ${names.sort().join(', ')}.` : `Did you mean ${nearest}?`;
  throw new QfsError(
    'DEVICE_NOT_FOUND',
    `The device "${asked}" is not known here. ${hint} Of another device give the file of its JSON.`,
  );
}
