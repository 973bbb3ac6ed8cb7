import {
  type ClassicalType,
  constantIndex,
  type Expression,
  OPEN_LENGTH,
  type Selector,
  type Target,
} from '@qfs/circuit';
import { type Picked, selectFrom } from '@qfs/circuit/classical';
import type { Span } from '../findings.ts';
import type { ExpressionNode, IndexOperator, RangeNode } from '../syntax/ast.ts';
import { constantInteger, lowerExpression } from './expressions.ts';
import { folded } from './folding.ts';
import type { Lowering } from './lowering.ts';
import {
  bitType,
  constantOf,
  elementOf,
  isConstant,
  isInteger,
  lengthOf,
  typeText,
  type Value,
} from './types.ts';

/** What index operators do to a value or a place, one after the other. */
type Step =
  | { readonly kind: 'index'; readonly index: Expression }
  | {
      readonly kind: 'slice';
      readonly start: Expression;
      readonly step: Expression;
      readonly stop: Expression;
    }
  | { readonly kind: 'select'; readonly selectors: readonly Selector[] };

export interface Selection {
  readonly steps: readonly Step[];
  readonly type: ClassicalType;
}

/** What becomes of an index that only the run knows: it is computed when and as often as it should be. */
export type KeepIndex = (index: Value, span: Span) => Expression;
const AS_IT_IS: KeepIndex = ({ ir }) => ir;

/** One dimension of an index operator; without a length it picks one element, and the dimension is gone. */
interface Pick {
  readonly selector: Selector;
  readonly length?: number;
  readonly isOfBits: boolean;
  /** A range whose ends are known and counted from the front. */
  readonly isPlain: boolean;
  readonly span: Span;
}

/** The elements that an index operator picks of a value of this type. */
export function lowerSelection(
  lowering: Lowering,
  type: ClassicalType,
  operator: IndexOperator,
  keep: KeepIndex = AS_IT_IS,
): Selection {
  const items = operator.kind === 'set' ? [operator] : operator.items;
  const picks: Pick[] = [];
  let inner: ClassicalType = type;
  for (const [at, item] of items.entries()) {
    const length = lengthOf(inner);
    if (length === undefined || (at > 0 && inner.kind !== 'array'))
      return lowering.fail('QASM_TYPE', item, noElements(type, at));
    picks.push(lowerPick(lowering, item, length, inner.kind !== 'array', keep));
    inner = elementOf(inner)!;
  }
  const whole = picks.reduceRight((result, pick) => collected(lowering, result, pick), inner);
  return { steps: stepsOf(picks), type: whole };
}

const noElements = (type: ClassicalType, at: number): string =>
  at === 0
    ? `A value of type ${typeText(type)} has no elements.`
    : `${typeText(type)} has no dimension ${at}.`;

function lowerPick(
  lowering: Lowering,
  item: ExpressionNode | RangeNode | (IndexOperator & { kind: 'set' }),
  length: number,
  isOfBits: boolean,
  keep: KeepIndex,
): Pick {
  const rest = { isOfBits, isPlain: false, span: item };
  if (item.kind === 'set') {
    const indices = item.elements.map((element) => keep(indexIn(lowering, element, length), element));
    return { ...rest, selector: { kind: 'set', indices }, length: indices.length };
  }
  if (item.kind !== 'range')
    return { ...rest, selector: { kind: 'index', index: keep(indexIn(lowering, item, length), item) } };
  const part = (node: ExpressionNode, within: number): Expression =>
    keep(indexIn(lowering, node, within), node);
  const selector: Extract<Selector, { kind: 'range' }> = {
    kind: 'range',
    ...(item.from && { start: part(item.from, length) }),
    ...(item.step && { step: part(item.step, OPEN_LENGTH) }),
    ...(item.to && { stop: part(item.to, length) }),
  };
  const isKnown = [selector.start, selector.step, selector.stop].every(
    (ir) => ir === undefined || ir.kind === 'int',
  );
  if (!isKnown || length === OPEN_LENGTH) return { ...rest, selector, length: knownLength(selector) };
  const indices = rangeIndices(lowering, item, length);
  if (indices.length === 0)
    lowering.fail('QASM_VALUE', item, `The range selects no ${isOfBits ? 'bit' : 'element'}.`);
  return { ...rest, selector: plainRange(indices), length: indices.length, isPlain: true };
}

/** How many elements a range has whose ends are known and counted from one end. */
function knownLength({ start, step, stop }: Extract<Selector, { kind: 'range' }>): number {
  if (start?.kind !== 'int' || stop?.kind !== 'int' || start.value < 0n !== stop.value < 0n)
    return OPEN_LENGTH;
  if (step !== undefined && step.kind !== 'int') return OPEN_LENGTH;
  const by = step === undefined ? 1n : step.value;
  return by === 0n ? OPEN_LENGTH : Math.max(OPEN_LENGTH, Number((stop.value - start.value) / by) + 1);
}

const plainRange = (indices: readonly number[]): Selector => ({
  kind: 'range',
  start: constantIndex(indices[0]!),
  step: constantIndex(indices.length > 1 ? indices[1]! - indices[0]! : 1),
  stop: constantIndex(indices.at(-1)!),
});

