import type { Expression, FunctionDef, If, ImportFrom, Module, Name, Statement } from '../ast.ts';
import type { Span } from '../findings.ts';
import { parseExpression, parseExpressions } from './expressions.ts';
import { CONTINUATIONS, FORBIDDEN_STATEMENTS } from './forbidden.ts';
import { type TokenStream, Unreadable } from './token-stream.ts';

/** Everything that can be read; what cannot is reported, and the statement that holds it is left out. */
export function parseModule(stream: TokenStream): Module {
  const body: Statement[] = [];
  while (!stream.isAt('end') && !stream.findings.full) {
    // Of a line that was indented without a reason the end of its block is left.
    if (stream.takeIf('dedent') === undefined) body.push(...parseReadable(stream));
  }
  return { body, start: 0, end: stream.lastEnd };
}

/** One statement or several on one line; none when it cannot be read. */
function parseReadable(stream: TokenStream): readonly Statement[] {
  const { token } = stream;
  try {
    return parseStatement(stream);
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown;
    stream.skipStatement();
    // Whatever stops the parser where it is must not stop it for ever.
    if (stream.token === token) stream.take();
    return [];
  }
}

function parseStatement(stream: TokenStream): readonly Statement[] {
  const { kind, text } = stream.token;
  if (kind === 'indent') return stream.fail('The line is indented, and nothing before it begins a block.');
  if (kind === 'operator' && text === '@') return [parseFunction(stream)];
  if (kind === 'keyword') {
    if (text === 'def') return [parseFunction(stream)];
    if (text === 'if') return [parseIf(stream)];
    if (text === 'for') return [parseFor(stream)];
    if (CONTINUATIONS.has(text)) return stream.fail(`'${text}' goes on no statement before it.`);
  }
  return parseLine(stream);
}

/** Simple statements with semicolons between them. */
function parseLine(stream: TokenStream): readonly Statement[] {
  const statements = [parseSimple(stream)];
  while (stream.takeIf('operator', ';') !== undefined && !stream.isAt('newline'))
    statements.push(parseSimple(stream));
  if (stream.takeIf('newline') === undefined) stream.fail(`The statement ends before ${stream.named}.`);
  return statements;
}

function parseSimple(stream: TokenStream): Statement {
  const { kind, text, start, end } = stream.token;
  const forbidden = kind === 'keyword' ? FORBIDDEN_STATEMENTS[text] : undefined;
  if (forbidden !== undefined) refuse(stream, forbidden.construct, stream.token, forbidden.hint);
  if (kind === 'keyword' && text === 'from') return parseImport(stream);
  if (kind === 'keyword' && text === 'pass') {
    stream.take();
    return stream.node({ type: 'Pass', start, end });
  }
  if (kind === 'keyword' && text === 'return') {
    stream.take();
    const value = stream.isAt('newline') || stream.isAtOperator(';') ? undefined : parseExpressions(stream);
    return stream.node({ type: 'Return', value, start, end: stream.lastEnd });
  }
  return parseAssignment(stream);
}

const refuse = (stream: TokenStream, construct: string, span: Span, hint?: string): never =>
  stream.fail(`${construct} is not part of Eigen-Lang.`, 'EIGEN_FORBIDDEN', span, hint);

function parseAssignment(stream: TokenStream): Statement {
  const value = parseExpressions(stream);
  const { start } = value;
  const { kind, text } = stream.token;
  if (
    value.type === 'Name' &&
    SOFT_KEYWORDS.has(value.id) &&
    (kind === 'name' || kind === 'number' || kind === 'string')
  ) {
    refuse(stream, value.id, value);
  }
  if (kind === 'operator' && /^[^=!<>]+=$/.test(text) && text !== ':=')
    refuse(stream, `The assignment ${text}`, stream.token);
  if (stream.takeIf('operator', ':') !== undefined) {
    parseExpression(stream);
    if (!stream.isAtOperator('='))
      refuse(stream, 'A declaration without a value', { start, end: stream.lastEnd });
  }
  if (stream.takeIf('operator', '=') === undefined) {
    return stream.node({ type: 'Expr', value, start, end: stream.lastEnd });
  }
  const target = asTarget(stream, value);
  const assigned = parseExpressions(stream);
  if (stream.isAtOperator('=')) refuse(stream, 'A chain of assignments', stream.token);
  return stream.node({ type: 'Assign', target, value: assigned, start, end: stream.lastEnd });
}

/** Names that begin a statement only where one follows. */
const SOFT_KEYWORDS: ReadonlySet<string> = new Set(['match', 'type', 'case', 'print', 'exec']);

function asTarget(stream: TokenStream, target: Expression): Name {
  if (target.type === 'Name') return target;
  const what = {
    ...{ Tuple: 'Assigning to several names at once', List: 'Assigning to several names at once' },
    ...{ Attribute: 'Assigning to an attribute', Subscript: 'Assigning to an element' },
  } as Readonly<Record<string, string>>;
  const construct = what[target.type];
  if (construct !== undefined) return refuse(stream, construct, target, 'Assign to one name.');
  return stream.fail('Only a name can be assigned to.', 'EIGEN_SYNTAX', target);
}

