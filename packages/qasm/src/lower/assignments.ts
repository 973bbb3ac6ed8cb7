import type { BinaryOperator, QubitOperand, Target } from '@qfs/circuit';
import { constantIndex } from '@qfs/circuit';
import type { Span } from '../findings.ts';
import type { GateOperand, IndexedIdentifier, Statement } from '../syntax/ast.ts';
import { coerce, lookUp, lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerBits, lowerOperand } from './operands.ts';
import { applyBinary, applyUnary } from './operators.ts';
import { assignPlaces, lowerPlaces, type Places, partsOf } from './places.ts';
import { evaluatedOnce, hasCall } from './subroutines.ts';
import { type BitRef, MEANING_TEXT } from './symbols.ts';
import { checkDuration, note } from './timing.ts';
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
  const elements = lowerPlaces(lowering, target);
  if (elements !== undefined) {
    measureIntoPlaces(lowering, elements, qubits, span);
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

/** One measurement per bit of an element, or per element of a range of single bits. */
function measureIntoPlaces(
  lowering: Lowering,
  { places, isRange }: Places,
  qubits: readonly QubitOperand[],
  span: Span,
): void {
  const { type } = places[0]!;
  const width = type.kind === 'bit' && (!isRange || type.width === 1) ? type.width : 0;
  if (width === 0)
    lowering.fail('QASM_TYPE', span, `A measurement gives bits, which ${typeText(type)} does not hold.`);
  const targets = places.flatMap(({ target }): Target[] =>
    width === 1
      ? [target]
      : Array.from({ length: width }, (_, bit) => ({
          kind: 'index',
          base: target,
          index: constantIndex(bit),
        })),
  );
  if (targets.length !== qubits.length) {
    lowering.fail(
      'QASM_SIZE_MISMATCH',
      span,
      `${qubits.length} qubits cannot be measured into ${targets.length} bits.`,
    );
  }
  qubits.forEach((qubit, at) => {
    lowering.emit({ kind: 'measure', qubit, target: targets[at]! }, span);
  });
}

export function lowerAssignment(lowering: Lowering, node: Statement<'assignment'>): void {
  if (node.value.kind === 'measure') {
    if (node.operator !== '=')
      lowering.fail('QASM_TYPE', node, `A measurement is assigned with \`=\`, not \`${node.operator}\`.`);
    measureInto(lowering, node.value.operand, node.target, node);
    return;
  }
  if (lowering.scopes.find(node.target.name.name)?.meaning.kind === 'timing') {
    checkDuration(lowering, node.value);
    note(lowering, node);
    return;
  }
  const value = lowerExpression(lowering, node.value);
  if (node.operator === '=') {
    assignValue(lowering, node.target, value, node);
    return;
  }
  if (node.operator === '~=') {
    const inverted = applyUnary('~', value);
    if ('problem' in inverted)
      lowering.fail('QASM_TYPE', node, `\`~=\` does not apply to ${typeText(value.type)}.`);
    assignValue(lowering, node.target, inverted, node);
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
  const elements = lowerPlaces(lowering, target);
  if (elements !== undefined) {
    assignPlaces(lowering, elements, value, span);
    return;
  }
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
  const parts = partsOf(lowering, whole, bits.length, span);
  bits.forEach((bit, at) => {
    lowering.emit({ kind: 'assign', target: bitTargetOf(bit), value: parts[at]! }, span);
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
