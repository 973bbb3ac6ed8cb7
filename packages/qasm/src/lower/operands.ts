import type { QubitOperand } from '@qfs/circuit';
import type { Span } from '../findings.ts';
import type { GateOperand, IndexedIdentifier, IndexOperator } from '../syntax/ast.ts';
import { lookUp, lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { pickConstant } from './selection.ts';
import { evaluatedOnce } from './subroutines.ts';
import { MEANING_TEXT } from './symbols.ts';
import { isConstant, typeText } from './types.ts';

/** What an operand stands for: one qubit, or a register that is broadcast. */
export interface Qubits {
  readonly qubits: readonly QubitOperand[];
  readonly isSingle: boolean;
  readonly span: Span;
}

/** An argument of a call is evaluated with the call; what a statement names may be used several times. */
export function lowerOperand(lowering: Lowering, node: GateOperand, isArgument = false): Qubits {
  if (node.kind === 'hardwareQubit') {
    const { frame, scopes } = lowering;
    if (scopes.isApart && !frame.isSubroutine)
      lowering.fail('QASM_CONTEXT', node, 'A gate definition acts on its own qubits only.');
    return { qubits: [frame.hardware.get(node.number)!], isSingle: true, span: node };
  }
  const { meaning } = lookUp(lowering, node.name, ({ kind }) => kind === 'qubits');
  if (meaning.kind === 'unsupported') return lowering.unsupported(node, meaning.what);
  if (meaning.kind !== 'qubits') {
    return lowering.fail(
      'QASM_TYPE',
      node,
      `\`${node.name.name}\` is ${MEANING_TEXT[meaning.kind]}, not a qubit.`,
    );
  }
  let picked: Qubits = { qubits: meaning.qubits, isSingle: meaning.isSingle, span: node };
  for (const index of node.indices) picked = indexQubits(lowering, node, picked, index, isArgument);
  return picked;
}

function indexQubits(
  lowering: Lowering,
  node: IndexedIdentifier,
  from: Qubits,
  operator: IndexOperator,
  isArgument: boolean,
): Qubits {
  if (from.isSingle) {
    return lowering.fail('QASM_TYPE', node, `\`${node.name.name}\` is a single qubit and has no elements.`);
  }
  const runTime = runTimeIndex(lowering, from, operator, isArgument);
  if (runTime !== undefined) return { qubits: [runTime], isSingle: true, span: node };
  const { indices, isSingle } = pickConstant(lowering, operator, from.qubits.length);
  return { qubits: indices.map((index) => from.qubits[index]!), isSingle, span: node };
}

/** A single index that is only known when the program runs. */
function runTimeIndex(
  lowering: Lowering,
  from: Qubits,
  operator: IndexOperator,
  isArgument: boolean,
): QubitOperand | undefined {
  const item = operator.kind === 'items' && operator.items.length === 1 ? operator.items[0]! : undefined;
  if (item === undefined || item.kind === 'range' || item.kind === 'integer') return undefined;
  const index = lowerExpression(lowering, item);
  if (isConstant(index.ir)) return undefined;
  if (index.type.kind !== 'int' && index.type.kind !== 'uint') {
    lowering.fail('QASM_TYPE', item, `An index must be an integer, not ${typeText(index.type)}.`);
  }
  const chosen = isArgument ? index.ir : evaluatedOnce(lowering, index, item);
  // Only single qubits are picked at run time, so what is indexed once more is a list of known ones.
  const among = from.qubits as readonly number[];
  const offset = among[0]!;
  return among.every((qubit, at) => qubit === offset + at)
    ? { offset, size: among.length, index: chosen }
    : { among, index: chosen };
}

/** One list of qubits per application: registers run in step, single qubits repeat. */
export function broadcast(lowering: Lowering, operands: readonly Qubits[], span: Span): QubitOperand[][] {
  const registers = operands.filter(({ isSingle }) => !isSingle);
  if (registers.length === 0) return [operands.map(({ qubits }) => qubits[0]!)];
  const size = registers[0]!.qubits.length;
  const other = registers.find(({ qubits }) => qubits.length !== size);
  if (other !== undefined) {
    lowering.fail(
      'QASM_SIZE_MISMATCH',
      span,
      `Registers of ${size} and ${other.qubits.length} qubits cannot be combined element by element.`,
    );
  }
  return Array.from({ length: size }, (_, at) =>
    operands.map(({ qubits, isSingle }) => qubits[isSingle ? 0 : at]!),
  );
}

/** Reports a qubit that one operation uses twice. */
export function requireDistinct(lowering: Lowering, qubits: readonly QubitOperand[], span: Span): void {
  const first = new Map<QubitOperand, number>();
  for (const [at, qubit] of qubits.entries()) {
    if (typeof qubit !== 'number') continue;
    const earlier = first.get(qubit);
    if (earlier !== undefined)
      lowering.fail(
        'QASM_DUPLICATE_QUBIT',
        span,
        `Operands ${earlier + 1} and ${at + 1} are the same qubit.`,
      );
    first.set(qubit, at);
  }
}
