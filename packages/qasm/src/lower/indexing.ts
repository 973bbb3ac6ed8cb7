import { constantIndex } from '@qfs/circuit';
import type { Span } from '../findings.ts';
import type { ExpressionNode, IndexOperator, RangeNode } from '../syntax/ast.ts';
import { constantInteger, lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { indexIn } from './places.ts';
import type { Meaning } from './symbols.ts';
import { bitsValue, bitType, elementOf, lengthOf, typeText, type Value } from './types.ts';

export function aliasValue(
  lowering: Lowering,
  span: Span,
  bits: Extract<Meaning, { kind: 'bits' }>['bits'],
): Value {
  const only = bits[0]!;
  if (bits.length > 1) lowering.unsupported(span, 'Reading an alias of several bits');
  const base = { kind: 'variable' as const, variable: only.variable };
  return {
    type: bitType(1),
    ir: only.whole ? base : { kind: 'index', base, index: constantIndex(only.bit) },
  };
}

export function indexValue(lowering: Lowering, node: Extract<ExpressionNode, { kind: 'index' }>): Value {
  if (node.base.kind === 'identifier') {
    const meaning = lowering.scopes.find(node.base.name)?.meaning;
    if (meaning?.kind === 'bits') {
      const picked = pickConstant(lowering, node.index, meaning.bits.length);
      return aliasValue(
        lowering,
        node,
        picked.indices.map((index) => meaning.bits[index]!),
      );
    }
  }
  const base = lowerExpression(lowering, node.base);
  const size = lengthOf(base.type);
  if (size === undefined)
    return lowering.fail('QASM_TYPE', node, `A value of type ${typeText(base.type)} has no elements.`);
  if (base.type.kind === 'array') return elementValue(lowering, base, node.index);
  const item =
    node.index.kind === 'items' && node.index.items.length === 1 ? node.index.items[0]! : undefined;
  if (item === undefined) return lowering.unsupported(node.index, 'Reading a set of bits');
  if (item.kind === 'range') return sliceValue(lowering, base, item, size);
  const index = lowerExpression(lowering, item);
  if (index.type.kind !== 'int' && index.type.kind !== 'uint')
    lowering.fail('QASM_TYPE', item, `An index must be an integer, not ${typeText(index.type)}.`);
  if (index.ir.kind !== 'int')
    return { type: bitType(1), ir: { kind: 'index', base: base.ir, index: index.ir } };
  const position = normalIndex(lowering, item, Number(index.ir.value), size);
  if (base.ir.kind === 'bits') return bitsValue(base.ir.value[size - 1 - position]!);
  if (base.ir.kind === 'int') return bitsValue(((base.ir.value >> BigInt(position)) & 1n).toString());
  return { type: bitType(1), ir: { kind: 'index', base: base.ir, index: constantIndex(position) } };
}

/** An element of an array, or a part of it. */
function elementValue(lowering: Lowering, array: Value, operator: IndexOperator): Value {
  if (operator.kind === 'set') return lowering.unsupported(operator, 'Reading a set of elements');
  let value = array;
  for (const [at, item] of operator.items.entries()) {
    const { type } = value;
    if (type.kind !== 'array')
      return lowering.fail('QASM_TYPE', item, `${typeText(array.type)} has no dimension ${at}.`);
    const length = type.dimensions[0]!;
    if (item.kind !== 'range') {
      const index = indexIn(lowering, item, length);
      value = { type: elementOf(type)!, ir: { kind: 'index', base: value.ir, index: index.ir } };
      continue;
    }
    if (at < operator.items.length - 1) lowering.unsupported(item, 'Reading elements of a range');
    const indices = rangeIndices(lowering, item, length);
    if (indices.length === 0) lowering.fail('QASM_VALUE', item, 'The range selects no element.');
    value = {
      type: { ...type, dimensions: [indices.length, ...type.dimensions.slice(1)] },
      ir: sliceIr(value, indices),
    };
  }
  return value;
}

function sliceIr(base: Value, indices: readonly number[]): Value['ir'] {
  return {
    kind: 'slice',
    base: base.ir,
    start: constantIndex(indices[0]!),
    step: constantIndex(indices.length > 1 ? indices[1]! - indices[0]! : 1),
    stop: constantIndex(indices.at(-1)!),
  };
}

function sliceValue(lowering: Lowering, base: Value, range: RangeNode, size: number): Value {
  const indices = rangeIndices(lowering, range, size);
  if (indices.length === 0) return lowering.fail('QASM_VALUE', range, 'The range selects no bit.');
  if (base.ir.kind === 'bits') {
    const text = base.ir.value;
    return bitsValue(
      indices
        .map((index) => text[size - 1 - index]!)
        .reverse()
        .join(''),
    );
  }
  if (base.type.kind !== 'bit') return lowering.unsupported(range, 'A slice of an integer');
  return {
    type: bitType(indices.length),
    ir: sliceIr(base, indices),
  };
}

/** Index from the front; negative ones count from the end. */
export function normalIndex(lowering: Lowering, span: Span, index: number, size: number): number {
  if (index >= size || index < -size) {
    lowering.fail('QASM_INDEX_OUT_OF_RANGE', span, `Index ${index} is out of range for size ${size}.`, {
      hint: `use 0 to ${size - 1}`,
    });
  }
  return index < 0 ? index + size : index;
}

/** The elements an index operator with constant indices selects; `isSingle` if it is one plain index. */
export function pickConstant(
  lowering: Lowering,
  operator: IndexOperator,
  size: number,
): { indices: number[]; isSingle: boolean } {
  if (operator.kind === 'set') {
    const indices = operator.elements.map((element) =>
      normalIndex(lowering, element, constantInteger(lowering, element), size),
    );
    return { indices, isSingle: false };
  }
  if (operator.items.length !== 1)
    lowering.fail('QASM_TYPE', operator, 'A register has one dimension, so it takes one index.');
  const item = operator.items[0]!;
  if (item.kind === 'range') return { indices: rangeIndices(lowering, item, size), isSingle: false };
  return { indices: [normalIndex(lowering, item, constantInteger(lowering, item), size)], isSingle: true };
}

export function rangeIndices(lowering: Lowering, range: RangeNode, size: number): number[] {
  const step = range.step === undefined ? 1 : constantInteger(lowering, range.step);
  if (step === 0) lowering.fail('QASM_VALUE', range, 'The step of a range must not be 0.');
  const bound = (node: ExpressionNode | undefined, otherwise: number): number =>
    node === undefined ? otherwise : normalIndex(lowering, node, constantInteger(lowering, node), size);
  const from = bound(range.from, step > 0 ? 0 : size - 1);
  const to = bound(range.to, step > 0 ? size - 1 : 0);
  const indices: number[] = [];
  for (let index = from; step > 0 ? index <= to : index >= to; index += step) indices.push(index);
  return indices;
}
