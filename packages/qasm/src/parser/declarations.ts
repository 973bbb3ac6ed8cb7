import type {
  ExpressionNode,
  HardwareQubit,
  Identifier,
  Initializer,
  OldStyleTypeNode,
  ParameterNode,
  ParameterType,
  ScalarTypeNode,
  StatementNode,
} from '../syntax/ast.ts';
import { KIND, type TokenKind } from '../syntax/token.ts';
import type { Cursor } from './cursor.ts';
import {
  parseArrayLiteral,
  parseDesignator,
  parseExpression,
  parseExpressionOrMeasure,
  parseList,
  parsePhysicalQubit,
} from './expressions.ts';
import { CONCATENATED_PRECEDENCE } from './precedence.ts';
import { parseScope } from './statements.ts';
import { parseArrayReference, parseScalarType, parseType, TYPE_KINDS } from './types.ts';

type StatementParser = (cursor: Cursor, start: number) => StatementNode;

/** Parsers of everything that declares a name, by the word it begins with. */
export const DECLARATION_PARSERS: ReadonlyMap<TokenKind, StatementParser> = new Map<
  TokenKind,
  StatementParser
>([
  ...[...TYPE_KINDS].map((kind): [TokenKind, StatementParser] => [kind, parseDeclarationOrCast]),
  [KIND['kw:const'], parseConst],
  [KIND['kw:input'], (cursor, start) => parseIo(cursor, start, 'input')],
  [KIND['kw:output'], (cursor, start) => parseIo(cursor, start, 'output')],
  [KIND['kw:qubit'], parseQubits],
  [KIND['kw:qreg'], (cursor, start) => parseOldStyle(cursor, start, 'qreg')],
  [KIND['kw:creg'], (cursor, start) => parseOldStyle(cursor, start, 'creg')],
  [KIND['kw:let'], parseAlias],
  [KIND['kw:gate'], parseGate],
  [KIND['kw:def'], parseDef],
  [KIND['kw:extern'], parseExtern],
  [KIND['kw:defcal'], parseDefcal],
  [KIND['kw:cal'], parseCal],
]);

const finish = (cursor: Cursor): number => {
  cursor.expect(KIND[';'], 'at the end of the statement');
  return cursor.lastEnd;
};

function parseInitializer(cursor: Cursor): Initializer {
  return cursor.kind === KIND['{'] ? parseArrayLiteral(cursor) : parseExpressionOrMeasure(cursor);
}

function parseDeclarationOrCast(cursor: Cursor, start: number): StatementNode {
  const position = cursor.position;
  const type = parseType(cursor);
  if (cursor.kind === KIND['(']) {
    cursor.rewind(position);
    const expression = parseExpression(cursor);
    return { kind: 'expression', expression, start, end: finish(cursor) };
  }
  const name = cursor.identifier('a name for the variable');
  if (cursor.accept(KIND['='])) {
    const initial = parseInitializer(cursor);
    return { kind: 'declaration', type, name, initial, start, end: finish(cursor) };
  }
  if (cursor.kind === KIND['[']) {
    cursor.unexpected(
      '`=` or `;`',
      `the size belongs to the type: \`${cursor.tokens.source.slice(type.start, type.end)}[n] ${name.name};\``,
    );
  }
  return { kind: 'declaration', type, name, start, end: finish(cursor) };
}

function parseConst(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const type = parseScalarType(cursor);
  const name = cursor.identifier('a name for the constant');
  cursor.expect(KIND['='], 'because a constant needs a value');
  const initial = parseInitializer(cursor);
  return { kind: 'const', type, name, initial, start, end: finish(cursor) };
}

function parseIo(cursor: Cursor, start: number, direction: 'input' | 'output'): StatementNode {
  cursor.advance();
  const type = parseType(cursor);
  const name = cursor.identifier(`a name for the ${direction}`);
  if (cursor.kind === KIND['='])
    cursor.unexpected(
      '`;`',
      direction === 'input'
        ? 'the value of an input is given with the job'
        : `an output is assigned in a statement of its own: \`${name.name} = …;\``,
    );
  return { kind: 'io', direction, type, name, start, end: finish(cursor) };
}

