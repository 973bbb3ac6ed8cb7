import type { ArrayReferenceType, ScalarTypeName, ScalarTypeNode, TypeNode } from '../syntax/ast.ts';
import { KIND, type TokenKind } from '../syntax/token.ts';
import type { Cursor } from './cursor.ts';
import { parseDesignator, parseExpression, parseList } from './expressions.ts';

const SCALARS: ReadonlyMap<TokenKind, ScalarTypeName> = new Map(
  (['bit', 'int', 'uint', 'float', 'angle', 'bool', 'duration', 'stretch', 'complex'] as const).map(
    (name) => [KIND[`kw:${name}`], name],
  ),
);

const SIZED: ReadonlySet<ScalarTypeName> = new Set(['bit', 'int', 'uint', 'float', 'angle']);

/** Kinds that begin a classical type. */
export const TYPE_KINDS: ReadonlySet<TokenKind> = new Set([...SCALARS.keys(), KIND['kw:array']]);

export function parseScalarType(cursor: Cursor): ScalarTypeNode {
  const start = cursor.start;
  const name = SCALARS.get(cursor.kind);
  if (name === undefined) return cursor.unexpected('a type');
  cursor.advance();
  if (name === 'complex' && cursor.accept(KIND['['])) {
    const component = parseScalarType(cursor);
    cursor.expect(KIND[']'], 'after the component type');
    return { kind: 'scalarType', name, component, start, end: cursor.lastEnd };
  }
  if (SIZED.has(name) && cursor.kind === KIND['[']) {
    const designator = parseDesignator(cursor);
    return { kind: 'scalarType', name, designator, start, end: cursor.lastEnd };
  }
  return { kind: 'scalarType', name, start, end: cursor.lastEnd };
}

export function parseType(cursor: Cursor): TypeNode {
  if (cursor.kind !== KIND['kw:array']) return parseScalarType(cursor);
  const start = cursor.start;
  cursor.advance();
  cursor.expect(KIND['['], 'after `array`');
  const element = parseScalarType(cursor);
  cursor.expect(KIND[','], 'between the element type and the dimensions');
  const dimensions = parseList(cursor, KIND[']'], () => parseExpression(cursor), false, 'the dimensions');
  return { kind: 'arrayType', element, dimensions, start, end: cursor.lastEnd };
}

export function parseArrayReference(cursor: Cursor): ArrayReferenceType {
  const start = cursor.start;
  const access = cursor.kind === KIND['kw:mutable'] ? 'mutable' : 'readonly';
  cursor.advance();
  cursor.expect(KIND['kw:array'], `after \`${access}\``);
  cursor.expect(KIND['['], 'after `array`');
  const element = parseScalarType(cursor);
  cursor.expect(KIND[','], 'between the element type and the dimensions');
  if (cursor.accept(KIND['kw:#dim'])) {
    cursor.expect(KIND['='], 'after `#dim`');
    const count = parseExpression(cursor);
    cursor.expect(KIND[']'], 'after the number of dimensions');
    return { kind: 'arrayReference', access, element, dimensions: { count }, start, end: cursor.lastEnd };
  }
  const sizes = parseList(cursor, KIND[']'], () => parseExpression(cursor), false, 'the dimensions');
  return { kind: 'arrayReference', access, element, dimensions: { sizes }, start, end: cursor.lastEnd };
}
