import type { BinaryOperator, Call, Comparison, Dict, Expression, Name, UnaryOperator } from '../ast.ts';
import type { Span } from '../findings.ts';
import { FORBIDDEN_EXPRESSIONS } from './forbidden.ts';
import type { TokenStream } from './token-stream.ts';

/** How tightly binary operators hold their operands (Python 3.12, 6.17); `**` is read by itself. */
const PRECEDENCE: Readonly<Record<string, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, '//': 2, '%': 2 };
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
/** Operators of Python that Eigen-Lang has no use for. */
const OTHER_OPERATORS: ReadonlySet<string> = new Set(['@', '&', '|', '^', '~', '<<', '>>']);

/** An expression, or several with commas between them, which are a tuple. */
export function parseExpressions(stream: TokenStream): Expression {
  const first = parseExpression(stream);
  if (!stream.isAtOperator(',')) return first;
  const elements = [first];
  while (stream.takeIf('operator', ',') !== undefined) {
    if (endsExpressions(stream)) break;
    elements.push(parseExpression(stream));
  }
  return stream.node({ type: 'Tuple', elements, start: first.start, end: stream.lastEnd });
}

const endsExpressions = (stream: TokenStream): boolean =>
  stream.isAt('newline') ||
  stream.isAt('end') ||
  [')', ']', '}', '=', ':', ';'].some((text) => stream.isAtOperator(text));

export function parseExpression(stream: TokenStream): Expression {
  return stream.nested(() => {
    if (stream.isAt('keyword')) refuseForbidden(stream);
    const expression = parseOr(stream);
    if (stream.isAt('keyword', 'if')) refuse(stream, 'A conditional expression');
    if (stream.isAtOperator(':=')) refuse(stream, 'An assignment inside an expression (:=)');
    return expression;
  });
}

/** Reports a construct that Python has and Eigen-Lang has not. */
const refuse = (stream: TokenStream, construct: string, span: Span = stream.token): never =>
  stream.fail(`${construct} is not part of Eigen-Lang.`, 'EIGEN_FORBIDDEN', span);

function refuseForbidden(stream: TokenStream): void {
  const construct = FORBIDDEN_EXPRESSIONS[stream.token.text];
  if (construct !== undefined) refuse(stream, construct);
}

function parseOr(stream: TokenStream): Expression {
  return parseBoolean(stream, 'or', () => parseBoolean(stream, 'and', () => parseNot(stream)));
}

function parseBoolean(stream: TokenStream, operator: 'and' | 'or', operand: () => Expression): Expression {
  const first = operand();
  if (!stream.isAt('keyword', operator)) return first;
  const values = [first];
  while (stream.takeIf('keyword', operator) !== undefined) values.push(operand());
  return stream.node({ type: 'BoolOp', operator, values, start: first.start, end: stream.lastEnd });
}

function parseNot(stream: TokenStream): Expression {
  if (stream.isAt('keyword', 'not')) return parseUnary(stream, 'not', () => parseNot(stream));
  return parseComparison(stream);
}

function parseUnary(stream: TokenStream, operator: UnaryOperator, operand: () => Expression): Expression {
  const { start } = stream.take();
  const value = stream.nested(operand);
  return stream.node({ type: 'UnaryOp', operator, operand: value, start, end: stream.lastEnd });
}

function parseComparison(stream: TokenStream): Expression {
  const left = parseBinary(stream, 1);
  const operators: Comparison[] = [];
  const others: Expression[] = [];
  while (stream.isAt('operator') && COMPARISONS.has(stream.token.text)) {
    operators.push(stream.take().text as Comparison);
    others.push(parseBinary(stream, 1));
  }
  const { text } = stream.token;
  if (stream.isAt('keyword') && (text === 'in' || text === 'is' || text === 'not')) {
    refuse(stream, `The comparison with '${text}'`);
  }
  if (others.length === 0) return left;
  return stream.node({ type: 'Compare', left, operators, others, start: left.start, end: stream.lastEnd });
}

function parseBinary(stream: TokenStream, least: number): Expression {
  let left = parseSigned(stream);
  for (;;) {
    const { kind, text } = stream.token;
    if (kind === 'operator' && OTHER_OPERATORS.has(text)) refuse(stream, `The operator ${text}`);
    const precedence = kind === 'operator' ? PRECEDENCE[text] : undefined;
    if (precedence === undefined || precedence < least) return left;
    const operator = stream.take().text as BinaryOperator;
    const right = stream.nested(() => parseBinary(stream, precedence + 1));
    left = stream.node({ type: 'BinOp', left, operator, right, start: left.start, end: stream.lastEnd });
  }
}

function parseSigned(stream: TokenStream): Expression {
  for (const operator of ['-', '+'] as const) {
    if (stream.isAtOperator(operator)) return parseUnary(stream, operator, () => parseSigned(stream));
  }
  if (stream.isAtOperator('~')) refuse(stream, 'The operator ~');
  return parsePower(stream);
}

/** A power holds its base more tightly than a sign before it, and its exponent less than a sign in it. */
function parsePower(stream: TokenStream): Expression {
  const left = parsePrimary(stream);
  if (stream.takeIf('operator', '**') === undefined) return left;
  const right = stream.nested(() => parseSigned(stream));
  return stream.node({ type: 'BinOp', left, operator: '**', right, start: left.start, end: stream.lastEnd });
}

