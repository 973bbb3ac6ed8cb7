import { constantIndex, type Expression, type Target } from '@qfs/circuit';
import type { BitRef } from './symbols.ts';
import { bitType, type Value } from './types.ts';

/** Bits of one variable that follow each other in an alias. */
interface Group {
  readonly variable: number;
  readonly bits: readonly number[];
  /** All bits of the variable, in order. */
  readonly isWhole: boolean;
}

function groupsOf(bits: readonly BitRef[]): Group[] {
  const groups: { variable: number; width: number; bits: number[] }[] = [];
  for (const { variable, bit, width } of bits) {
    const last = groups.at(-1);
    if (last?.variable === variable) last.bits.push(bit);
    else groups.push({ variable, width, bits: [bit] });
  }
  return groups.map(({ variable, width, bits: picked }) => ({
    variable,
    bits: picked,
    isWhole: picked.length === width && picked.every((bit, at) => bit === at),
  }));
}

/** The step of bits that are a range: 0 if they are none. */
function stepOf(bits: readonly number[]): number {
  const step = bits[1]! - bits[0]!;
  return bits.every((bit, at) => bit === bits[0]! + at * step) ? step : 0;
}

/** The value of these bits as a register. */
export function bitsRead(bits: readonly BitRef[]): Value {
  const only = bits.length === 1 ? bits[0]! : undefined;
  const ir = only === undefined ? joined(groupsOf(bits).map(groupRead)) : bitRead(only);
  return { type: bitType(bits.length), ir };
}

function bitRead({ variable, bit, whole }: BitRef): Expression {
  const base: Expression = { kind: 'variable', variable };
  return whole ? base : { kind: 'index', base, index: constantIndex(bit) };
}

function groupRead({ variable, bits, isWhole }: Group): Expression {
  const base: Expression = { kind: 'variable', variable };
  if (isWhole) return base;
  if (bits.length === 1) return { kind: 'index', base, index: constantIndex(bits[0]!) };
  const step = stepOf(bits);
  if (step === 0)
    return { kind: 'select', base, selectors: [{ kind: 'set', indices: bits.map(constantIndex) }] };
  return {
    kind: 'slice',
    base,
    start: constantIndex(bits[0]!),
    step: constantIndex(step),
    stop: constantIndex(bits.at(-1)!),
  };
}

/** Halved again and again, so that many parts are not many levels. */
export function joined(parts: readonly Expression[]): Expression {
  if (parts.length === 1) return parts[0]!;
  const half = Math.ceil(parts.length / 2);
  const [left, right] = [joined(parts.slice(0, half)), joined(parts.slice(half))];
  return { kind: 'binary', operator: '++', left, right };
}

/** These bits as one place, of which a part is chosen when the program runs. */
export function bitsPlace(bits: readonly BitRef[]): Target {
  const parts = groupsOf(bits).map(groupPlace);
  return parts.length === 1 ? parts[0]! : { kind: 'join', parts };
}

function groupPlace({ variable, bits, isWhole }: Group): Target {
  const base: Target = { kind: 'variable', variable };
  if (isWhole) return base;
  return { kind: 'select', base, selectors: [{ kind: 'set', indices: bits.map(constantIndex) }] };
}

/** The place of one bit. */
export function bitTarget({ variable, bit, whole }: BitRef): Target {
  const base: Target = { kind: 'variable', variable };
  return whole ? base : { kind: 'index', base, index: constantIndex(bit) };
}