function parseImport(stream: TokenStream): ImportFrom {
  const { start } = stream.take();
  if (stream.isAtOperator('.') || stream.isAtOperator('...'))
    refuse(stream, 'A relative import', stream.token);
  let module = nameOf(stream, 'of a module');
  while (stream.takeIf('operator', '.') !== undefined) module += `.${nameOf(stream, 'after the dot')}`;
  if (module !== 'eigen_lang' && !module.startsWith('eigen_lang.')) {
    const hint = 'Programs import from eigen_lang alone.';
    refuse(stream, `The module ${module}`, { start, end: stream.lastEnd }, hint);
  }
  stream.expect('keyword', 'import', 'after the module');
  if (stream.isAtOperator('*')) refuse(stream, 'Importing everything', stream.token, 'Name what is used.');
  const names = parseImportedNames(stream);
  return stream.node({ type: 'ImportFrom', module, names, start, end: stream.lastEnd });
}

function parseImportedNames(stream: TokenStream): ImportFrom['names'] {
  const isOpen = stream.takeIf('operator', '(') !== undefined;
  const names: ImportFrom['names'][number][] = [];
  do {
    if (isOpen && names.length > 0 && stream.isAtOperator(')')) break;
    const { start } = stream.token;
    const name = nameOf(stream, 'to import');
    const alias = stream.takeIf('keyword', 'as') === undefined ? name : nameOf(stream, 'after as');
    names.push({ name, alias, start, end: stream.lastEnd });
  } while (stream.takeIf('operator', ',') !== undefined);
  if (isOpen) stream.expect('operator', ')', 'after the names');
  return names;
}

function nameOf(stream: TokenStream, where: string): string {
  if (stream.isAt('name')) return stream.take().text;
  return stream.fail(`A name ${where} is expected, and ${stream.named} stands here.`);
}

function parseFunction(stream: TokenStream): FunctionDef {
  const { start } = stream.token;
  const decorators: Expression[] = [];
  while (stream.takeIf('operator', '@') !== undefined) {
    decorators.push(parseExpression(stream));
    if (stream.takeIf('newline') === undefined) stream.fail(`The decorator ends before ${stream.named}.`);
  }
  for (const word of ['class', 'async']) {
    if (stream.isAt('keyword', word)) refuse(stream, FORBIDDEN_STATEMENTS[word]!.construct, stream.token);
  }
  stream.expect('keyword', 'def', 'after the decorators');
  const nameSpan = { start: stream.token.start, end: stream.token.end };
  const name = nameOf(stream, 'of the function');
  stream.expect('operator', '(', 'after the name');
  if (!stream.isAtOperator(')')) {
    const hint = 'Values come in as Param and as decorator arguments.';
    refuse(stream, 'A parameter of a function', stream.token, hint);
  }
  stream.take();
  if (stream.takeIf('operator', '->') !== undefined) parseExpression(stream);
  const body = parseBlock(stream, 'the function');
  return stream.node({ type: 'FunctionDef', name, nameSpan, decorators, body, start, end: stream.lastEnd });
}

/** A colon and what belongs to it: indented lines, or statements on the same line. */
function parseBlock(stream: TokenStream, of: string): readonly Statement[] {
  stream.expect('operator', ':', `before the body of ${of}`);
  if (stream.takeIf('newline') === undefined) return parseLine(stream);
  if (stream.takeIf('indent') === undefined) stream.fail(`The body of ${of} is missing; it is indented.`);
  return stream.nested(() => {
    const body: Statement[] = [];
    while (!stream.isAt('dedent') && !stream.isAt('end') && !stream.findings.full)
      body.push(...parseReadable(stream));
    stream.takeIf('dedent');
    return body;
  });
}

function parseIf(stream: TokenStream): If {
  return stream.nested(() => {
    const { start } = stream.take();
    const test = parseExpression(stream);
    const body = parseBlock(stream, 'the if');
    let otherwise: readonly Statement[] = [];
    if (stream.isAt('keyword', 'elif')) otherwise = [parseIf(stream)];
    else if (stream.takeIf('keyword', 'else') !== undefined) otherwise = parseBlock(stream, 'the else');
    return stream.node({ type: 'If', test, body, otherwise, start, end: stream.lastEnd });
  });
}

function parseFor(stream: TokenStream): Statement {
  const { start } = stream.take();
  const { token } = stream;
  const id = nameOf(stream, 'of the loop');
  if (stream.isAtOperator(',')) refuse(stream, 'A loop over several names', stream.token);
  const target: Name = stream.node({ type: 'Name', id, start: token.start, end: token.end });
  stream.expect('keyword', 'in', 'after the name of the loop');
  const iterable = parseExpressions(stream);
  const body = parseBlock(stream, 'the loop');
  if (stream.isAt('keyword', 'else')) refuse(stream, 'An else of a loop', stream.token);
  return stream.node({ type: 'For', target, iterable, body, start, end: stream.lastEnd });
}
