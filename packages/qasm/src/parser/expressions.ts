import { QASM_EXPRESSION_DEPTH_MAX } from '@qfs/core';
import type {
  ArrayLiteral,
  BinaryOperatorText,
  ExpressionNode,
  GateOperand,
  HardwareQubit,
  Identifier,
  IndexedIdentifier,
  IndexOperator,
  MeasureNode,
  RangeNode,
  SetNode,
} from '../syntax/ast.ts';
import { describeKind, KIND, type TokenKind } from '../syntax/token.ts';
import type { Cursor } from './cursor.ts';
import { literalNode } from './literals.ts';
import { plainExpression, plainOperands } from './plain.ts';
import { BINARY_PRECEDENCE, UNARY_PRECEDENCE } from './precedence.ts';
import { parseScope } from './statements.ts';
import { parseType, TYPE_KINDS } from './types.ts';

const BINARY_BY_KIND: ReadonlyMap<TokenKind, { operator: BinaryOperatorText; precedence: number }> = new Map(
  (Object.keys(BINARY_PRECEDENCE) as BinaryOperatorText[]).map((operator) => [
    KIND[operator],
    { operator, precedence: BINARY_PRECEDENCE[operator] },
  ]),
);

const UNARY_BY_KIND: ReadonlyMap<TokenKind, '-' | '!' | '~'> = new Map([
  [KIND['-'], '-'],
  [KIND['!'], '!'],
  [KIND['~'], '~'],
]);

/**
 * Parses operators that bind at least as tightly as `minimum` (precedence climbing). The tree's height is tracked in
 * `cursor.height` and bounded, because long sums lean left and become high without nesting: everything that walks
 * the tree later may recurse.
 */
export function parseExpression(cursor: Cursor, minimum = 0): ExpressionNode {
  const plain = plainExpression(cursor);
  if (plain !== undefined) return plain;
  const heightOutside = cursor.height;
  enterExpression(cursor);
  let left = parseOperand(cursor);
  for (;;) {
    const binary = BINARY_BY_KIND.get(cursor.kind);
    if (binary === undefined || binary.precedence < minimum) break;
    const heightLeft = cursor.height;
    cursor.advance();
    const right = parseExpression(cursor, binary.precedence + (binary.operator === '**' ? 0 : 1));
    growHeight(cursor, heightLeft);
    left = { kind: 'binary', operator: binary.operator, left, right, start: left.start, end: right.end };
  }
  cursor.expressionDepth--;
  if (heightOutside > cursor.height) cursor.height = heightOutside;
  return left;
}

function enterExpression(cursor: Cursor): void {
  if (cursor.expressionDepth >= QASM_EXPRESSION_DEPTH_MAX) {
    cursor.fail(
      'QASM_TOO_DEEP',
      cursor,
      `More than ${QASM_EXPRESSION_DEPTH_MAX} expressions are nested here.`,
      {
        hint: 'name a part of it with `const` or a variable',
      },
    );
  }
  cursor.expressionDepth++;
  cursor.height = 0;
}

function growHeight(cursor: Cursor, heightLeft: number): void {
  cursor.height = Math.max(heightLeft, cursor.height) + 1;
  if (cursor.height > QASM_EXPRESSION_DEPTH_MAX) {
    cursor.fail(
      'QASM_TOO_DEEP',
      cursor,
      `The expression is more than ${QASM_EXPRESSION_DEPTH_MAX} operators high.`,
      {
        hint: 'name a part of it with `const` or a variable',
      },
    );
  }
}

function parseOperand(cursor: Cursor): ExpressionNode {
  const start = cursor.start;
  const unary = UNARY_BY_KIND.get(cursor.kind);
  if (unary !== undefined) {
    cursor.advance();
    const operand = parseExpression(cursor, UNARY_PRECEDENCE);
    growHeight(cursor, 0);
    return { kind: 'unary', operator: unary, operand, start, end: operand.end };
  }
  let node = parsePrimary(cursor);
  while (cursor.kind === KIND['[']) {
    const index = parseIndexOperator(cursor);
    growHeight(cursor, 0);
    node = { kind: 'index', base: node, index, start: node.start, end: index.end };
  }
  return node;
}

