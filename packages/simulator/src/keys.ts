import { type Block, constantBit, type KeyCharacter, type Program } from '@qfs/circuit';
import type { Value } from '@qfs/circuit/classical';
import { assert } from '@qfs/core';

/** A bit of a variable. */
export const bitOf = (variables: readonly Value[], variable: number, bit: number): boolean =>
  (((variables[variable] as { value: bigint }).value >> BigInt(bit)) & 1n) === 1n;

/** A measurement at the end of a program: which bit it writes. */
export interface MeasuredBit {
  readonly qubit: number;
  /** `variable.bit` */
  readonly bit: string;
}

/** The measurements of a terminal tail, in order. */
export function measuredBits(program: Program, tail: Block): MeasuredBit[] {
  return tail.flatMap((instruction) => {
    if (instruction.kind !== 'measure' || instruction.target === undefined) return [];
    const bit = constantBit(program, instruction.target);
    assert(bit !== undefined && typeof instruction.qubit === 'number', 'a terminal measurement is constant');
    return [{ qubit: instruction.qubit, bit: `${bit.variable}.${bit.bit}` }];
  });
}

/**
 * Makes keys of outcomes. `positions` says where the outcome of each measured bit is found, and `isOne` of the function
 * made what is there; bits that no measurement wrote keep the value of their variable.
 */
export function keyReader(
  characters: readonly KeyCharacter[],
  positions: ReadonlyMap<string, number>,
  variables: readonly Value[],
): (isOne: (position: number) => boolean) => string {
  const parts = characters.map((character) => {
    if (character === ' ') return ' ';
    const position = positions.get(`${character.variable}.${character.bit}`);
    return position ?? (bitOf(variables, character.variable, character.bit) ? '1' : '0');
  });
  return (isOne) => {
    let key = '';
    for (const part of parts) key += typeof part === 'string' ? part : isOne(part) ? '1' : '0';
    return key;
  };
}
