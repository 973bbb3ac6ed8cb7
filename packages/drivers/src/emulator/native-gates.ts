import { type Block, instructionsIn, type Program, readAqo } from '@qfs/circuit';
import { couplingOf, type DeviceDescription, pairKey } from '@qfs/circuit/device';
import { QfsError } from '@qfs/core';
import { digestOf } from '@qfs/core/exact';

/** Circuits whose answer is remembered: the evaluations of a search bring the same one again and again. */
const REMEMBERED = 64;

/** Says what of circuits a device does not do natively. */
export class NativeGates {
  readonly #device: DeviceDescription;
  readonly #pairs: (qubits: readonly number[]) => boolean;
  readonly #faults = new Map<string, string | undefined>();

  constructor(device: DeviceDescription) {
    this.#device = device;
    this.#pairs = allowedPairs(device);
  }

  /**
   * The first operation that the device does not do, undefined where there is none. Operations are counted as
   * they stand in the compiled circuit, from 1.
   */
  fault(aqo: Uint8Array): string | undefined {
    const digest = digestOf(aqo);
    if (this.#faults.has(digest)) return this.#faults.get(digest);
    const read = readAqo(aqo);
    if (!read.ok) throw read.error;
    const fault = this.#firstForeign(read.value);
    if (this.#faults.size === REMEMBERED) this.#faults.delete(this.#faults.keys().next().value!);
    this.#faults.set(digest, fault);
    return fault;
  }

  #firstForeign({ body, subroutines }: Program): string | undefined {
    for (const { name, body: inner } of subroutines) {
      const fault = this.#foreignIn(inner);
      if (fault !== undefined) return `in the subroutine ${name}, ${fault}`;
    }
    return this.#foreignIn(body);
  }

  #foreignIn(body: Block): string | undefined {
    const { basisGates } = this.#device;
    let operation = 0;
    for (const instruction of instructionsIn(body)) {
      operation += 1;
      if (instruction.kind !== 'gate') continue;
      const { gate, controls = [], qubits } = instruction;
      const name = `operation ${operation} (${'ctrl '.repeat(controls.length)}${gate}`;
      const fixed = qubits.filter((qubit) => typeof qubit === 'number');
      if (fixed.length < qubits.length) return `${name}) chooses its qubits at run time`;
      const place = `${name} on ${fixed.join(', ')})`;
      if (controls.length > 0 || !basisGates.includes(gate)) {
        return `${place} is no basis gate; those are ${basisGates.join(', ')}`;
      }
      if (fixed.length === 2 && !this.#pairs(fixed)) return `${place} acts on qubits that are not coupled`;
    }
    return undefined;
  }
}

/**
 * Refuses a batch with anything that the device does not do natively.
 * @param faults of the circuits, in their order
 * @throws QfsError CIRCUIT_NOT_NATIVE that names the first such operation
 */
export function requireNative(faults: readonly (string | undefined)[], device: DeviceDescription): void {
  const item = faults.findIndex((fault) => fault !== undefined);
  if (item < 0) return;
  throw new QfsError(
    'CIRCUIT_NOT_NATIVE',
    `Item ${item} cannot run on ${device.id} as it is: ${faults[item]}. ` +
      'Let it be compiled for the device, write it with the basis gates on coupled qubits, or leave the option ' +
      '"strict" out.',
    { metadata: { device_id: device.id, item: String(item) } },
  );
}

function allowedPairs(device: DeviceDescription): (qubits: readonly number[]) => boolean {
  if (device.coupling === 'all_to_all') return () => true;
  const keyOf = device.directed ? (qubits: readonly number[]) => qubits.join(',') : pairKey;
  const allowed = new Set(couplingOf(device).map(keyOf));
  return (qubits) => allowed.has(keyOf(qubits));
}
