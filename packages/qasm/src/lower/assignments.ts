import type { BinaryOperator, Target } from '@qfs/circuit';
import { constantIndex } from '@qfs/circuit';
import type { Span } from '../findings.ts';
import type { GateOperand, IndexedIdentifier, Statement } from '../syntax/ast.ts';
import { coerce, lookUp, lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerBits, lowerOperand } from './operands.ts';
import { applyBinary } from './operators.ts';
import { evaluatedOnce, hasCall } from './subroutines.ts';
import { type BitRef, MEANING_TEXT } from './symbols.ts';
import { bitType, isConstant, typeText, type Value } from './types.ts';

function bitTargetOf(bit: BitRef): Target {
  const whole: Target = { kind: 'variable', variable: bit.variable };
  return bit.whole ? whole : { kind: 'index', base: whole, index: constantIndex(bit.bit) };
}

/** One measurement per qubit, into the bits of the target in order. */
export function measureInto(
  lowering: Lowering,
  operand: GateOperand,
  target: IndexedIdentifier | undefined,
  span: Span,
): void {
  const { qubits, isSingle } = lowerOperand(lowering, operand);
  if (target === undefined) {
    for (const qubit of qubits) lowering.emit({ kind: 'measure', qubit }, span);
    return;
  }
  const runTime = runTimeTarget(lowering, target);
  if (runTime !== undefined) {
    if (!isSingle)
      lowering.fail('QASM_SIZE_MISMATCH', span, `${qubits.length} qubits cannot be measured into one bit.`);
    lowering.emit({ kind: 'measure', qubit: qubits[0]!, target: runTime.target }, span);
    return;
  }
  const bits = lowerBits(lowering, target);
  if (bits.bits.length !== qubits.length) {
    lowering.fail(
      'QASM_SIZE_MISMATCH',
      span,
      `${qubits.length} qubit${qubits.length === 1 ? '' : 's'} cannot be measured into ${bits.bits.length} bit${bits.bits.length === 1 ? '' : 's'}.`,
    );
  }
  qubits.forEach((qubit, at) => {
    lowering.emit({ kind: 'measure', qubit, target: bitTargetOf(bits.bits[at]!) }, span);
  });
}

export function lowerAssignment(lowering: Lowering, node: Statement<'assignment'>): void {
  if (node.value.kind === 'measure') {
    if (node.operator !== '=')
      lowering.fail('QASM_TYPE', node, `A measurement is assigned with \`=\`, not \`${node.operator}\`.`);
    measureInto(lowering, node.value.operand, node.target, node);
    return;
  }
  const value = lowerExpression(lowering, node.value);
  if (node.operator === '=') {
    assignValue(lowering, node.target, value, node);
    return;
  }
  if (node.operator === '~=') {
    lowering.unsupported(node, 'The operator `~=`');
    return;
  }
  const before = lowerExpression(lowering, targetExpression(node.target));
  // The place is read and then written: a call in its index would happen twice.
  if (hasCall(before.ir))
    lowering.unsupported(node.target, `A call inside the index of a place that \`${node.operator}\` changes`);
  const outcome = applyBinary(node.operator.slice(0, -1) as BinaryOperator, before, value);
  if ('problem' in outcome) {
    lowering.fail(
      'QASM_TYPE',
      node,
      `\`${node.operator}\` does not apply to ${typeText(before.type)} and ${typeText(value.type)}.`,
    );
  }
  assignValue(lowering, node.target, outcome, node);
}

const targetExpression = (target: IndexedIdentifier): Parameters<typeof lowerExpression>[1] =>
  target.indices.reduce<Parameters<typeof lowerExpression>[1]>(
    (base, index) => ({ kind: 'index', base, index, start: target.start, end: index.end }),
    target.name,
  );

/** Assigns to a variable, an element, or every bit of a slice. */
export function assignValue(lowering: Lowering, target: IndexedIdentifier, value: Value, span: Span): void {
  const runTime = runTimeTarget(lowering, target);
  if (runTime !== undefined) {
    lowering.emit(
      { kind: 'assign', target: runTime.target, value: coerce(lowering, span, value, bitType(1)).ir },
      span,
    );
    return;
  }
  const { meaning } = lookUp(lowering, target.name, ({ kind }) => kind === 'variable');
  if (meaning.kind === 'unsupported') {
    lowering.unsupported(target, meaning.what);
    return;
  }
  if (meaning.kind === 'variable' && target.indices.length === 0) {
    if (meaning.isReadonly)
      lowering.fail('QASM_TYPE', target, `\`${target.name.name}\` is an input and cannot be written.`);
    const converted = coerce(lowering, span, value, meaning.type);
    lowering.emit(
      { kind: 'assign', target: { kind: 'variable', variable: meaning.id }, value: converted.ir },
      span,
    );
    return;
  }
  if (meaning.kind === 'variable' && meaning.type.kind !== 'bit')
    lowering.unsupported(target, 'Assigning to a bit of an integer');
  if (meaning.kind !== 'variable' && meaning.kind !== 'bits') {
    lowering.fail(
      'QASM_TYPE',
      target,
      `\`${target.name.name}\` is ${MEANING_TEXT[meaning.kind]} and cannot be assigned to.`,
    );
  }
  assignBits(lowering, lowerBits(lowering, target).bits, value, span);
}

function assignBits(lowering: Lowering, bits: readonly BitRef[], value: Value, span: Span): void {
  const whole = coerce(lowering, span, value, bitType(bits.length));
  if (bits.length === 1) {
    lowering.emit({ kind: 'assign', target: bitTargetOf(bits[0]!), value: whole.ir }, span);
    return;
  }
  if (!isConstant(whole.ir) || whole.ir.kind !== 'bits')
    lowering.unsupported(span, 'Assigning a computed value to a slice');
  const text = whole.ir.value;
  bits.forEach((bit, at) => {
    lowering.emit(
      {
        kind: 'assign',
        target: bitTargetOf(bit),
        value: { kind: 'bits', value: text[text.length - 1 - at]! },
      },
      span,
    );
  });
}

/** A bit of a register whose index is only known when the program runs. */
function runTimeTarget(lowering: Lowering, node: IndexedIdentifier): { readonly target: Target } | undefined {
  const operator = node.indices.length === 1 ? node.indices[0]! : undefined;
  const item = operator?.kind === 'items' && operator.items.length === 1 ? operator.items[0]! : undefined;
  if (item === undefined || item.kind === 'range' || item.kind === 'integer') return undefined;
  const { meaning } = lookUp(lowering, node.name, ({ kind }) => kind === 'variable');
  if (meaning.kind !== 'variable' || meaning.type.kind !== 'bit' || meaning.isLoose || meaning.isReadonly)
    return undefined;
  const index = lowerExpression(lowering, item);
  if (isConstant(index.ir)) return undefined;
  if (index.type.kind !== 'int' && index.type.kind !== 'uint')
    lowering.fail('QASM_TYPE', item, `An index must be an integer, not ${typeText(index.type)}.`);
  return {
    target: {
      kind: 'index',
      base: { kind: 'variable', variable: meaning.id },
      index: evaluatedOnce(lowering, index, item),
    },
  };
}
