import type { ClassicalType, ForRange } from '@qfs/circuit';
import { CIRCUIT_OPERATIONS_MAX } from '@qfs/core';
import type { ExpressionNode, RangeNode, Statement, StatementNode } from '../syntax/ast.ts';
import { annotationOf } from './annotations.ts';
import { canCast } from './conversions.ts';
import { coerce, lowerExpression, resolveType } from './expressions.ts';
import { type Lowering, Meaningless } from './lowering.ts';
import { lowerBody, lowerStatements } from './statements.ts';
import { elementOf, INT, isConstant, isInteger, sameType, typeText, type Value } from './types.ts';

/**
 * A loop over constants is unrolled, unless its body leaves it early or writes its variable; others run in
 * the engine.
 */
export function lowerFor(lowering: Lowering, node: Statement<'for'>): void {
  const type = resolveType(lowering, node.type);
  const over = node.over;
  if (over.kind !== 'set' && over.kind !== 'range') {
    lowerElementsFor(lowering, node, over, type);
    return;
  }
  const parts =
    over.kind === 'set'
      ? over.elements.map((element) => lowerExpression(lowering, element))
      : rangeParts(lowering, over);
  // A compiled circuit says of its loops that they stay, also if what kept them is gone.
  const isUnrolled =
    annotationOf(node, 'declared') === undefined &&
    parts.every(({ ir, type: { kind } }) => isConstant(ir) && (over.kind === 'set' || kind !== 'float')) &&
    !mustStay(node.body, node.variable.name, true);
  if (!isUnrolled) {
    lowerRunTimeFor(lowering, node, type, parts);
    return;
  }
  if (over.kind === 'set') {
    unroll(lowering, node, type, parts);
    return;
  }
  unrollRange(lowering, node, type, parts as [Value, Value, Value]);
}

/** Lowers the statements of a body, in a scope of their own. */
type LowerInside = (statements: readonly StatementNode[]) => void;

/** A loop inside a gate definition, where everything is known in advance. */
export function lowerUnrolledFor(lowering: Lowering, node: Statement<'for'>, inside: LowerInside): void {
  const { over } = node;
  const type = resolveType(lowering, node.type);
  const parts =
    over.kind === 'set'
      ? over.elements.map((element) => lowerExpression(lowering, element))
      : over.kind === 'range'
        ? rangeParts(lowering, over)
        : [];
  if (parts.length === 0 || !parts.every(({ ir }) => ir.kind === 'int'))
    lowering.fail('QASM_NOT_CONSTANT', over, 'A loop inside a gate definition is over constant integers.');
  if (over.kind === 'set') unroll(lowering, node, type, parts, inside);
  else unrollRange(lowering, node, type, parts as [Value, Value, Value], inside);
}

function rangeParts(lowering: Lowering, range: RangeNode): [Value, Value, Value] {
  if (range.from === undefined || range.to === undefined) {
    return lowering.fail('QASM_VALUE', range, 'The range of a loop needs both its ends.');
  }
  const part = (node: NonNullable<RangeNode['from']>): Value => {
    const value = lowerExpression(lowering, node);
    if (isInteger(value.type) || value.type.kind === 'float') return value;
    return lowering.fail(
      'QASM_TYPE',
      node,
      `A range is of integers or floats, not of ${typeText(value.type)}.`,
    );
  };
  const step: Value =
    range.step === undefined ? { type: INT, ir: { kind: 'int', value: 1n, type: INT } } : part(range.step);
  return [part(range.from), step, part(range.to)];
}

function unrollRange(
  lowering: Lowering,
  node: Statement<'for'>,
  type: ClassicalType,
  parts: readonly [Value, Value, Value],
  inside?: LowerInside,
): void {
  const [from, step, to] = parts.map(({ ir }) => (ir.kind === 'int' ? ir.value : 0n)) as [
    bigint,
    bigint,
    bigint,
  ];
  if (step === 0n) lowering.fail('QASM_VALUE', node.over, 'The step of a range must not be 0.');
  const iterations = (to - from) / step + 1n;
  if (iterations > BigInt(CIRCUIT_OPERATIONS_MAX)) {
    lowering.tooLarge(
      node,
      `The loop would run ${iterations} times; at most ${CIRCUIT_OPERATIONS_MAX} are unrolled.`,
    );
  }
  unroll(lowering, node, type, rangeValues(from, step, to), inside);
}

