import { instructionsIn, type Program, readAqo } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import { couplingOf, type DeviceDescription, pairKey } from './device-description.ts';

/**
 * Refuses a circuit with anything that the device does not do natively. Operations are counted as they stand
 * in the compiled circuit, from 1.
 * @throws QfsError CIRCUIT_NOT_NATIVE that names the first such operation
 */
export function requireNative(aqo: Uint8Array, item: number, device: DeviceDescription): void {
  const read = readAqo(aqo);
  if (!read.ok) throw read.error;
  const fault = firstForeign(read.value, device);
  if (fault === undefined) return;
  throw new QfsError(
    'CIRCUIT_NOT_NATIVE',
    `Item ${item} cannot run on ${device.id} as it is: ${fault}. ` +
      'Write it with the basis gates on coupled qubits, or leave the option "strict" out.',
    { metadata: { device_id: device.id, item: String(item) } },
  );
}

function firstForeign({ body, subroutines }: Program, device: DeviceDescription): string | undefined {
  const pairs = allowedPairs(device);
  let operation = 0;
  for (const instruction of instructionsIn(body)) {
    operation += 1;
    if (instruction.kind !== 'gate') continue;
    const { gate, controls = [], qubits } = instruction;
    const name = `operation ${operation} (${'ctrl '.repeat(controls.length)}${gate}`;
    const fixed = qubits.filter((qubit) => typeof qubit === 'number');
    if (fixed.length < qubits.length) return `${name}) chooses its qubits at run time`;
    const place = `${name} on ${fixed.join(', ')})`;
    if (controls.length > 0 || !device.basisGates.includes(gate)) {
      return `${place} is no basis gate; those are ${device.basisGates.join(', ')}`;
    }
    if (fixed.length === 2 && !pairs(fixed)) return `${place} acts on qubits that are not coupled`;
  }
  return subroutines.length > 0 ? `it has the subroutine ${subroutines[0]!.name}` : undefined;
}

function allowedPairs(device: DeviceDescription): (qubits: readonly number[]) => boolean {
  if (device.coupling === 'all_to_all') return () => true;
  const keyOf = device.directed ? (qubits: readonly number[]) => qubits.join(',') : pairKey;
  const allowed = new Set(couplingOf(device).map(keyOf));
  return (qubits) => allowed.has(keyOf(qubits));
}
