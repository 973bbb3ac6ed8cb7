import type {
  AssignmentOperator,
  ExpressionNode,
  IndexedIdentifier,
  IndexOperator,
  ModifierNode,
  StatementNode,
} from '../syntax/ast.ts';
import { fixedText, KIND, type TokenKind } from '../syntax/token.ts';
import type { Cursor } from './cursor.ts';
import {
  parseArguments,
  parseDesignator,
  parseExpression,
  parseExpressionOrMeasure,
  parseGateOperand,
  parseGateOperands,
  parseIndexedIdentifier,
  parseMeasure,
} from './expressions.ts';

const ASSIGNMENTS: ReadonlySet<TokenKind> = new Set(
  (['=', '+=', '-=', '*=', '/=', '&=', '|=', '~=', '^=', '<<=', '>>=', '%=', '**='] as const).map(
    (text) => KIND[text],
  ),
);

const MODIFIERS: ReadonlySet<TokenKind> = new Set([
  KIND['kw:inv'],
  KIND['kw:pow'],
  KIND['kw:ctrl'],
  KIND['kw:negctrl'],
]);

const finish = (cursor: Cursor): number => {
  cursor.expect(KIND[';'], 'at the end of the statement');
  return cursor.lastEnd;
};

/** Statements that neither declare a name nor contain other statements. */
export function parseSimpleStatement(cursor: Cursor): StatementNode {
  const { kind, start } = cursor;
  if (kind === KIND.identifier) {
    const next = cursor.peek();
    if (next === KIND.identifier || next === KIND.hardwareQubit) return parsePlainGateCall(cursor, start);
    return parseExpressionLed(cursor, start);
  }
  if (MODIFIERS.has(kind) || kind === KIND['kw:gphase']) return parseModifiedGateCall(cursor, start);
  const parser = WORDS.get(kind);
  return parser === undefined ? parseExpressionLed(cursor, start) : parser(cursor, start);
}

function parsePlainGateCall(cursor: Cursor, start: number): StatementNode {
  const name = cursor.identifier('a gate');
  const operands = parseGateOperands(cursor, false);
  return { kind: 'gateCall', modifiers: [], name, operands, start, end: cursor.lastEnd };
}

/** What begins like an expression: an assignment, a gate call with parameters, or an expression. */
function parseExpressionLed(cursor: Cursor, start: number): StatementNode {
  const lead = parseExpression(cursor);
  if (ASSIGNMENTS.has(cursor.kind)) return parseAssignment(cursor, lead, start);
  if (cursor.kind === KIND.identifier || cursor.kind === KIND.hardwareQubit)
    return parseLedGateCall(cursor, lead, start);
  if (cursor.kind === KIND['->'])
    cursor.unexpected('`;`', 'only a measurement has an arrow: `measure q -> c;`');
  return { kind: 'expression', expression: lead, start, end: finish(cursor) };
}

function parseAssignment(cursor: Cursor, lead: ExpressionNode, start: number): StatementNode {
  const target = asIndexed(lead, start);
  if (target === undefined) {
    return cursor.fail(
      'QASM_UNEXPECTED_TOKEN',
      lead,
      'Only a variable or an element of one can be assigned to.',
    );
  }
  const operator = fixedText(cursor.kind) as AssignmentOperator;
  cursor.advance();
  const value = parseExpressionOrMeasure(cursor);
  return { kind: 'assignment', target, operator, value, start, end: finish(cursor) };
}

/** `start` is where the statement begins: a parenthesis before the name makes it an expression. */
function asIndexed(node: ExpressionNode, start: number): IndexedIdentifier | undefined {
  const indices: IndexOperator[] = [];
  let base = node;
  for (; base.kind === 'index'; base = base.base) indices.unshift(base.index);
  if (base.kind !== 'identifier' || base.start !== start) return undefined;
  return { kind: 'indexed', name: base, indices, start: node.start, end: node.end };
}

/** `rx(0.5) q;`, `rx(0.5)[20ns] q;` or `x[20ns] q;`, whose head was read as an expression. */
function parseLedGateCall(cursor: Cursor, lead: ExpressionNode, start: number): StatementNode {
  const duration = lead.kind === 'index' ? asDesignator(lead.index) : undefined;
  const head = duration !== undefined && lead.kind === 'index' ? lead.base : lead;
  if ((head.kind !== 'call' && head.kind !== 'identifier') || head.start !== start) {
    return cursor.unexpected('`;` at the end of the statement');
  }
  const isCall = head.kind === 'call';
  const operands = parseGateOperands(cursor, false);
  if (isCall && duration === undefined) {
    const { name, arguments: args } = head;
    return { kind: 'gateCall', modifiers: [], name, arguments: args, operands, start, end: cursor.lastEnd };
  }
  return {
    kind: 'gateCall',
    modifiers: [],
    name: isCall ? head.name : head,
    ...(isCall ? { arguments: head.arguments } : {}),
    ...(duration === undefined ? {} : { duration }),
    operands,
    start,
    end: cursor.lastEnd,
  };
}

function asDesignator(index: IndexOperator): ExpressionNode | undefined {
  const only = index.kind === 'items' && index.items.length === 1 ? index.items[0]! : undefined;
  return only === undefined || only.kind === 'range' ? undefined : only;
}

