import type { GateOperand } from '../syntax/ast.ts';
import type { Lowering } from './lowering.ts';

/**
 * The qubit of every operand, if all are single qubits or elements at integer literals or constants: most
 * gates act on nothing else, and an answer here saves them the questions that `lowerOperand` asks.
 * Undefined wherever that has more to say, an error perhaps.
 */
export function plainQubits(lowering: Lowering, operands: readonly GateOperand[]): number[] | undefined {
  const qubits = new Array<number>(operands.length);
  for (let at = 0; at < operands.length; at++) {
    const qubit = plainQubit(lowering, operands[at]!);
    if (qubit === undefined) return undefined;
    qubits[at] = qubit;
  }
  return qubits;
}

function plainQubit(lowering: Lowering, node: GateOperand): number | undefined {
  if (node.kind !== 'indexed' || node.indices.length > 1) return undefined;
  const meaning = lowering.scopes.find(node.name.name)?.meaning;
  if (meaning?.kind !== 'qubits' || meaning.isSingle !== (node.indices.length === 0)) return undefined;
  const operator = node.indices[0];
  if (operator === undefined) return meaning.qubits[0];
  if (operator.kind !== 'items' || operator.items.length !== 1) return undefined;
  const item = operator.items[0]!;
  if (item.kind === 'integer') return meaning.qubits[Number(item.value)];
  const index = item.kind === 'identifier' ? lowering.scopes.find(item.name)?.meaning : undefined;
  const ir = index?.kind === 'value' ? index.value.ir : undefined;
  return ir?.kind === 'int' ? meaning.qubits[Number(ir.value)] : undefined;
}