/** What is no expression, and where it stands instead. */
const MISPLACED: ReadonlyMap<TokenKind, string> = new Map([
  [KIND['kw:measure'], 'a measurement stands alone: `c = measure q;`'],
  [KIND['{'], 'a list in braces gives an array its first value; afterwards assign element by element'],
]);

function parsePrimary(cursor: Cursor): ExpressionNode {
  const { kind, start, end } = cursor;
  if (kind === KIND.identifier) {
    const name = cursor.identifier('a name');
    if (cursor.kind !== KIND['(']) return name;
    const args = parseArguments(cursor);
    return { kind: 'call', name, arguments: args, start, end: cursor.lastEnd };
  }
  if (kind === KIND['kw:pow'] && cursor.peek() === KIND['(']) {
    // `pow` is a word of the grammar (the modifier) and a built-in function of the language.
    cursor.advance();
    const name: Identifier = { kind: 'identifier', name: 'pow', start, end };
    return { kind: 'call', name, arguments: parseArguments(cursor), start, end: cursor.lastEnd };
  }
  if (kind === KIND['(']) {
    cursor.advance();
    const inner = parseExpression(cursor);
    cursor.expect(KIND[')'], 'to close the parenthesis');
    return inner;
  }
  if (kind === KIND.hardwareQubit) return parseHardwareQubit(cursor);
  if (kind === KIND['kw:durationof']) {
    cursor.advance();
    cursor.expect(KIND['('], 'after `durationof`');
    const body = parseScope(cursor, 'the block of `durationof`');
    cursor.expect(KIND[')'], 'to close `durationof`');
    return { kind: 'durationof', body, start, end: cursor.lastEnd };
  }
  if (TYPE_KINDS.has(kind)) {
    const type = parseType(cursor);
    cursor.expect(KIND['('], 'because a type inside an expression is a cast');
    const operand = parseExpression(cursor);
    cursor.expect(KIND[')'], 'to close the cast');
    return { kind: 'cast', type, operand, start, end: cursor.lastEnd };
  }
  const literal = parseLiteral(cursor, start, end);
  if (literal !== undefined) return literal;
  return cursor.unexpected('an expression', MISPLACED.get(kind));
}

function parseLiteral(cursor: Cursor, start: number, end: number): ExpressionNode | undefined {
  const node = literalNode(cursor.kind, cursor.tokens.source, start, end);
  if (node !== undefined) cursor.advance();
  return node;
}

function parseHardwareQubit(cursor: Cursor): HardwareQubit {
  const node = parsePhysicalQubit(cursor);
  cursor.hardwareQubits.add(node.number);
  return node;
}

/** `$n` where it names a qubit without using it, as in `defcal`. */
export function parsePhysicalQubit(cursor: Cursor): HardwareQubit {
  const node: HardwareQubit = {
    kind: 'hardwareQubit',
    number: cursor.text.slice(1).replace(/^0+(?=[0-9])/, ''),
    start: cursor.start,
    end: cursor.end,
  };
  cursor.advance();
  return node;
}

/** A comma-separated list up to `close`, with an optional comma behind the last element. */
export function parseList<T>(
  cursor: Cursor,
  close: TokenKind,
  element: () => T,
  mayBeEmpty: boolean,
  what: string,
): T[] {
  if (mayBeEmpty && cursor.accept(close)) return [];
  // A list that grows from nothing is given room for seventeen elements; most stay at one or two.
  const first = element();
  if (endsList(cursor, close, what)) return [first];
  const list = [first, element()];
  while (!endsList(cursor, close, what)) list.push(element());
  return list;
}

/** Takes what stands behind an element: `close`, perhaps behind a last comma, ends the list. */
function endsList(cursor: Cursor, close: TokenKind, what: string): boolean {
  if (cursor.accept(close)) return true;
  if (!cursor.accept(KIND[','])) cursor.unexpected(`\`,\` or ${describeKind(close)} in ${what}`);
  return cursor.accept(close);
}

export function parseArguments(cursor: Cursor): ExpressionNode[] {
  cursor.expect(KIND['('], 'before the arguments');
  return parseList(cursor, KIND[')'], () => parseExpression(cursor), true, 'the arguments');
}

