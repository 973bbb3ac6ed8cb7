import type {
  Argument,
  ClassicalType,
  Expression,
  QubitOperand,
  Selector,
  Target,
  Variable,
} from '@qfs/circuit';
import { OPEN_LENGTH } from '@qfs/circuit';
import type { BinaryOperatorText, ExpressionNode, IndexOperator, TypeNode } from '@qfs/qasm';
import { floatText, printExpression, printType } from '@qfs/qasm';

/** What variable and subroutine numbers stand for in the text that is being written. */
export interface Names {
  readonly variables: readonly Variable[];
  readonly subroutines: readonly { readonly name: string }[];
  /** Qubits as one argument of a call. */
  readonly qubits: (operands: readonly QubitOperand[]) => string;
  /** Bits of several variables as one place. */
  readonly bits: (parts: readonly Target[]) => string;
}

/** The tree nodes below carry no places: they are only printed. */
const NOWHERE = { start: 0, end: 0 } as const;

const identifier = (name: string) => ({ kind: 'identifier' as const, name, ...NOWHERE });

export const writeExpression = (ir: Expression, names: Names): string => printExpression(toNode(ir, names));

function toNode(ir: Expression, names: Names): ExpressionNode {
  const inner = (part: Expression): ExpressionNode => toNode(part, names);
  switch (ir.kind) {
    case 'int':
      return integerNode(ir.value, ir.type);
    case 'float':
      return floatNode(ir.value);
    case 'bool':
      return { kind: 'boolean', value: ir.value, ...NOWHERE };
    case 'bits':
      return { kind: 'bitString', value: ir.value, ...NOWHERE };
    case 'complex':
      return {
        kind: 'binary',
        operator: ir.im < 0 ? '-' : '+',
        left: floatNode(ir.re),
        right: { kind: 'imaginary', value: Math.abs(ir.im), ...NOWHERE },
        ...NOWHERE,
      };
    case 'variable':
      return identifier(names.variables[ir.variable]?.name ?? `variable_${ir.variable}`);
    case 'index':
      return { kind: 'index', base: inner(ir.base), index: items([inner(ir.index)]), ...NOWHERE };
    case 'slice': {
      const range = {
        kind: 'range' as const,
        from: inner(ir.start),
        step: inner(ir.step),
        to: inner(ir.stop),
        ...NOWHERE,
      };
      return { kind: 'index', base: inner(ir.base), index: items([range]), ...NOWHERE };
    }
    case 'select':
      return { kind: 'index', base: inner(ir.base), index: selected(ir.selectors, names), ...NOWHERE };
    case 'unary':
      return { kind: 'unary', operator: ir.operator, operand: inner(ir.operand), ...NOWHERE };
    case 'binary':
      return {
        kind: 'binary',
        operator: ir.operator as BinaryOperatorText,
        left: inner(ir.left),
        right: inner(ir.right),
        ...NOWHERE,
      };
    case 'cast':
      if (ir.type.kind === 'duration' && ir.operand.kind === 'float') return secondsNode(ir.operand.value);
      return { kind: 'cast', type: typeNode(ir.type), operand: inner(ir.operand), ...NOWHERE };
    case 'builtin':
      return { kind: 'call', name: identifier(ir.name), arguments: ir.arguments.map(inner), ...NOWHERE };
    case 'call': {
      const name = names.subroutines[ir.subroutine]?.name ?? `subroutine_${ir.subroutine}`;
      return {
        kind: 'call',
        name: identifier(name),
        arguments: ir.arguments.map((argument) => argumentNode(argument, names)),
        ...NOWHERE,
      };
    }
  }
}

const items = (list: Extract<IndexOperator, { kind: 'items' }>['items']): IndexOperator => ({
  kind: 'items',
  items: list,
  ...NOWHERE,
});