function parseModifiedGateCall(cursor: Cursor, start: number): StatementNode {
  const modifiers: ModifierNode[] = [];
  while (MODIFIERS.has(cursor.kind)) modifiers.push(parseModifier(cursor));
  const isPhase = cursor.kind === KIND['kw:gphase'];
  const name = isPhase
    ? { kind: 'identifier' as const, name: 'gphase', start: cursor.start, end: cursor.end }
    : cursor.identifier('a gate behind the modifiers');
  if (isPhase) cursor.advance();
  const args = cursor.kind === KIND['('] ? parseArguments(cursor) : undefined;
  const duration = cursor.kind === KIND['['] ? parseDesignator(cursor) : undefined;
  const operands = parseGateOperands(cursor, isPhase);
  return {
    kind: 'gateCall',
    modifiers,
    name,
    ...(args === undefined ? {} : { arguments: args }),
    ...(duration === undefined ? {} : { duration }),
    operands,
    start,
    end: cursor.lastEnd,
  };
}

function parseModifier(cursor: Cursor): ModifierNode {
  const { start, kind } = cursor;
  const name = cursor.text as ModifierNode['kind'];
  cursor.advance();
  const argument = kind !== KIND['kw:inv'] && cursor.accept(KIND['(']) ? parseExpression(cursor) : undefined;
  if (argument !== undefined) cursor.expect(KIND[')'], `after the argument of \`${name}\``);
  if (name === 'pow' && argument === undefined)
    cursor.unexpected('`(` and the power', 'write `pow(2) @ x q;`');
  cursor.expect(KIND['@'], `after \`${name}\``);
  const end = cursor.lastEnd;
  if (name === 'inv') return { kind: 'inv', start, end };
  if (name === 'pow') return { kind: 'pow', argument: argument!, start, end };
  return { kind: name, ...(argument === undefined ? {} : { argument }), start, end };
}

type StatementParser = (cursor: Cursor, start: number) => StatementNode;

const WORDS: ReadonlyMap<TokenKind, StatementParser> = new Map<TokenKind, StatementParser>([
  [KIND['kw:measure'], parseMeasureArrow],
  [KIND['kw:reset'], parseReset],
  [KIND['kw:barrier'], (cursor, start) => parseOperandStatement(cursor, start, 'barrier')],
  [KIND['kw:nop'], (cursor, start) => parseOperandStatement(cursor, start, 'nop')],
  [KIND['kw:delay'], parseDelay],
  [KIND['kw:break'], (cursor, start) => parseWord(cursor, start, 'break')],
  [KIND['kw:continue'], (cursor, start) => parseWord(cursor, start, 'continue')],
  [KIND['kw:end'], (cursor, start) => parseWord(cursor, start, 'end')],
  [KIND['kw:return'], parseReturn],
  [KIND['kw:include'], (cursor, start) => parseNamedFile(cursor, start, 'include')],
  [KIND['kw:defcalgrammar'], (cursor, start) => parseNamedFile(cursor, start, 'calibrationGrammar')],
  [KIND.pragma, parsePragma],
  [
    KIND['kw:OPENQASM'],
    (cursor) =>
      cursor.fail('QASM_UNEXPECTED_TOKEN', cursor, 'The version stands once, at the top of the program.'),
  ],
  [
    KIND['kw:else'],
    (cursor) => cursor.fail('QASM_UNEXPECTED_TOKEN', cursor, 'This `else` belongs to no `if`.'),
  ],
]);

function parseMeasureArrow(cursor: Cursor, start: number): StatementNode {
  const measure = parseMeasure(cursor);
  if (!cursor.accept(KIND['->'])) return { kind: 'measureArrow', measure, start, end: finish(cursor) };
  const target = parseIndexedIdentifier(cursor, 'a bit');
  return { kind: 'measureArrow', measure, target, start, end: finish(cursor) };
}

function parseReset(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const operand = parseGateOperand(cursor);
  return { kind: 'reset', operand, start, end: finish(cursor) };
}

function parseOperandStatement(cursor: Cursor, start: number, kind: 'barrier' | 'nop'): StatementNode {
  cursor.advance();
  const operands = parseGateOperands(cursor, true);
  return { kind, operands, start, end: cursor.lastEnd };
}

function parseDelay(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const duration = parseDesignator(cursor);
  const operands = parseGateOperands(cursor, true);
  return { kind: 'delay', duration, operands, start, end: cursor.lastEnd };
}

function parseWord(cursor: Cursor, start: number, kind: 'break' | 'continue' | 'end'): StatementNode {
  cursor.advance();
  return { kind, start, end: finish(cursor) };
}

function parseReturn(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  if (cursor.accept(KIND[';'])) return { kind: 'return', start, end: cursor.lastEnd };
  const value = parseExpressionOrMeasure(cursor);
  return { kind: 'return', value, start, end: finish(cursor) };
}

function parseNamedFile(
  cursor: Cursor,
  start: number,
  kind: 'include' | 'calibrationGrammar',
): StatementNode {
  cursor.advance();
  const name = cursor.text.slice(1, -1);
  if (cursor.kind !== KIND.string && cursor.kind !== KIND.bitString) cursor.unexpected('a name in quotes');
  cursor.advance();
  return { kind, name, start, end: finish(cursor) };
}

function parsePragma(cursor: Cursor, start: number): StatementNode {
  const content = cursor.text.replace(/^#?pragma/, '').trim();
  cursor.advance();
  return { kind: 'pragma', content, start, end: cursor.lastEnd };
}
