import { type GateOperand, type ProgramNode, parseSource, type StatementNode } from '@qfs/qasm';

/**
 * The same program in a form in which every measurement and every reset draws one random number, in the order
 * of execution. The engine draws none for a qubit that nothing acted on, and samples measurements at the end
 * all at once, from other numbers; so qubits are acted on, by the identity, when they are declared and after
 * every reset, and at the very end something depends on a measurement.
 */
export function drawingAlways(program: ProgramNode): ProgramNode {
  const statements = program.statements.flatMap((statement): StatementNode[] => {
    const inner = withIdentities(statement) as StatementNode;
    if (statement.kind !== 'qubits') return [inner];
    const { name, start, end } = statement;
    return [inner, identityOn({ kind: 'indexed', name, indices: [], start, end })];
  });
  return { ...program, statements: [...statements, ...lastDraw(program)] };
}

function withIdentities(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withIdentities);
  if (typeof node !== 'object' || node === null) return node;
  if ('kind' in node && node.kind === 'reset') {
    const reset = node as Extract<StatementNode, { kind: 'reset' }>;
    const { start, end, operand } = reset;
    return { kind: 'scope', start, end, statements: [reset, identityOn(operand)] } satisfies StatementNode;
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withIdentities(value)]));
}

const statementsOf = (source: string): readonly StatementNode[] => parseSource(source).ast.statements;

function identityOn(operand: GateOperand): StatementNode {
  const [identity] = statementsOf('U(0, 0, 0) q;');
  return { ...(identity as Extract<StatementNode, { kind: 'gateCall' }>), operands: [operand] };
}

function lastDraw({ statements }: ProgramNode): readonly StatementNode[] {
  const register = statements.find((statement) => statement.kind === 'qubits');
  if (register?.kind !== 'qubits') return [];
  const qubit = register.type.designator === undefined ? register.name.name : `${register.name.name}[0]`;
  return statementsOf(`{ bit last = measure ${qubit}; if (last) { reset ${qubit}; } }`);
}