function selected(selectors: readonly Selector[], names: Names): IndexOperator {
  const [first] = selectors;
  const node = (ir: Expression): ExpressionNode => toNode(ir, names);
  if (first?.kind === 'set') return { kind: 'set', elements: first.indices.map(node), ...NOWHERE };
  return items(
    selectors.map((selector) => {
      if (selector.kind !== 'range')
        return node(selector.kind === 'index' ? selector.index : selector.indices[0]!);
      const { start, step, stop } = selector;
      return {
        kind: 'range',
        ...(start && { from: node(start) }),
        ...(step && { step: node(step) }),
        ...(stop && { to: node(stop) }),
        ...NOWHERE,
      };
    }),
  );
}

/** A plain literal has the type `int[64]`; another type needs its cast. */
function integerNode(value: bigint, type: ClassicalType): ExpressionNode {
  const magnitude: ExpressionNode = {
    kind: 'integer',
    value: value < 0n ? -value : value,
    base: 10,
    ...NOWHERE,
  };
  const literal: ExpressionNode =
    value < 0n ? { kind: 'unary', operator: '-', operand: magnitude, ...NOWHERE } : magnitude;
  const isPlain = type.kind === 'int' && type.width === 64 && BigInt.asIntN(64, -value) === -value;
  return isPlain ? literal : { kind: 'cast', type: typeNode(type), operand: literal, ...NOWHERE };
}

function floatNode(value: number): ExpressionNode {
  const isNegative = value < 0 || Object.is(value, -0);
  const magnitude: ExpressionNode = { kind: 'float', value: Math.abs(value), ...NOWHERE };
  return isNegative ? { kind: 'unary', operator: '-', operand: magnitude, ...NOWHERE } : magnitude;
}

function secondsNode(seconds: number): ExpressionNode {
  const magnitude: ExpressionNode = { kind: 'timing', value: Math.abs(seconds), unit: 's', ...NOWHERE };
  return seconds < 0 ? { kind: 'unary', operator: '-', operand: magnitude, ...NOWHERE } : magnitude;
}

function argumentNode(argument: Argument, names: Names): ExpressionNode {
  switch (argument.kind) {
    case 'value':
      return toNode(argument.value, names);
    case 'reference':
      return identifier(writeTarget(argument.target, names));
    case 'qubits':
      return identifier(names.qubits(argument.qubits));
  }
}

export function writeTarget(target: Target, names: Names): string {
  switch (target.kind) {
    case 'variable':
      return names.variables[target.variable]?.name ?? `variable_${target.variable}`;
    case 'index':
      return `${writeTarget(target.base, names)}[${writeExpression(target.index, names)}]`;
    case 'select': {
      const base = identifier(writeTarget(target.base, names));
      return printExpression({ kind: 'index', base, index: selected(target.selectors, names), ...NOWHERE });
    }
    case 'join':
      return names.bits(target.parts);
  }
}

const size = (width: number): ExpressionNode => ({
  kind: 'integer',
  value: BigInt(width),
  base: 10,
  ...NOWHERE,
});

function typeNode(type: ClassicalType): TypeNode {
  switch (type.kind) {
    case 'array': {
      const element = typeNode(type.element);
      if (element.kind === 'arrayType') return element;
      return { kind: 'arrayType', element, dimensions: type.dimensions.map(size), ...NOWHERE };
    }
    case 'complex':
      return {
        kind: 'scalarType',
        name: 'complex',
        component: { kind: 'scalarType', name: 'float', designator: size(type.width), ...NOWHERE },
        ...NOWHERE,
      };
    case 'bool':
    case 'duration':
    case 'stretch':
      return { kind: 'scalarType', name: type.kind, ...NOWHERE };
    default:
      return { kind: 'scalarType', name: type.kind, designator: size(type.width), ...NOWHERE };
  }
}

/** A number as a gate parameter: the shortest text that reads back as the same double. */
export const writeNumber = (value: number): string =>
  value < 0 || Object.is(value, -0) ? `-${floatText(Math.abs(value))}` : floatText(value);

/** Of an array whose lengths only a caller knows, the number of its dimensions is written. */
export const writeType = (type: ClassicalType): string =>
  type.kind === 'array' && type.dimensions.includes(OPEN_LENGTH)
    ? `array[${writeType(type.element)}, #dim = ${type.dimensions.length}]`
    : printType(typeNode(type));
