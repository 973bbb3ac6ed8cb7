import type { ExpressionNode, StatementNode } from '../syntax/ast.ts';
import { FUNCTIONS } from './words.ts';

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(FUNCTIONS).map(([old, name]) => [name, old]),
);

/** The same statement with `^` and the functions of OpenQASM 2, ready to be printed. */
export function spelledInOpenQasm2(node: StatementNode): StatementNode {
  switch (node.kind) {
    case 'gateCall':
      return node.arguments === undefined ? node : { ...node, arguments: node.arguments.map(spelled) };
    case 'gate':
      return {
        ...node,
        body: { ...node.body, statements: node.body.statements.map(spelledInOpenQasm2) },
      };
    case 'if':
      return { ...node, body: spelledInOpenQasm2(node.body) };
    default:
      return node;
  }
}

function spelled(node: ExpressionNode): ExpressionNode {
  switch (node.kind) {
    case 'unary':
      return { ...node, operand: spelled(node.operand) };
    case 'binary': {
      // `^` binds loosely where the printer knows it from, so it gets all the parentheses it needs, and more.
      const operator = node.operator === '**' ? '^' : node.operator;
      return { ...node, operator, left: spelled(node.left), right: spelled(node.right) };
    }
    case 'call': {
      const name = NAMES.get(node.name.name) ?? node.name.name;
      return { ...node, name: { ...node.name, name }, arguments: node.arguments.map(spelled) };
    }
    default:
      return node;
  }
}