/** One at a time: the bound on operations ends a long loop before its values fill the memory. */
function* rangeValues(from: bigint, step: bigint, to: bigint): Generator<Value> {
  for (let value = from; step > 0n ? value <= to : value >= to; value += step) {
    yield { type: INT, ir: { kind: 'int', value, type: INT } };
  }
}

function unroll(
  lowering: Lowering,
  node: Statement<'for'>,
  type: ClassicalType,
  values: Iterable<Value>,
  inside: LowerInside = (statements) => lowerStatements(lowering, statements),
): void {
  const { skipped } = lowering;
  for (const value of values) {
    // Every iteration costs one step, so that empty nested loops end as well.
    lowering.charge(1, node);
    lowering.scopes.open();
    try {
      lowering.declare(node.variable, { kind: 'value', value: coerce(lowering, node.over, value, type) });
      lowering.scopes.nested(() => inside(node.body.kind === 'scope' ? node.body.statements : [node.body]));
    } finally {
      lowering.scopes.close();
    }
    // The same mistakes once per iteration help nobody.
    if (lowering.skipped > skipped) throw new Meaningless();
  }
}

function lowerRunTimeFor(
  lowering: Lowering,
  node: Statement<'for'>,
  type: ClassicalType,
  parts: readonly Value[],
): void {
  const items = parts.map((part) =>
    node.over.kind === 'set' ? coerce(lowering, node.over, part, type).ir : part.ir,
  );
  const over: ForRange =
    node.over.kind === 'set'
      ? { kind: 'set', values: items }
      : { kind: 'range', start: items[0]!, step: items[1]!, stop: items[2]! };
  lowerLoop(lowering, node, type, over);
}

/** A loop over the elements of an array, or the bits of a register. */
function lowerElementsFor(
  lowering: Lowering,
  node: Statement<'for'>,
  over: ExpressionNode,
  type: ClassicalType,
): void {
  const array = lowerExpression(lowering, over);
  const element =
    array.type.kind === 'array' || array.type.kind === 'bit' ? elementOf(array.type) : undefined;
  if (element === undefined)
    lowering.fail('QASM_TYPE', over, `A value of type ${typeText(array.type)} has no elements.`);
  if (!sameType(element, type) && !canCast(element, type))
    lowering.fail('QASM_TYPE', node.type, `${typeText(element)} cannot become ${typeText(type)}.`);
  lowerLoop(lowering, node, type, { kind: 'elements', array: array.ir });
}

function lowerLoop(lowering: Lowering, node: Statement<'for'>, type: ClassicalType, over: ForRange): void {
  const isKnown = annotationOf(node, 'declared') !== undefined;
  const earlier = isKnown ? lowering.scopes.find(node.variable.name)?.meaning : undefined;
  const id =
    earlier?.kind === 'variable'
      ? earlier.id
      : (lowering.slots.get(node.start) ??
        lowering.addVariable(node.variable.name, type, node, { role: 'local', inner: true }));
  lowering.slots.set(node.start, id);
  lowering.scopes.open();
  lowering.frame.loops++;
  try {
    lowering.declare(node.variable, { kind: 'variable', id, type, isLoose: false, isReadonly: false });
    const body = lowerBody(lowering, node.body);
    lowering.emit({ kind: 'for', variable: id, over, body }, node);
  } finally {
    lowering.frame.loops--;
    lowering.scopes.close();
  }
}

/** Does a body leave its loop early, or write the loop variable? */
function mustStay(node: StatementNode, variable: string, isOwnLoop: boolean): boolean {
  switch (node.kind) {
    case 'break':
    case 'continue':
      return isOwnLoop;
    case 'assignment':
      return node.target.name.name === variable;
    case 'measureArrow':
      return node.target?.name.name === variable;
    case 'scope':
      return node.statements.some((statement) => mustStay(statement, variable, isOwnLoop));
    case 'box':
      return mustStay(node.body, variable, isOwnLoop);
    case 'if':
      return (
        mustStay(node.body, variable, isOwnLoop) ||
        (node.otherwise !== undefined && mustStay(node.otherwise, variable, isOwnLoop))
      );
    case 'switch':
      return node.cases.some(({ body }) => mustStay(body, variable, isOwnLoop));
    case 'for':
    case 'while':
      return mustStay(node.body, variable, false);
    default:
      return false;
  }
}
