import { QASM_NESTING_MAX } from '@qfs/core';
import type { Annotation, ScopeNode, StatementNode, SwitchCase } from '../syntax/ast.ts';
import { KIND, type TokenKind } from '../syntax/token.ts';
import { parseSimpleStatement } from './actions.ts';
import { type Cursor, Unreadable } from './cursor.ts';
import { DECLARATION_PARSERS } from './declarations.ts';
import { parseExpression, parseRangeOrExpression, parseSet } from './expressions.ts';
import { parseScalarType } from './types.ts';

/** Reads one statement of a version of the language. */
type StatementParser = (cursor: Cursor) => StatementNode;

/** Statements up to `}` or the end; what cannot be read is reported and skipped. */
export function parseStatements(
  cursor: Cursor,
  isTopLevel: boolean,
  parseOne: StatementParser = parseStatement,
): StatementNode[] {
  const statements: StatementNode[] = [];
  while (cursor.kind !== KIND.end && !cursor.findings.full) {
    if (cursor.kind === KIND['}']) {
      if (!isTopLevel) break;
      cursor.findings.add(
        'QASM_UNEXPECTED_TOKEN',
        { start: cursor.start, end: cursor.end },
        'This `}` closes nothing.',
      );
      cursor.advance();
      continue;
    }
    const { nesting, expressionDepth, position } = cursor;
    try {
      statements.push(parseOne(cursor));
    } catch (thrown) {
      if (!(thrown instanceof Unreadable)) throw thrown;
      cursor.nesting = nesting;
      cursor.expressionDepth = expressionDepth;
      skipStatement(cursor, position);
      cursor.lose(position);
    }
  }
  return statements;
}

/**
 * Goes behind the next `;` or balanced block, but never out of the block the statement stands in. Braces that the
 * statement, which began at `from`, has opened before it failed belong to it.
 */
function skipStatement(cursor: Cursor, from: number): void {
  let depth = 0;
  for (let at = from; at < cursor.position; at++) {
    const kind = cursor.tokens.kinds[at];
    if (kind === KIND['{']) depth++;
    else if (kind === KIND['}']) depth--;
  }
  for (;;) {
    const kind = cursor.kind;
    if (kind === KIND.end || (kind === KIND['}'] && depth === 0)) return;
    cursor.advance();
    if (kind === KIND['{']) depth++;
    else if (kind === KIND['}']) {
      depth--;
      if (depth === 0 && cursor.kind !== KIND[';'] && cursor.kind !== KIND['{']) return;
    } else if ((kind === KIND[';'] && depth === 0) || kind === KIND.calibration) return;
  }
}

export function parseScope(
  cursor: Cursor,
  what: string,
  parseOne: StatementParser = parseStatement,
): ScopeNode {
  const start = cursor.start;
  if (cursor.kind !== KIND['{']) cursor.unexpected(`\`{\` before ${what}`);
  enterNesting(cursor);
  cursor.advance();
  const statements = parseStatements(cursor, false, parseOne);
  if (cursor.kind !== KIND['}']) {
    cursor.fail('QASM_UNTERMINATED', { start, end: start + 1 }, `The \`{\` before ${what} is never closed.`);
  }
  cursor.advance();
  cursor.nesting--;
  return { kind: 'scope', statements, start, end: cursor.lastEnd };
}

function enterNesting(cursor: Cursor): void {
  if (cursor.nesting >= QASM_NESTING_MAX) {
    cursor.fail('QASM_TOO_DEEP', cursor, `More than ${QASM_NESTING_MAX} blocks are nested here.`);
  }
  cursor.nesting++;
}

/** The body of a control statement: a block or one statement. */
function parseBody(cursor: Cursor): StatementNode {
  if (cursor.kind === KIND['{']) return parseScope(cursor, 'the body');
  enterNesting(cursor);
  const statement = parseStatement(cursor);
  cursor.nesting--;
  return statement;
}

const STATEMENT_PARSERS: ReadonlyMap<TokenKind, (cursor: Cursor, start: number) => StatementNode> = new Map([
  ...DECLARATION_PARSERS,
  [KIND['{'], (cursor: Cursor) => parseScope(cursor, 'the block')],
  [KIND['kw:if'], parseIf],
  [KIND['kw:for'], parseFor],
  [KIND['kw:while'], parseWhile],
  [KIND['kw:switch'], parseSwitch],
  [KIND['kw:box'], parseBox],
]);

