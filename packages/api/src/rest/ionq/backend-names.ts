import { TARGET_DEFAULT } from '../../door.ts';

/** What IonQ's clients call the ideal simulator. */
const SIMULATOR = 'simulator';
/** In front of every other device: clients take names without it for simulators or refuse them. */
const PREFIX = 'qpu.';

/** In front of every name where Qiskit's client does not take it off. */
const FAMILY = /^ionq_/;

/** `simulator`, `qpu.DEVICE`, or the id of a device as it is. */
export function deviceOf(name: string): string {
  const backend = name.replace(FAMILY, '');
  if (backend === SIMULATOR) return TARGET_DEFAULT;
  return backend.startsWith(PREFIX) ? backend.slice(PREFIX.length) : backend;
}

export const backendOf = (deviceId: string): string =>
  deviceId === TARGET_DEFAULT ? SIMULATOR : `${PREFIX}${deviceId}`;
