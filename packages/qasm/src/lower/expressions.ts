import { type ClassicalType, OPEN_LENGTH, type Parameter } from '@qfs/circuit';
import {
  ANGLE_WIDTH_MAX,
  ARRAY_DIMENSIONS_MAX,
  CIRCUIT_QUBITS_MAX,
  CLASSICAL_BITS_MAX,
  INTEGER_WIDTH_MAX,
  nearestName,
} from '@qfs/core';
import type { FindingExtras, Span } from '../findings.ts';
import type { ExpressionNode, Identifier, ScalarTypeNode, TypeNode } from '../syntax/ast.ts';
import { nearestWord } from '../syntax/token.ts';
import { bitsRead } from './bits.ts';
import { applyBuiltin, arityOf, BUILTIN_CONSTANTS, BUILTIN_FUNCTIONS } from './builtins.ts';
import { convert, toCondition, toNumber } from './conversions.ts';
import type { Outcome } from './folding.ts';
import { type Lowering, Meaningless } from './lowering.ts';
import { applyBinary, applyUnary } from './operators.ts';
import { isKnownOperator, pickConstant, selectedValue } from './selection.ts';
import { evaluatedOnce, lowerCall } from './subroutines.ts';
import { MEANING_TEXT, type Meaning, type ScopeEntry } from './symbols.ts';
import { durationLiteral, durationOf, withoutLength } from './timing.ts';
import {
  bitsValue,
  bitType,
  boolValue,
  COMPLEX,
  DURATION,
  floatValue,
  intValue,
  isConstant,
  isInteger,
  literalInteger,
  typeText,
  UINT,
  type Value,
  WIDTH_DEFAULT,
} from './types.ts';

/** The value of an expression; constant parts are computed. */
export function lowerExpression(lowering: Lowering, node: ExpressionNode): Value {
  lowering.spend(1, node);
  switch (node.kind) {
    case 'integer':
      return literalInteger(node.value);
    case 'float':
      if (!Number.isFinite(node.value))
        lowering.fail('QASM_VALUE', node, 'The number is too large for a float.');
      return floatValue(node.value);
    case 'boolean':
      return boolValue(node.value);
    case 'bitString':
      return bitsValue(node.value);
    case 'identifier':
      return nameValue(lowering, node);
    case 'unary':
      return checked(lowering, node, applyUnary(node.operator, lowerExpression(lowering, node.operand)));
    case 'binary':
      return binaryValue(lowering, node);
    case 'cast':
      return castValue(lowering, node);
    case 'call':
      return callValue(lowering, node);
    case 'index':
      return indexValue(lowering, node);
    case 'imaginary':
      if (!Number.isFinite(node.value))
        lowering.fail('QASM_VALUE', node, 'The number is too large for a float.');
      return { type: COMPLEX, ir: { kind: 'complex', re: 0, im: node.value } };
    case 'timing':
      return durationLiteral(lowering, node);
    case 'durationof':
      return durationOf(lowering, node);
    case 'hardwareQubit':
      return lowering.fail('QASM_TYPE', node, `The qubit $${node.number} is no classical value.`);
  }
}

function checked(lowering: Lowering, span: Span, outcome: Outcome): Value {
  if (!('problem' in outcome)) return outcome;
  return lowering.fail(outcome.code, span, `This has no value: ${outcome.problem}.`);
}

function binaryValue(lowering: Lowering, node: Extract<ExpressionNode, { kind: 'binary' }>): Value {
  const left = lowerExpression(lowering, node.left);
  const right = lowerExpression(lowering, node.right);
  const outcome = applyBinary(node.operator, left, right);
  if ('problem' in outcome && outcome.code === 'QASM_TYPE') {
    const types = `${typeText(left.type)} and ${typeText(right.type)}`;
    lowering.fail('QASM_TYPE', node, `No value for ${types}: ${outcome.problem}.`);
  }
  return checked(lowering, node, outcome);
}

/** Known bits of an alias are picked from it; everything else is picked from a value. */
function indexValue(lowering: Lowering, node: Extract<ExpressionNode, { kind: 'index' }>): Value {
  const aliased = node.base.kind === 'identifier' ? lowering.scopes.find(node.base.name)?.meaning : undefined;
  if (aliased?.kind === 'bits' && isKnownOperator(lowering, node.index)) {
    const { indices } = pickConstant(lowering, node.index, aliased.bits.length);
    if (indices.length === 0) lowering.fail('QASM_VALUE', node.index, 'The range selects no bit.');
    return bitsRead(indices.map((index) => aliased.bits[index]!));
  }
  return selectedValue(lowering, lowerExpression(lowering, node.base), node.index);
}