function parseQubits(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const designator = cursor.kind === KIND['['] ? parseDesignator(cursor) : undefined;
  const type = {
    kind: 'qubitType' as const,
    ...(designator === undefined ? {} : { designator }),
    start,
    end: cursor.lastEnd,
  };
  const name = cursor.identifier('a name for the qubits');
  return { kind: 'qubits', type, name, start, end: finish(cursor) };
}

function parseOldStyle(cursor: Cursor, start: number, keyword: 'creg' | 'qreg'): StatementNode {
  cursor.advance();
  const hint = `${keyword} writes the size behind the name: \`${keyword} name[n];\``;
  if (cursor.kind === KIND['[']) cursor.unexpected('a name for the register', hint);
  const name = cursor.identifier('a name for the register');
  if (cursor.kind !== KIND['[']) return { kind: 'oldStyle', keyword, name, start, end: finish(cursor) };
  const designator = parseDesignator(cursor);
  return { kind: 'oldStyle', keyword, name, designator, start, end: finish(cursor) };
}

function parseAlias(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const name = cursor.identifier('a name for the alias');
  cursor.expect(KIND['='], 'after the name of the alias');
  const first = parseExpression(cursor, CONCATENATED_PRECEDENCE);
  const parts = [first];
  while (cursor.accept(KIND['++'])) parts.push(parseExpression(cursor, CONCATENATED_PRECEDENCE));
  const value =
    parts.length === 1
      ? first
      : { kind: 'concatenation' as const, parts, start: first.start, end: cursor.lastEnd };
  return { kind: 'alias', name, value, start, end: finish(cursor) };
}

function parseGate(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const name = cursor.identifier('a name for the gate');
  const parameters = cursor.accept(KIND['('])
    ? parseList(cursor, KIND[')'], () => cursor.identifier('a parameter name'), true, 'the parameters')
    : undefined;
  const qubits = parseNames(cursor, KIND['{'], () => cursor.identifier('a qubit name'));
  const body = parseScope(cursor, 'the body of the gate');
  return {
    kind: 'gate',
    name,
    ...(parameters === undefined ? {} : { parameters }),
    qubits,
    body,
    start,
    end: cursor.lastEnd,
  };
}

/** A list that ends before `stop`, which is left for the caller. */
function parseNames<T>(cursor: Cursor, stop: TokenKind, element: () => T): T[] {
  const list = [element()];
  while (cursor.accept(KIND[',']) && cursor.kind !== stop) list.push(element());
  return list;
}

function parseParameterType(cursor: Cursor): ParameterType {
  const start = cursor.start;
  if (cursor.kind === KIND['kw:readonly'] || cursor.kind === KIND['kw:mutable'])
    return parseArrayReference(cursor);
  if (cursor.accept(KIND['kw:qubit'])) {
    const designator = cursor.kind === KIND['['] ? parseDesignator(cursor) : undefined;
    return {
      kind: 'qubitType',
      ...(designator === undefined ? {} : { designator }),
      start,
      end: cursor.lastEnd,
    };
  }
  return parseScalarType(cursor);
}

function parseParameter(cursor: Cursor): ParameterNode {
  const start = cursor.start;
  const isOldStyle = cursor.kind === KIND['kw:creg'] || cursor.kind === KIND['kw:qreg'];
  if (!isOldStyle) {
    const type = parseParameterType(cursor);
    const name = cursor.identifier('a parameter name');
    return { kind: 'parameter', type, name, start, end: name.end };
  }
  const keyword = cursor.kind === KIND['kw:creg'] ? 'creg' : 'qreg';
  cursor.advance();
  const name = cursor.identifier('a parameter name');
  return { kind: 'parameter', type: oldStyleType(cursor, keyword, start), name, start, end: cursor.lastEnd };
}

