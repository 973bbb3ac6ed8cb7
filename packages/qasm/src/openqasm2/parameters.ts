import type { Cursor } from '../parser/cursor.ts';
import { parseExpression } from '../parser/expressions.ts';
import type { ExpressionNode } from '../syntax/ast.ts';
import { FUNCTIONS } from './words.ts';

const OPERATORS: ReadonlySet<string> = new Set(['+', '-', '*', '/', '**']);

/** An expression of OpenQASM 2, where every number is real: `1/2` is a half. */
export const parseParameter = (cursor: Cursor): ExpressionNode => real(cursor, parseExpression(cursor));

function real(cursor: Cursor, node: ExpressionNode): ExpressionNode {
  switch (node.kind) {
    case 'identifier':
    case 'float':
      return node;
    case 'integer':
      return { kind: 'float', value: Number(node.value), start: node.start, end: node.end };
    case 'unary':
      if (node.operator === '-') return { ...node, operand: real(cursor, node.operand) };
      break;
    case 'binary':
      if (OPERATORS.has(node.operator))
        return { ...node, left: real(cursor, node.left), right: real(cursor, node.right) };
      break;
    case 'call': {
      const name = Object.hasOwn(FUNCTIONS, node.name.name) ? FUNCTIONS[node.name.name] : undefined;
      if (name === undefined) {
        return cursor.fail(
          'QASM_UNEXPECTED_TOKEN',
          node.name,
          `\`${node.name.name}\` is no function of OpenQASM 2.`,
          { hint: `its functions are ${Object.keys(FUNCTIONS).join(', ')}` },
        );
      }
      const args = node.arguments.map((argument) => real(cursor, argument));
      return { ...node, name: { ...node.name, name }, arguments: args };
    }
    default:
  }
  return cursor.fail('QASM_UNEXPECTED_TOKEN', node, 'OpenQASM 2 computes with real numbers alone.', {
    hint: 'its operators are + - * / ^',
  });
}