/** The symbol of a name, or a finding with the nearest name of the wanted kind. */
export function lookUp(
  lowering: Lowering,
  name: Identifier,
  isWanted: (meaning: Meaning) => boolean,
): ScopeEntry {
  const symbol = lowering.scopes.find(name.name);
  if (symbol?.meaning.kind === 'broken') throw new Meaningless();
  if (symbol !== undefined) {
    // A statement that could not be read may have given the name another meaning.
    if (lowering.lostNames.has(name.name) && !isWanted(symbol.meaning)) throw new Meaningless();
    return symbol;
  }
  const hidden = lowering.scopes.hidden(name.name);
  if (hidden !== undefined) {
    return lowering.fail(
      'QASM_CONTEXT',
      name,
      `\`${name.name}\` cannot be seen inside a subroutine or gate definition.`,
      {
        hint: 'pass it as a parameter; only constants, gates and subroutines are seen there',
        ...(hidden.declared && { related: [{ message: 'declared here', start: hidden.declared.start }] }),
      },
    );
  }
  const nearest =
    lowering.scopes.nearest(name.name, isWanted) ??
    nearestWord(name.name) ??
    nearestName(name.name, Object.keys(BUILTIN_CONSTANTS));
  return lowering.undeclared(
    name,
    `\`${name.name}\` is not declared.`,
    nearest === undefined ? {} : { hint: `did you mean \`${nearest}\`?` },
  );
}

function nameValue(lowering: Lowering, node: Identifier): Value {
  const constant = BUILTIN_CONSTANTS[node.name];
  if (constant !== undefined && lowering.scopes.find(node.name) === undefined) return floatValue(constant);
  const { meaning } = lookUp(
    lowering,
    node,
    ({ kind }) => kind === 'variable' || kind === 'value' || kind === 'bits' || kind === 'view',
  );
  if (meaning.kind === 'value') return meaning.value;
  if (meaning.kind === 'variable')
    return { type: meaning.type, ir: { kind: 'variable', variable: meaning.id } };
  if (meaning.kind === 'bits') return bitsRead(meaning.bits);
  if (meaning.kind === 'view') return { type: meaning.place.type, ir: meaning.place.ir };
  if (meaning.kind === 'unsupported') return lowering.unsupported(node, meaning.what);
  if (meaning.kind === 'timing') return withoutLength(lowering, node, meaning.dependsOn);
  return lowering.fail(
    'QASM_TYPE',
    node,
    `\`${node.name}\` is ${MEANING_TEXT[meaning.kind]}, not a classical value.`,
    meaning.kind === 'qubits' ? { hint: 'measure it first: `bit c = measure q;`' } : {},
  );
}

function castValue(lowering: Lowering, node: Extract<ExpressionNode, { kind: 'cast' }>): Value {
  const operand = lowerExpression(lowering, node.operand);
  const type = resolveType(lowering, node.type);
  const from = operand.type;
  // A size that is not written is the size of the operand, for bits as for angles.
  const isUnsized = node.type.kind === 'scalarType' && node.type.designator === undefined;
  const target = isUnsized && type.kind === 'bit' && from.kind === 'bit' ? from : type;
  return (
    convert(operand, target) ??
    lowering.fail(
      'QASM_TYPE',
      node,
      `A value of type ${typeText(from)} cannot be cast to ${typeText(target)}.`,
      castHint(from, target),
    )
  );
}

function callValue(lowering: Lowering, node: Extract<ExpressionNode, { kind: 'call' }>): Value {
  const { name } = node.name;
  const symbol = lowering.scopes.find(name);
  if (symbol?.meaning.kind === 'broken') throw new Meaningless();
  if (symbol?.meaning.kind === 'unsupported') return lowering.unsupported(node, symbol.meaning.what);
  if (symbol?.meaning.kind === 'subroutine') {
    const { ir, type } = lowerCall(lowering, node, symbol.meaning);
    if (type !== undefined) return { ir, type };
    return lowering.fail('QASM_TYPE', node, `The subroutine \`${name}\` returns no value.`);
  }
  if (symbol !== undefined)
    return lowering.fail(
      'QASM_TYPE',
      node.name,
      `\`${name}\` is ${MEANING_TEXT[symbol.meaning.kind]}, not a function.`,
    );
  if (!BUILTIN_FUNCTIONS.includes(name)) {
    const nearest =
      nearestName(name, BUILTIN_FUNCTIONS) ?? lowering.scopes.nearest(name, (m) => m.kind === 'subroutine');
    return lowering.undeclared(
      node.name,
      `The function \`${name}\` is not declared.`,
      nearest === undefined ? {} : { hint: `did you mean \`${nearest}\`?` },
    );
  }
  if (name === 'sizeof') return sizeOf(lowering, node);
  const wanted = arityOf(name);
  if (node.arguments.length !== wanted) {
    lowering.fail(
      'QASM_ARITY',
      node,
      `\`${name}\` takes ${wanted} ${wanted === 1 ? 'argument' : 'arguments'}, not ${node.arguments.length}.`,
    );
  }
  return checked(
    lowering,
    node,
    applyBuiltin(
      name,
      node.arguments.map((argument) => lowerExpression(lowering, argument)),
    ),
  );
}