function parsePrimary(stream: TokenStream): Expression {
  let value = parseAtom(stream);
  for (;;) {
    const { start } = value;
    if (stream.isAtOperator('(')) value = parseCall(stream, value);
    else if (stream.takeIf('operator', '.') !== undefined) {
      const name = stream.isAt('name') ? stream.take().text : stream.fail('A name follows the dot.');
      if (name.startsWith('__')) {
        refuse(stream, `The attribute ${name}`, { start: stream.lastEnd - name.length, end: stream.lastEnd });
      }
      value = stream.node({ type: 'Attribute', object: value, name, start, end: stream.lastEnd });
    } else if (stream.isAtOperator('[')) value = parseSubscript(stream, value);
    else return value;
  }
}

function parseSubscript(stream: TokenStream, object: Expression): Expression {
  stream.take();
  if (stream.isAtOperator(':')) refuse(stream, 'A slice');
  const index = parseExpression(stream);
  if (stream.isAtOperator(':')) refuse(stream, 'A slice');
  stream.expect('operator', ']', 'after the index');
  return stream.node({ type: 'Subscript', object, index, start: object.start, end: stream.lastEnd });
}

function parseCall(stream: TokenStream, callee: Expression): Call {
  stream.take();
  const positional: Expression[] = [];
  const keywords: Call['keywords'][number][] = [];
  while (!stream.isAtOperator(')')) {
    if (stream.isAtOperator('*') || stream.isAtOperator('**')) refuse(stream, 'Unpacking with a star');
    const { start } = stream.token;
    if (stream.isAt('name') && stream.following.text === '=' && stream.following.kind === 'operator') {
      const { text: name, end } = stream.take();
      stream.take();
      if (keywords.some((known) => known.name === name)) {
        stream.fail(`The argument ${name} is given twice.`, 'EIGEN_SYNTAX', { start, end });
      }
      const value = parseExpression(stream);
      keywords.push({ name, value, start, end: stream.lastEnd });
    } else {
      const argument = parseExpression(stream);
      refuseComprehension(stream, 'A generator');
      if (keywords.length > 0)
        stream.fail('An argument without a name follows one with a name.', 'EIGEN_SYNTAX', argument);
      positional.push(argument);
    }
    if (stream.takeIf('operator', ',') === undefined) break;
  }
  stream.expect('operator', ')', 'after the arguments');
  return stream.node({
    type: 'Call',
    callee,
    positional,
    keywords,
    start: callee.start,
    end: stream.lastEnd,
  });
}

function refuseComprehension(stream: TokenStream, construct: string): void {
  if (stream.isAt('keyword', 'for') || stream.isAt('keyword', 'async')) refuse(stream, construct);
}

const WORDS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };

function parseAtom(stream: TokenStream): Expression {
  const { kind, text, start, end } = stream.token;
  if (kind === 'name') return parseName(stream);
  if (kind === 'number') {
    const { value } = stream.take();
    return stream.node({ type: 'Constant', value: value!, start, end });
  }
  if (kind === 'string') return parseStrings(stream);
  if (kind === 'keyword') {
    refuseForbidden(stream);
    const value = WORDS[text];
    if (value === undefined)
      return stream.fail(`An expression is expected, and ${stream.named} stands here.`);
    stream.take();
    return stream.node({ type: 'Constant', value, start, end });
  }
  if (text === '(' || text === '[') return parseSequence(stream, text);
  if (text === '{') return parseDict(stream);
  if (text === '...') refuse(stream, 'The ellipsis');
  if (text === '*') refuse(stream, 'Unpacking with a star');
  return stream.fail(`An expression is expected, and ${stream.named} stands here.`);
}

function parseName(stream: TokenStream): Name {
  const { text: id, start, end } = stream.take();
  if (id.startsWith('__')) refuse(stream, `The name ${id}`, { start, end });
  return stream.node({ type: 'Name', id, start, end });
}

/** Strings that follow each other are one. */
function parseStrings(stream: TokenStream): Expression {
  const { start } = stream.token;
  let value = '';
  while (stream.isAt('string')) value += String(stream.take().value);
  return stream.node({ type: 'Constant', value, start, end: stream.lastEnd });
}

function parseSequence(stream: TokenStream, open: '(' | '['): Expression {
  const { start } = stream.take();
  const close = open === '(' ? ')' : ']';
  const elements: Expression[] = [];
  let commas = 0;
  while (!stream.isAtOperator(close)) {
    elements.push(parseExpression(stream));
    refuseComprehension(stream, 'A comprehension');
    if (stream.takeIf('operator', ',') === undefined) break;
    commas += 1;
  }
  stream.expect('operator', close, 'after the elements');
  const end = stream.lastEnd;
  if (open === '(' && elements.length === 1 && commas === 0) return elements[0]!;
  return stream.node({ type: open === '(' ? 'Tuple' : 'List', elements, start, end });
}

function parseDict(stream: TokenStream): Dict {
  const { start } = stream.take();
  const entries: Dict['entries'][number][] = [];
  while (!stream.isAtOperator('}')) {
    if (stream.isAtOperator('**')) refuse(stream, 'Unpacking with stars');
    const key = parseExpression(stream);
    if (!stream.isAtOperator(':')) refuse(stream, 'A set', { start, end: stream.token.end });
    stream.take();
    const value = parseExpression(stream);
    refuseComprehension(stream, 'A comprehension');
    entries.push({ key, value });
    if (stream.takeIf('operator', ',') === undefined) break;
  }
  stream.expect('operator', '}', 'after the entries');
  return stream.node({ type: 'Dict', entries, start, end: stream.lastEnd });
}
