import {
  type ExpressionNode,
  type ProgramNode,
  parseSource,
  printProgram,
  type StatementNode,
} from '@qfs/qasm';

type Node = Readonly<Record<string, unknown>>;

/**
 * A smaller program that still fails: statements are left out, blocks give way to their content, expressions
 * to their parts, as long as `fails` says so.
 */
export function shrunk(source: string, fails: (candidate: string) => boolean, triesMax = 4000): string {
  let best = source;
  let tries = 0;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const smaller of smallerPrograms(parseSource(best).ast)) {
      tries += 1;
      if (tries > triesMax) return best;
      const candidate = printProgram(smaller);
      if (candidate.length >= best.length || !fails(candidate)) continue;
      best = candidate;
      isSmaller = true;
      break;
    }
  }
  return best;
}

function* smallerPrograms(ast: ProgramNode): Generator<ProgramNode> {
  const { statements } = ast;
  for (let run = statements.length >> 1; run > 1; run >>= 1)
    for (let at = 0; at + run <= statements.length; at += run)
      yield { ...ast, statements: statements.toSpliced(at, run) };
  for (const smaller of smallerLists(statements)) yield { ...ast, statements: smaller };
}

function* smallerLists(statements: readonly StatementNode[]): Generator<readonly StatementNode[]> {
  // From the end, where nothing is declared that something else needs.
  for (let at = statements.length - 1; at >= 0; at -= 1) {
    const statement = statements[at]!;
    yield statements.toSpliced(at, 1);
    for (const inner of contents(statement)) yield statements.toSpliced(at, 1, ...inner);
    for (const smaller of smallerNodes(statement as unknown as Node))
      yield statements.with(at, smaller as unknown as StatementNode);
  }
}

/** What may stand instead of a statement that holds others. */
function contents(node: StatementNode): (readonly StatementNode[])[] {
  const inner = (body: StatementNode): readonly StatementNode[] =>
    body.kind === 'scope' ? body.statements : [body];
  switch (node.kind) {
    case 'if':
      return [inner(node.body), ...(node.otherwise === undefined ? [] : [inner(node.otherwise)])];
    case 'for':
    case 'while':
      return [inner(node.body)];
    case 'box':
      return [node.body.statements];
    case 'scope':
      return [node.statements];
    case 'switch':
      return node.cases.map(({ body }) => body.statements);
    default:
      return [];
  }
}

function* smallerNodes(node: Node): Generator<Node> {
  yield* parts(node as unknown as ExpressionNode);
  for (const [key, value] of Object.entries(node)) {
    if (key === 'otherwise' || key === 'modifiers') {
      yield { ...node, [key]: key === 'modifiers' ? [] : undefined };
    }
    if (Array.isArray(value)) {
      if (key === 'statements') {
        for (const list of smallerLists(value as StatementNode[])) yield { ...node, [key]: list };
        continue;
      }
      if (key === 'cases' || key === 'modifiers')
        for (let at = 0; at < value.length; at += 1) yield { ...node, [key]: value.toSpliced(at, 1) };
      for (const [at, item] of (value as unknown[]).entries())
        if (isNode(item))
          for (const smaller of smallerNodes(item)) yield { ...node, [key]: value.with(at, smaller) };
    } else if (isNode(value)) {
      for (const smaller of smallerNodes(value)) yield { ...node, [key]: smaller };
    }
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'kind' in value;

/** Parts of an expression that may stand for the whole. */
function parts(node: ExpressionNode): Node[] {
  const { start, end } = node;
  const one = { kind: 'integer', value: 1n, base: 10, start, end };
  switch (node.kind) {
    case 'binary':
      return [node.left, node.right] as unknown as Node[];
    case 'unary':
    case 'cast':
      return [node.operand] as unknown as Node[];
    case 'index':
      return [node.base] as unknown as Node[];
    case 'call':
      return [one, ...(node.arguments as unknown as Node[])];
    case 'float':
      return [one];
    default:
      return [];
  }
}