/** A compile-time integer that a double holds exactly. */
export function constantInteger(lowering: Lowering, node: ExpressionNode): number {
  const value = lowerExpression(lowering, node);
  if (!isConstant(value.ir))
    lowering.fail('QASM_NOT_CONSTANT', node, 'This value must be known when the program is compiled.', {
      hint: 'use a literal or a `const`',
    });
  if (value.ir.kind !== 'int')
    lowering.fail('QASM_TYPE', node, `An integer is needed, not ${typeText(value.type)}.`);
  const number = value.ir.kind === 'int' ? Number(value.ir.value) : 0;
  if (!Number.isSafeInteger(number))
    lowering.fail('QASM_VALUE', node, 'The number is too large to be used here.');
  return number;
}

export function constantSize(lowering: Lowering, node: ExpressionNode, limit: number): number {
  const size = constantInteger(lowering, node);
  if (size < 1) lowering.fail('QASM_VALUE', node, `A size must be at least 1, not ${size}.`);
  if (size > limit)
    lowering.fail(
      'QASM_CIRCUIT_TOO_LARGE',
      node,
      `A size of ${size} is more than the ${limit} that are possible.`,
    );
  return size;
}

export const registerSize = (lowering: Lowering, node: ExpressionNode): number =>
  constantSize(lowering, node, CIRCUIT_QUBITS_MAX);

export function resolveType(lowering: Lowering, node: TypeNode): ClassicalType {
  if (node.kind === 'arrayType') return arrayType(lowering, node, node.element, node.dimensions);
  const width = (limit: number, otherwise: number): number =>
    node.designator === undefined ? otherwise : constantSize(lowering, node.designator, limit);
  switch (node.name) {
    case 'bit':
      return bitType(width(CLASSICAL_BITS_MAX, 1));
    case 'int':
    case 'uint':
      return { kind: node.name, width: width(INTEGER_WIDTH_MAX, WIDTH_DEFAULT) };
    case 'angle':
      return { kind: 'angle', width: width(ANGLE_WIDTH_MAX, WIDTH_DEFAULT) };
    case 'float':
      return { kind: 'float', width: floatWidth(lowering, node) };
    case 'bool':
      return { kind: 'bool' };
    case 'complex':
      return node.component === undefined ? COMPLEX : complexType(lowering, node.component);
    case 'duration':
      return DURATION;
    case 'stretch':
      return lowering.unsupported(node, 'A stretch as a value');
  }
}

function complexType(lowering: Lowering, component: ScalarTypeNode): ClassicalType {
  if (component.name !== 'float')
    lowering.fail('QASM_TYPE', component, 'The parts of a complex number are floats.', {
      hint: 'write `complex[float[64]]`',
    });
  return { kind: 'complex', width: floatWidth(lowering, component) };
}

/** An array of sizes that are known; which elements there may be, the grammar says. */
export function arrayType(
  lowering: Lowering,
  span: Span,
  element: ScalarTypeNode,
  sizes: readonly ExpressionNode[],
): ClassicalType {
  if (sizes.length > ARRAY_DIMENSIONS_MAX) {
    lowering.fail(
      'QASM_VALUE',
      span,
      `An array has at most ${ARRAY_DIMENSIONS_MAX} dimensions, not ${sizes.length}.`,
    );
  }
  const dimensions = sizes.map((size) => constantSize(lowering, size, CLASSICAL_BITS_MAX));
  return { kind: 'array', element: resolveType(lowering, element), dimensions };
}

