import type { ClassicalType, Expression, Target } from '@qfs/circuit';
import { constantIndex } from '@qfs/circuit';
import type { Span } from '../findings.ts';
import type { ArrayLiteral, ExpressionNode, IndexedIdentifier, RangeNode } from '../syntax/ast.ts';
import { coerce, lookUp, lowerExpression } from './expressions.ts';
import { normalIndex, rangeIndices } from './indexing.ts';
import type { Lowering } from './lowering.ts';
import { evaluatedOnce } from './subroutines.ts';
import { bitType, elementOf, isConstant, isInteger, lengthOf, typeText, type Value } from './types.ts';

/** Something that can be assigned, inside of a variable. */
interface Place {
  readonly target: Target;
  readonly type: ClassicalType;
}

/** The places that an indexed name stands for; several if one of its indices is a range. */
export interface Places {
  readonly places: readonly Place[];
  readonly isRange: boolean;
}

/**
 * Elements of an array, or bits of an integer or angle. Undefined for whole variables of other types, and
 * for bit registers, whose bits may be aliases.
 */
export function lowerPlaces(lowering: Lowering, node: IndexedIdentifier): Places | undefined {
  const { meaning } = lookUp(lowering, node.name, ({ kind }) => kind === 'variable' || kind === 'bits');
  if (meaning.kind !== 'variable' || meaning.type.kind === 'bit') return undefined;
  if (meaning.type.kind !== 'array' && node.indices.length === 0) return undefined;
  if (meaning.isReadonly)
    lowering.fail('QASM_TYPE', node, `\`${node.name.name}\` is an input and cannot be written.`);
  let places: Place[] = [{ target: { kind: 'variable', variable: meaning.id }, type: meaning.type }];
  let isRange = false;
  for (const operator of node.indices) {
    if (operator.kind === 'set') return lowering.unsupported(operator, 'Assigning to a set of elements');
    for (const item of operator.items) {
      const indices = placeIndices(lowering, item, places[0]!.type);
      if (isRange && indices.length !== 1)
        lowering.unsupported(item, 'Assigning to a range inside of a range');
      if (item.kind === 'range') isRange = true;
      places = places.flatMap(({ target, type }) =>
        indices.map((index): Place => {
          return { target: { kind: 'index', base: target, index }, type: elementOf(type)! };
        }),
      );
    }
  }
  return { places, isRange };
}

function placeIndices(
  lowering: Lowering,
  item: ExpressionNode | RangeNode,
  type: ClassicalType,
): Expression[] {
  const length = lengthOf(type);
  if (length === undefined)
    return lowering.fail('QASM_TYPE', item, `A value of type ${typeText(type)} has no elements.`);
  if (item.kind === 'range') return rangeIndices(lowering, item, length).map(constantIndex);
  return [evaluatedOnce(lowering, indexIn(lowering, item, length), item)];
}

/** An index into something of this length: checked now if it is known, else when the program runs. */
export function indexIn(lowering: Lowering, node: ExpressionNode, length: number): Value {
  const index = lowerExpression(lowering, node);
  if (!isInteger(index.type))
    lowering.fail('QASM_TYPE', node, `An index must be an integer, not ${typeText(index.type)}.`);
  if (index.ir.kind !== 'int') return index;
  return {
    type: index.type,
    ir: constantIndex(normalIndex(lowering, node, Number(index.ir.value), length)),
  };
}

/**
 * Assigns to elements of arrays and bits of integers: a range takes an array, or a register, of its length.
 */
export function assignPlaces(
  lowering: Lowering,
  { places, isRange }: Places,
  value: Value,
  span: Span,
): void {
  const { type, target } = places[0]!;
  if (!isRange) {
    lowering.emit({ kind: 'assign', target, value: coerce(lowering, span, value, type).ir }, span);
    return;
  }
  const whole = rangeType(type, places.length);
  const given = coerce(lowering, span, value, whole);
  const parts = partsOf(lowering, given, places.length, span);
  places.forEach((place, at) => {
    lowering.emit({ kind: 'assign', target: place.target, value: parts[at]! }, span);
  });
}

function rangeType(element: ClassicalType, length: number): ClassicalType {
  if (element.kind === 'bit' && element.width === 1) return bitType(length);
  return element.kind === 'array'
    ? { ...element, dimensions: [length, ...element.dimensions] }
    : { kind: 'array', element, dimensions: [length] };
}

/** The elements of a value, which is computed once, before any of them is stored. */
export function partsOf(lowering: Lowering, value: Value, length: number, span: Span): Expression[] {
  if (value.ir.kind === 'bits') {
    const text = value.ir.value;
    return Array.from({ length }, (_, at) => ({ kind: 'bits', value: text[length - 1 - at]! }));
  }
  if (isConstant(value.ir)) return lowering.unsupported(span, 'Assigning this value to a range');
  const variable = lowering.addVariable('value', value.type, span, { role: 'local', inner: true });
  lowering.emit({ kind: 'assign', target: { kind: 'variable', variable }, value: value.ir }, span);
  const base: Expression = { kind: 'variable', variable };
  return Array.from({ length }, (_, at) => ({ kind: 'index', base, index: constantIndex(at) }));
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
