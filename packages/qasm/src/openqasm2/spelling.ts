import type { ExpressionNode, StatementNode } from '../syntax/ast.ts';
import { FUNCTIONS } from './words.ts';

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(FUNCTIONS).map(([old, name]) => [name, old]),
);

/** The text of a statement in OpenQASM 2, given how OpenQASM 3 prints one: other functions, and `^` for `**`. */
export function printOpenQasm2(node: StatementNode, print: (node: StatementNode) => string): string {
  // A file may be called anything; elsewhere two stars are a power.
  return node.kind === 'include' ? print(node) : print(withFunctions(node)).replaceAll('**', '^');
}

function withFunctions(node: StatementNode): StatementNode {
  switch (node.kind) {
    case 'gateCall':
      return node.arguments === undefined ? node : { ...node, arguments: node.arguments.map(spelled) };
    case 'gate':
      return {
        ...node,
        body: { ...node.body, statements: node.body.statements.map(withFunctions) },
      };
    case 'if':
      return { ...node, body: withFunctions(node.body) };
    default:
      return node;
  }
}

function spelled(node: ExpressionNode): ExpressionNode {
  switch (node.kind) {
    case 'unary':
      return { ...node, operand: spelled(node.operand) };
    case 'binary':
      return { ...node, left: spelled(node.left), right: spelled(node.right) };
    case 'call': {
      const name = NAMES.get(node.name.name) ?? node.name.name;
      return { ...node, name: { ...node.name, name }, arguments: node.arguments.map(spelled) };
    }
    default:
      return node;
  }
}