function collected(lowering: Lowering, part: ClassicalType, { length, isOfBits, span }: Pick): ClassicalType {
  if (length === undefined) return part;
  if (!isOfBits)
    return part.kind === 'array'
      ? { ...part, dimensions: [length, ...part.dimensions] }
      : { kind: 'array', element: part, dimensions: [length] };
  if (length === OPEN_LENGTH)
    lowering.fail(
      'QASM_NOT_CONSTANT',
      span,
      'How many bits these are must be known when the program is compiled.',
      {
        hint: 'use constant bounds, or one bit at a time',
      },
    );
  return bitType(length);
}

/** Plain elements and ranges are steps of their own; anything more is one selection. */
function stepsOf(picks: readonly Pick[]): Step[] {
  const last = picks.length - 1;
  const isSimple = picks.every(({ length, isPlain }, at) => length === undefined || (isPlain && at === last));
  if (!isSimple) return [{ kind: 'select', selectors: picks.map(({ selector }) => selector) }];
  return picks.map(({ selector }): Step => {
    if (selector.kind === 'index') return selector;
    const { start, step, stop } = selector as Required<Extract<Selector, { kind: 'range' }>>;
    return { kind: 'slice', start, step, stop };
  });
}

export const selectedExpression = (base: Expression, { steps }: Selection): Expression =>
  steps.reduce<Expression>((inner, step) => ({ base: inner, ...step }), base);

export const selectedTarget = (base: Target, { steps }: Selection): Target =>
  steps.reduce<Target>((inner, step) => {
    if (step.kind !== 'slice') return { base: inner, ...step };
    return { kind: 'select', base: inner, selectors: [{ ...step, kind: 'range' }] };
  }, base);

/** The part of a value that an index operator picks, computed if everything about it is known. */
export function selectedValue(lowering: Lowering, base: Value, operator: IndexOperator): Value {
  const selection = lowerSelection(lowering, base.type, operator);
  const picked = isConstant(base.ir) ? knownPicks(selection) : undefined;
  if (picked === undefined) return { type: selection.type, ir: selectedExpression(base.ir, selection) };
  const outcome = folded(() => selectFrom(constantOf(base), picked));
  return 'problem' in outcome
    ? lowering.fail(outcome.code, operator, `This has no value: ${outcome.problem}.`)
    : outcome;
}

/** Selectors of a register or a number, if the run is not needed to know them. */
function knownPicks({ steps }: Selection): Picked[] | undefined {
  const known: Picked[] = [];
  const value = (ir: Expression): bigint => (ir.kind === 'int' ? ir.value : 0n);
  for (const step of steps) {
    if (step.kind === 'slice')
      known.push({ kind: 'range', start: value(step.start), step: value(step.step), stop: value(step.stop) });
    else if (step.kind === 'index' && step.index.kind === 'int')
      known.push({ kind: 'index', index: step.index.value });
    else {
      const set = step.kind === 'select' && step.selectors[0]?.kind === 'set' ? step.selectors[0] : undefined;
      if (!set?.indices.every((ir) => ir.kind === 'int')) return undefined;
      known.push({ kind: 'set', indices: set.indices.map(value) });
    }
  }
  return known;
}

/** An index into something of this length: checked now if both are known, else when the program runs. */
function indexIn(lowering: Lowering, node: ExpressionNode, length: number): Value {
  const index = lowerExpression(lowering, node);
  if (!isInteger(index.type))
    lowering.fail('QASM_TYPE', node, `An index must be an integer, not ${typeText(index.type)}.`);
  if (index.ir.kind !== 'int') return index;
  const at = Number(index.ir.value);
  const place = length === OPEN_LENGTH ? at : normalIndex(lowering, node, at, length);
  return { type: index.type, ir: constantIndex(place) };
}

/** Index from the front; negative ones count from the end. */
function normalIndex(lowering: Lowering, span: Span, index: number, size: number): number {
  if (index >= size || index < -size) {
    lowering.fail('QASM_INDEX_OUT_OF_RANGE', span, `Index ${index} is out of range for size ${size}.`, {
      hint: `use 0 to ${size - 1}`,
    });
  }
  return index < 0 ? index + size : index;
}

/** Are all indices of this operator known when the program is compiled? */
export function isKnownOperator(lowering: Lowering, operator: IndexOperator): boolean {
  const parts = operator.kind === 'set' ? operator.elements : operator.items;
  return parts.every((part) => {
    const nodes = part.kind === 'range' ? [part.from, part.step, part.to] : [part];
    return nodes.every((node) => node === undefined || isKnown(lowering, node));
  });
}

const isKnown = (lowering: Lowering, node: ExpressionNode): boolean =>
  node.kind === 'integer' || isConstant(lowerExpression(lowering, node).ir);

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

function rangeIndices(lowering: Lowering, range: RangeNode, size: number): number[] {
  const step = range.step === undefined ? 1 : constantInteger(lowering, range.step);
  if (step === 0) lowering.fail('QASM_VALUE', range, 'The step of a range must not be 0.');
  const bound = (node: ExpressionNode | undefined, otherwise: number): number =>
    node === undefined ? otherwise : normalIndex(lowering, node, constantInteger(lowering, node), size);
  const from = bound(range.from, step > 0 ? 0 : size - 1);
  const to = bound(range.to, step > 0 ? size - 1 : 0);
  lowering.spend(Math.max(0, Math.floor((to - from) / step)), range);
  const indices: number[] = [];
  for (let index = from; step > 0 ? index <= to : index >= to; index += step) indices.push(index);
  return indices;
}
