import type { GateInstruction } from '@qfs/circuit';
import { isConstantGate } from '@qfs/circuit';
import type { PlacedGate } from './state-vector.ts';

/** Gates with constant operands, prepared once per parameter set and shared by its shots. */
export class GateCache {
  readonly #gates = new Map<GateInstruction, PlacedGate>();

  get(instruction: GateInstruction): PlacedGate | undefined {
    return this.#gates.get(instruction);
  }

  /** Bounded: a gate that finds no room is prepared again in every shot. */
  keep(instruction: GateInstruction, placed: PlacedGate): void {
    if (this.#gates.size < CACHED_GATES_MAX && isConstantGate(instruction))
      this.#gates.set(instruction, placed);
  }
}

const CACHED_GATES_MAX = 65_536;