function parseStatement(cursor: Cursor): StatementNode {
  if (cursor.kind === KIND.annotation) return parseAnnotated(cursor);
  const parser = STATEMENT_PARSERS.get(cursor.kind);
  return parser === undefined ? parseSimpleStatement(cursor) : parser(cursor, cursor.start);
}

function parseAnnotated(cursor: Cursor): StatementNode {
  const annotations: Annotation[] = [];
  while (cursor.kind === KIND.annotation) {
    const text = cursor.text;
    const name = /^[\p{L}\p{Nl}\d_.]*/u.exec(text.slice(1))![0].replace(/\.$/, '');
    annotations.push({
      name,
      content: text.slice(1 + name.length).trim(),
      start: cursor.start,
      end: cursor.end,
    });
    cursor.advance();
  }
  if (
    cursor.kind === KIND['{'] ||
    cursor.kind === KIND['}'] ||
    cursor.kind === KIND.pragma ||
    cursor.kind === KIND.end
  ) {
    cursor.unexpected('a statement after the annotation');
  }
  const statement = parseStatement(cursor);
  return { ...statement, annotations, start: annotations[0]!.start };
}

function parseIf(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const condition = parseCondition(cursor, '`if`');
  const body = parseBody(cursor);
  if (!cursor.accept(KIND['kw:else'])) return { kind: 'if', condition, body, start, end: cursor.lastEnd };
  const otherwise = parseBody(cursor);
  return { kind: 'if', condition, body, otherwise, start, end: cursor.lastEnd };
}

function parseCondition(cursor: Cursor, what: string) {
  cursor.expect(KIND['('], `after ${what}`);
  const condition = parseExpression(cursor);
  cursor.expect(KIND[')'], `to close the parenthesis of ${what}`);
  return condition;
}

function parseWhile(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const condition = parseCondition(cursor, '`while`');
  const body = parseBody(cursor);
  return { kind: 'while', condition, body, start, end: cursor.lastEnd };
}

function parseFor(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  if (cursor.kind === KIND.identifier && cursor.peek() === KIND['kw:in'])
    cursor.unexpected('a type', `the variable of a loop has one: \`for int ${cursor.text} in …\``);
  const type = parseScalarType(cursor);
  const variable = cursor.identifier('the loop variable');
  cursor.expect(KIND['kw:in'], 'after the loop variable');
  const over = parseForValues(cursor);
  const body = parseBody(cursor);
  return { kind: 'for', type, variable, over, body, start, end: cursor.lastEnd };
}

function parseForValues(cursor: Cursor) {
  if (cursor.kind === KIND['{']) return parseSet(cursor);
  if (cursor.kind !== KIND['[']) return parseExpression(cursor);
  const start = cursor.start;
  cursor.advance();
  const range = parseRangeOrExpression(cursor);
  if (range.kind !== 'range') return cursor.unexpected('`:` in the range');
  cursor.expect(KIND[']'], 'after the range');
  return { ...range, start, end: cursor.lastEnd };
}

function parseSwitch(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  const subject = parseCondition(cursor, '`switch`');
  cursor.expect(KIND['{'], 'before the cases');
  const cases: SwitchCase[] = [];
  while (!cursor.accept(KIND['}'])) cases.push(parseCase(cursor));
  return { kind: 'switch', subject, cases, start, end: cursor.lastEnd };
}

function parseCase(cursor: Cursor): SwitchCase {
  const start = cursor.start;
  if (cursor.accept(KIND['kw:default'])) {
    const body = parseScope(cursor, 'the default case');
    return { body, start, end: cursor.lastEnd };
  }
  cursor.expect(KIND['kw:case'], 'or `default` in the switch');
  const values = parseCaseValues(cursor);
  const body = parseScope(cursor, 'the case');
  return { values, body, start, end: cursor.lastEnd };
}

function parseCaseValues(cursor: Cursor) {
  const values = [parseExpression(cursor)];
  while (cursor.accept(KIND[','])) {
    if (cursor.kind === KIND['{']) break;
    values.push(parseExpression(cursor));
  }
  return values;
}

function parseBox(cursor: Cursor, start: number): StatementNode {
  cursor.advance();
  if (cursor.kind === KIND['{']) {
    const body = parseScope(cursor, 'the box');
    return { kind: 'box', body, start, end: cursor.lastEnd };
  }
  cursor.expect(KIND['['], 'or `{` after `box`');
  const duration = parseExpression(cursor);
  cursor.expect(KIND[']'], 'after the duration');
  const body = parseScope(cursor, 'the box');
  return { kind: 'box', duration, body, start, end: cursor.lastEnd };
}
