import { BINARY_PRECEDENCE, CONCATENATED_PRECEDENCE, UNARY_PRECEDENCE } from './parser/precedence.ts';
import { printBlock } from './print.ts';
import type {
  ArrayLiteral,
  ConcatenationNode,
  ExpressionNode,
  GateOperand,
  IndexedIdentifier,
  IndexOperator,
  MeasureNode,
  RangeNode,
  SetNode,
  TypeNode,
} from './syntax/ast.ts';

const BASE_PREFIX = { 2: '0b', 8: '0o', 10: '', 16: '0x' } as const;

/** A double so that it reads back as the same double and as a float. */
export function floatText(value: number): string {
  // An infinite value can only come from a literal beyond the range of doubles.
  if (!Number.isFinite(value)) return '1e999';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Parentheses stand where precedence needs them and nowhere else. */
export function printExpression(node: ExpressionNode, minimum = 0): string {
  switch (node.kind) {
    case 'identifier':
      return node.name;
    case 'integer':
      return BASE_PREFIX[node.base] + node.value.toString(node.base);
    case 'float':
      return floatText(node.value);
    case 'imaginary':
      return `${floatText(node.value)}im`;
    case 'boolean':
      return String(node.value);
    case 'bitString':
      return `"${node.value}"`;
    case 'timing':
      return `${floatText(node.value)}${node.unit}`;
    case 'hardwareQubit':
      return `$${node.number}`;
    case 'unary':
      return wrap(
        `${node.operator}${printExpression(node.operand, UNARY_PRECEDENCE)}`,
        UNARY_PRECEDENCE < minimum,
      );
    case 'binary':
      return printBinary(node, minimum);
    case 'index':
      return printExpression(node.base, POSTFIX_PRECEDENCE) + printIndex(node.index);
    case 'call':
      return `${node.name.name}(${node.arguments.map((argument) => printExpression(argument)).join(', ')})`;
    case 'cast':
      return `${printType(node.type)}(${printExpression(node.operand)})`;
    case 'durationof':
      return `durationof(${printBlock(node.body, '')})`;
  }
}

/** Anything behind which an index may stand. */
const POSTFIX_PRECEDENCE = 13;

const wrap = (text: string, needed: boolean): string => (needed ? `(${text})` : text);

function printBinary(node: Extract<ExpressionNode, { kind: 'binary' }>, minimum: number): string {
  const precedence = BINARY_PRECEDENCE[node.operator];
  const isRightAssociative = node.operator === '**';
  const left = printExpression(node.left, precedence + (isRightAssociative ? 1 : 0));
  const right = printExpression(node.right, precedence + (isRightAssociative ? 0 : 1));
  return wrap(`${left} ${node.operator} ${right}`, precedence < minimum);
}

export function printRange(node: RangeNode): string {
  const part = (expression: ExpressionNode | undefined): string =>
    expression === undefined ? '' : printExpression(expression);
  const step = node.step === undefined ? '' : `:${part(node.step)}`;
  return `${part(node.from)}${step}:${part(node.to)}`;
}

export const printSet = (node: SetNode): string =>
  `{${node.elements.map((element) => printExpression(element)).join(', ')}}`;

function printIndex(node: IndexOperator): string {
  if (node.kind === 'set') return `[${printSet(node)}]`;
  return `[${node.items.map((item) => (item.kind === 'range' ? printRange(item) : printExpression(item))).join(', ')}]`;
}

export const printIndexed = (node: IndexedIdentifier): string =>
  node.name.name + node.indices.map(printIndex).join('');

export const printOperand = (node: GateOperand): string =>
  node.kind === 'hardwareQubit' ? `$${node.number}` : printIndexed(node);

/** What may stand behind `=`. */
export function printValue(node: ExpressionNode | MeasureNode | ArrayLiteral | ConcatenationNode): string {
  switch (node.kind) {
    case 'measure':
      return `measure ${printOperand(node.operand)}`;
    case 'array':
      return `{${node.elements.map(printValue).join(', ')}}`;
    case 'concatenation':
      return node.parts.map((part) => printExpression(part, CONCATENATED_PRECEDENCE)).join(' ++ ');
    default:
      return printExpression(node);
  }
}

export const printDesignator = (node: ExpressionNode | undefined): string =>
  node === undefined ? '' : `[${printExpression(node)}]`;

export function printType(node: TypeNode): string {
  if (node.kind === 'arrayType') {
    return `array[${[printType(node.element), ...node.dimensions.map((size) => printExpression(size))].join(', ')}]`;
  }
  const component = node.component === undefined ? '' : `[${printType(node.component)}]`;
  return node.name + printDesignator(node.designator) + component;
}