export function parseDesignator(cursor: Cursor): ExpressionNode {
  cursor.expect(KIND['['], 'before the size');
  const size = parseExpression(cursor);
  cursor.expect(KIND[']'], 'after the size');
  return size;
}

export function parseSet(cursor: Cursor): SetNode {
  const start = cursor.start;
  cursor.expect(KIND['{'], 'before the elements');
  const elements = parseList(cursor, KIND['}'], () => parseExpression(cursor), false, 'the set');
  return { kind: 'set', elements, start, end: cursor.lastEnd };
}

/** An expression, or `a:b`, `a:step:b` with any of the outer parts left out. */
export function parseRangeOrExpression(cursor: Cursor): ExpressionNode | RangeNode {
  const start = cursor.start;
  const from = cursor.kind === KIND[':'] ? undefined : parseExpression(cursor);
  if (from !== undefined && cursor.kind !== KIND[':']) return from;
  cursor.expect(KIND[':'], 'in the range');
  const endsHere = cursor.kind === KIND[']'] || cursor.kind === KIND[','] || cursor.kind === KIND[':'];
  const second = endsHere ? undefined : parseExpression(cursor);
  const third = cursor.accept(KIND[':']) ? parseExpression(cursor) : undefined;
  const [step, to] = third === undefined ? [undefined, second] : [second, third];
  return {
    kind: 'range',
    ...(from === undefined ? {} : { from }),
    ...(step === undefined ? {} : { step }),
    ...(to === undefined ? {} : { to }),
    start,
    end: cursor.lastEnd,
  };
}

function parseIndexOperator(cursor: Cursor): IndexOperator {
  const start = cursor.start;
  cursor.expect(KIND['['], 'before the index');
  if (cursor.kind === KIND['{']) {
    const set = parseSet(cursor);
    cursor.expect(KIND[']'], 'after the index set');
    return { ...set, start, end: cursor.lastEnd };
  }
  const items = parseList(cursor, KIND[']'], () => parseRangeOrExpression(cursor), false, 'the index');
  return { kind: 'items', items, start, end: cursor.lastEnd };
}

export function parseIndexedIdentifier(cursor: Cursor, what: string): IndexedIdentifier {
  const name = cursor.identifier(what);
  const indices: IndexOperator[] = [];
  while (cursor.kind === KIND['[']) indices.push(parseIndexOperator(cursor));
  return { kind: 'indexed', name, indices, start: name.start, end: cursor.lastEnd };
}

export function parseGateOperand(cursor: Cursor): GateOperand {
  return cursor.kind === KIND.hardwareQubit
    ? parseHardwareQubit(cursor)
    : parseIndexedIdentifier(cursor, 'a qubit');
}

/** Operands up to the `;`, which is taken too. */
export function parseGateOperands(cursor: Cursor, mayBeEmpty: boolean): GateOperand[] {
  return (
    plainOperands(cursor) ??
    parseList(cursor, KIND[';'], () => parseGateOperand(cursor), mayBeEmpty, 'the operands')
  );
}

export function parseMeasure(cursor: Cursor): MeasureNode {
  const start = cursor.start;
  cursor.expect(KIND['kw:measure'], 'here');
  const operand = parseGateOperand(cursor);
  return { kind: 'measure', operand, start, end: operand.end };
}

export function parseExpressionOrMeasure(cursor: Cursor): ExpressionNode | MeasureNode {
  return cursor.kind === KIND['kw:measure'] ? parseMeasure(cursor) : parseExpression(cursor);
}

export function parseArrayLiteral(cursor: Cursor): ArrayLiteral {
  const start = cursor.start;
  if (cursor.expressionDepth >= QASM_EXPRESSION_DEPTH_MAX) {
    cursor.fail(
      'QASM_TOO_DEEP',
      cursor,
      `The array is nested more than ${QASM_EXPRESSION_DEPTH_MAX} levels deep.`,
    );
  }
  cursor.expressionDepth++;
  cursor.expect(KIND['{'], 'before the elements');
  const element = (): ExpressionNode | ArrayLiteral =>
    cursor.kind === KIND['{'] ? parseArrayLiteral(cursor) : parseExpression(cursor);
  const elements = parseList(cursor, KIND['}'], element, true, 'the array');
  cursor.expressionDepth--;
  return { kind: 'array', elements, start, end: cursor.lastEnd };
}
