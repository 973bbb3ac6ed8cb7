import type { ClassicalType, Expression, Target, VariableId } from '@qfs/circuit';
import type { Span } from '../findings.ts';
import type { ArrayLiteral, IndexedIdentifier } from '../syntax/ast.ts';
import { bitsPlace, bitsRead } from './bits.ts';
import { coerce, lookUp, lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import {
  isKnownOperator,
  type KeepIndex,
  lowerSelection,
  pickConstant,
  selectedExpression,
  selectedTarget,
} from './selection.ts';
import { evaluatedOnce } from './subroutines.ts';
import { type BitRef, MEANING_TEXT, type Meaning } from './symbols.ts';
import { bitType, elementOf, typeText, type Value } from './types.ts';

/** A part of the program's storage: how it is written, how it is read, and what it holds. */
export interface Place {
  readonly kind: 'place';
  readonly target: Target;
  readonly ir: Expression;
  readonly type: ClassicalType;
  readonly isReadonly: boolean;
}

/** Bits of registers that are known one by one; `register` if they are all bits of one, and it is named itself. */
interface KnownBits {
  readonly kind: 'bits';
  readonly bits: readonly BitRef[];
  readonly isSingle: boolean;
  readonly register?: VariableId;
  readonly isReadonly: boolean;
}

export type Storage = Place | KnownBits;

/** The storage that a name, possibly indexed, stands for. */
export function lowerStorage(lowering: Lowering, node: IndexedIdentifier, keep: KeepIndex): Storage {
  const { meaning } = lookUp(
    lowering,
    node.name,
    ({ kind }) => kind === 'variable' || kind === 'bits' || kind === 'view',
  );
  if (meaning.kind === 'unsupported') return lowering.unsupported(node, meaning.what);
  const isRegister = meaning.kind === 'bits' || (meaning.kind === 'variable' && meaning.type.kind === 'bit');
  if (isRegister && node.indices.every((operator) => isKnownOperator(lowering, operator)))
    return knownBits(lowering, node, meaning);
  const whole = wholePlace(meaning);
  if (whole === undefined) {
    return lowering.fail(
      'QASM_TYPE',
      node,
      `\`${node.name.name}\` is ${MEANING_TEXT[meaning.kind]} and cannot be assigned to.`,
    );
  }
  if (meaning.kind === 'variable' && meaning.isLoose) return noElements(lowering, node);
  let place = whole;
  for (const operator of node.indices) {
    const selection = lowerSelection(lowering, place.type, operator, keep);
    place = {
      kind: 'place',
      target: selectedTarget(place.target, selection),
      ir: selectedExpression(place.ir, selection),
      type: selection.type,
      isReadonly: place.isReadonly,
    };
  }
  return place;
}

/** Storage that may be written; what its indices compute is computed once, however often it is used. */
export function lowerWritable(lowering: Lowering, node: IndexedIdentifier): Storage {
  const storage = lowerStorage(lowering, node, (index, span) => evaluatedOnce(lowering, index, span));
  if (!storage.isReadonly) return storage;
  const what = lowering.frame.isSubroutine ? 'a readonly parameter' : 'an input';
  return lowering.fail('QASM_TYPE', node, `\`${node.name.name}\` is ${what} and cannot be written.`);
}

export const storedValue = (storage: Storage): Value =>
  storage.kind === 'bits' ? bitsRead(storage.bits) : { type: storage.type, ir: storage.ir };

function wholePlace(meaning: Meaning): Place | undefined {
  if (meaning.kind === 'view') return meaning.place;
  if (meaning.kind === 'bits') {
    const { ir, type } = bitsRead(meaning.bits);
    return { kind: 'place', target: bitsPlace(meaning.bits), ir, type, isReadonly: false };
  }
  if (meaning.kind !== 'variable') return undefined;
  const variable = { kind: 'variable' as const, variable: meaning.id };
  const { type, isReadonly } = meaning;
  return { kind: 'place', target: variable, ir: variable, type, isReadonly };
}

const noElements = (lowering: Lowering, node: IndexedIdentifier): never =>
  lowering.fail('QASM_TYPE', node, `\`${node.name.name}\` is a single bit and has no elements.`);

function knownBits(lowering: Lowering, node: IndexedIdentifier, meaning: Meaning): KnownBits {
  const register = meaning.kind === 'variable' ? meaning : undefined;
  const aliased = meaning.kind === 'bits' ? meaning.bits : [];
  const width = register?.type.kind === 'bit' ? register.type.width : aliased.length;
  const bitAt = (bit: number): BitRef =>
    register === undefined ? aliased[bit]! : { variable: register.id, bit, width, whole: register.isLoose };
  let places: readonly number[] | undefined;
  let isSingle = register?.isLoose === true;
  for (const operator of node.indices) {
    if (isSingle) noElements(lowering, node);
    const picked = pickConstant(lowering, operator, places?.length ?? width);
    const from = places;
    places = from === undefined ? picked.indices : picked.indices.map((at) => from[at]!);
    if (places.length === 0) lowering.fail('QASM_VALUE', operator, 'The range selects no bit.');
    isSingle = picked.isSingle;
  }
  const isWhole = node.indices.length === 0;
  const all = (): readonly BitRef[] =>
    register === undefined
      ? aliased
      : lowering.bitsOf(register, () => Array.from({ length: width }, (_, bit) => bitAt(bit)));
  return {
    kind: 'bits',
    bits: places === undefined ? all() : places.map(bitAt),
    isSingle,
    isReadonly: register?.isReadonly === true,
    ...(isWhole && register !== undefined ? { register: register.id } : {}),
  };
}

/** The bits of a value, which is computed once, before any of them is stored. */
export function bitParts(lowering: Lowering, value: Value, length: number, span: Span): Value[] {
  if (value.ir.kind === 'bits') {
    const text = value.ir.value;
    return Array.from({ length }, (_, at) => ({
      type: bitType(1),
      ir: { kind: 'bits', value: text[length - 1 - at]! },
    }));
  }
  const variable = lowering.addVariable('value', value.type, span, { role: 'local', inner: true });
  lowering.emit({ kind: 'assign', target: { kind: 'variable', variable }, value: value.ir }, span);
  return Array.from({ length }, (_, bit) => bitsRead([{ variable, bit, width: length, whole: false }]));
}

/** An element of an array literal: its indices, and its value. */
export interface LiteralElement {
  readonly path: readonly number[];
  readonly value: Value;
}

/** The elements of an array literal in order, converted to the type of the array's elements. */
export function literalElements(
  lowering: Lowering,
  node: ArrayLiteral,
  type: ClassicalType,
  path: readonly number[] = [],
): LiteralElement[] {
  if (type.kind !== 'array')
    return lowering.fail('QASM_TYPE', node, `An array cannot become ${typeText(type)}.`);
  const length = type.dimensions[0]!;
  if (node.elements.length !== length) {
    lowering.fail(
      'QASM_SIZE_MISMATCH',
      node,
      `${typeText(type)} has ${length} elements here, but ${node.elements.length} are given.`,
    );
  }
  const inner = elementOf(type)!;
  return node.elements.flatMap((element, at) =>
    element.kind === 'array'
      ? literalElements(lowering, element, inner, [...path, at])
      : [
          {
            path: [...path, at],
            value: coerce(lowering, element, lowerExpression(lowering, element), inner),
          },
        ],
  );
}