/** An array of which only the number of dimensions is known. */
export const openArrayType = (
  lowering: Lowering,
  element: ScalarTypeNode,
  count: ExpressionNode,
): ClassicalType => ({
  kind: 'array',
  element: resolveType(lowering, element),
  dimensions: Array.from({ length: constantSize(lowering, count, ARRAY_DIMENSIONS_MAX) }, () => OPEN_LENGTH),
});

/** The size of an array in one dimension: part of its type, or what the run finds behind a reference. */
function sizeOf(lowering: Lowering, node: Extract<ExpressionNode, { kind: 'call' }>): Value {
  const [array, dimension] = node.arguments;
  if (array === undefined || node.arguments.length > 2)
    return lowering.fail('QASM_ARITY', node, '`sizeof` takes an array, and a dimension if need be.');
  const { type, ir } = lowerExpression(lowering, array);
  if (type.kind !== 'array')
    return lowering.fail('QASM_TYPE', array, `\`sizeof\` needs an array, not ${typeText(type)}.`);
  const at = dimension === undefined ? undefined : lowerExpression(lowering, dimension);
  if (at !== undefined && !isInteger(at.type))
    lowering.fail('QASM_TYPE', node, `A dimension is an integer, not ${typeText(at.type)}.`);
  if (at === undefined || at.ir.kind === 'int') {
    const number = at?.ir.kind === 'int' ? Number(at.ir.value) : 0;
    const size = type.dimensions[number];
    if (size === undefined)
      return lowering.fail('QASM_VALUE', node, `${typeText(type)} has no dimension ${number}.`);
    if (size !== OPEN_LENGTH) return intValue(BigInt(size), UINT);
  }
  const args = at === undefined ? [ir] : [ir, at.ir];
  return { type: UINT, ir: { kind: 'builtin', name: 'sizeof', arguments: args } };
}

function floatWidth(lowering: Lowering, node: ScalarTypeNode): 32 | 64 {
  const width = node.designator === undefined ? 64 : constantInteger(lowering, node.designator);
  if (width === 32 || width === 64) return width;
  return lowering.fail('QASM_UNSUPPORTED', node, `A float of ${width} bits cannot be executed.`, {
    hint: 'use float[32] or float[64]',
  });
}

/** A gate parameter: radians where it is known, otherwise the expression that yields them. */
export function gateParameter(
  lowering: Lowering,
  node: ExpressionNode,
): { parameter: Parameter; type: ClassicalType } {
  const value = lowerExpression(lowering, node);
  const { type } = value;
  if (isConstant(value.ir)) {
    const number = toNumber(value);
    const isNumber =
      type.kind === 'int' || type.kind === 'uint' || type.kind === 'float' || type.kind === 'angle';
    if (!isNumber)
      lowering.fail('QASM_TYPE', node, `A gate parameter must be a number, not ${typeText(type)}.`);
    if (!Number.isFinite(number)) lowering.fail('QASM_VALUE', node, 'The parameter is not a finite number.');
    return { parameter: number + 0, type };
  }
  if (type.kind === 'angle' || type.kind === 'float')
    return { parameter: evaluatedOnce(lowering, value, node), type };
  const asFloat =
    type.kind === 'bool' || type.kind === 'bit' ? undefined : convert(value, { kind: 'float', width: 64 });
  if (asFloat === undefined)
    return lowering.fail('QASM_TYPE', node, `A gate parameter must be a number, not ${typeText(type)}.`);
  return { parameter: evaluatedOnce(lowering, asFloat, node), type: asFloat.type };
}

export function lowerCondition(lowering: Lowering, node: ExpressionNode): Value {
  const value = lowerExpression(lowering, node);
  const condition = toCondition(value);
  return (
    condition ??
    lowering.fail('QASM_TYPE', node, `A condition must be true or false, not ${typeText(value.type)}.`)
  );
}

/** The value as `type`, as an assignment converts it. */
export function coerce(lowering: Lowering, span: Span, value: Value, type: ClassicalType): Value {
  return (
    convert(value, type) ??
    lowering.fail(
      'QASM_TYPE',
      span,
      `A value of type ${typeText(value.type)} cannot become ${typeText(type)}.`,
      castHint(value.type, type),
    )
  );
}

/** Registers and numbers of other widths are cut to size by a slice, which says which bits are meant. */
function castHint(from: ClassicalType, to: ClassicalType): FindingExtras {
  const hasBits = from.kind === 'bit' || from.kind === 'int' || from.kind === 'uint' || from.kind === 'angle';
  if (!hasBits || !('width' in to) || from.width <= to.width) return {};
  return { hint: `take the bits that are meant: \`x[0:${to.width - 1}]\`` };
}