function oldStyleType(cursor: Cursor, keyword: 'creg' | 'qreg', start: number): OldStyleTypeNode {
  const designator = cursor.kind === KIND['['] ? parseDesignator(cursor) : undefined;
  return {
    kind: 'oldStyleType',
    keyword,
    ...(designator === undefined ? {} : { designator }),
    start,
    end: cursor.lastEnd,
  };
}

function parseResult(cursor: Cursor): { result: ScalarTypeNode } | Record<string, never> {
  return cursor.accept(KIND['->']) ? { result: parseScalarType(cursor) } : {};
}

function parseDef(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const name = cursor.identifier('a name for the subroutine');
  cursor.expect(KIND['('], 'before the parameters');
  const parameters = parseList(cursor, KIND[')'], () => parseParameter(cursor), true, 'the parameters');
  const result = parseResult(cursor);
  const body = parseScope(cursor, 'the body of the subroutine');
  return { kind: 'def', name, parameters, ...result, body, start, end: cursor.lastEnd };
}

function parseExtern(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const name = cursor.identifier('a name for the extern function');
  cursor.expect(KIND['('], 'before the parameter types');
  const parameter = (): ScalarTypeNode | ReturnType<typeof parseArrayReference> | OldStyleTypeNode => {
    if (cursor.kind === KIND['kw:readonly'] || cursor.kind === KIND['kw:mutable'])
      return parseArrayReference(cursor);
    const from = cursor.start;
    return cursor.accept(KIND['kw:creg']) ? oldStyleType(cursor, 'creg', from) : parseScalarType(cursor);
  };
  const parameters = parseList(cursor, KIND[')'], parameter, true, 'the parameter types');
  const result = parseResult(cursor);
  return { kind: 'extern', name, parameters, ...result, start, end: finish(cursor) };
}

const DEFCAL_WORDS: ReadonlySet<TokenKind> = new Set([
  KIND['kw:measure'],
  KIND['kw:reset'],
  KIND['kw:delay'],
]);

function parseDefcal(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const target = cursor.text;
  if (DEFCAL_WORDS.has(cursor.kind)) cursor.advance();
  else cursor.identifier('the gate, `measure`, `reset` or `delay` that is calibrated');
  const args = cursor.accept(KIND['('])
    ? parseList(cursor, KIND[')'], () => parseDefcalArgument(cursor), true, 'the arguments')
    : undefined;
  const operand = (): Identifier | HardwareQubit =>
    cursor.kind === KIND.hardwareQubit ? parsePhysicalQubit(cursor) : cursor.identifier('a qubit');
  const operands = parseNames(cursor, KIND.calibration, operand);
  const result = parseResult(cursor);
  const body = parseCalibrationBody(cursor);
  return {
    kind: 'defcal',
    target,
    ...(args === undefined ? {} : { arguments: args }),
    operands,
    ...result,
    body,
    start,
    end: cursor.lastEnd,
  };
}

function parseDefcalArgument(cursor: Cursor): ExpressionNode | ParameterNode {
  const position = cursor.position;
  const isReference = cursor.kind === KIND['kw:readonly'] || cursor.kind === KIND['kw:mutable'];
  const isQuantum =
    cursor.kind === KIND['kw:qubit'] || cursor.kind === KIND['kw:qreg'] || cursor.kind === KIND['kw:creg'];
  if (isReference || isQuantum) return parseParameter(cursor);
  if (!TYPE_KINDS.has(cursor.kind)) return parseExpression(cursor);
  const type = parseType(cursor);
  cursor.rewind(position);
  return type.kind === 'scalarType' && cursor.tokens.source[type.end] !== '('
    ? parseParameter(cursor)
    : parseExpression(cursor);
}

function parseCal(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const body = parseCalibrationBody(cursor);
  return { kind: 'cal', body, start, end: cursor.lastEnd };
}

/** The text between the braces, unread. */
function parseCalibrationBody(cursor: Cursor): string {
  const text = cursor.text;
  cursor.expect(KIND.calibration, 'in braces');
  return text.slice(1, -1);
}
