import { QASM_EXPRESSION_DEPTH_MAX } from '@qfs/core';
import type { ExpressionNode, GateOperand, IndexOperator } from '../syntax/ast.ts';
import { KIND, type Tokens } from '../syntax/token.ts';
import type { Cursor } from './cursor.ts';
import { literalNode } from './literals.ts';

/*
 * Programs are flat lists of gates most of the time, and what stands in those is plain: numbers or names
 * alone, and qubits `q` or `q[3]`. That is read here, straight from the tokens. Whatever is not plain
 * leaves the cursor where it is and is read by the rules of the grammar; both ways give equal trees.
 */

/** Behind one of these an expression of one token ends. */
const CLOSING = new Uint8Array(256);
for (const text of [')', ']', ',', ';'] as const) CLOSING[KIND[text]] = 1;

/** A number or a name that is the whole expression. */
export function plainExpression(cursor: Cursor): ExpressionNode | undefined {
  const { kind } = cursor;
  if (kind !== KIND.integer && kind !== KIND.float && kind !== KIND.identifier) return undefined;
  if (CLOSING[cursor.peek()] === 0 || !cursor.isPlainRead) return undefined;
  if (cursor.expressionDepth >= QASM_EXPRESSION_DEPTH_MAX) return undefined;
  if (kind === KIND.identifier) return cursor.identifier('a name');
  const node = literalNode(kind, cursor.tokens.source, cursor.start, cursor.end);
  cursor.advance();
  return node;
}

const NO_INDICES: readonly IndexOperator[] = [];

/** Operands up to the `;`, which is taken too, if all of them are `name` or `name[digits]`. */
export function plainOperands(cursor: Cursor): GateOperand[] | undefined {
  const { kinds } = cursor.tokens;
  let at = cursor.position;
  let count = 0;
  do {
    if (kinds[at] !== KIND.identifier) return undefined;
    if (kinds[at + 1] === KIND['[']) {
      if (kinds[at + 2] !== KIND.integer || kinds[at + 3] !== KIND[']']) return undefined;
      if (!isDecimal(cursor.tokens, at + 2)) return undefined;
      at += 3;
    }
    count++;
    at += 2;
  } while (kinds[at - 1] === KIND[',']);
  if (kinds[at - 1] !== KIND[';'] || !cursor.isPlainRead) return undefined;
  const operands = new Array<GateOperand>(count);
  let from = cursor.position;
  for (let n = 0; n < count; n++) {
    operands[n] = plainOperand(cursor, from);
    from += kinds[from + 1] === KIND['['] ? 5 : 2;
  }
  cursor.rewind(at);
  return operands;
}

/** Is the token made of digits alone? OpenQASM 2 has no other integers. */
function isDecimal({ source, starts, ends }: Tokens, token: number): boolean {
  for (let at = starts[token]!; at < ends[token]!; at++) {
    const code = source.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** The operand whose name is token `at`. */
function plainOperand({ tokens }: Cursor, at: number): GateOperand {
  const { source, kinds, starts, ends } = tokens;
  const start = starts[at]!;
  const nameEnd = ends[at]!;
  const name = { kind: 'identifier' as const, name: source.slice(start, nameEnd), start, end: nameEnd };
  if (kinds[at + 1] !== KIND['[']) return { kind: 'indexed', name, indices: NO_INDICES, start, end: nameEnd };
  const end = ends[at + 3]!;
  const items = [literalNode(KIND.integer, source, starts[at + 2]!, ends[at + 2]!)!];
  const indices: IndexOperator[] = [{ kind: 'items', items, start: starts[at + 1]!, end }];
  return { kind: 'indexed', name, indices, start, end };
}
