import type { BinaryOperator, QubitOperand, Target } from '@qfs/circuit';
import { constantIndex } from '@qfs/circuit';
import type { Span } from '../findings.ts';
import type { IndexedIdentifier, Statement } from '../syntax/ast.ts';
import { bitTarget } from './bits.ts';
import { coerce, lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerOperand } from './operands.ts';
import { applyBinary, applyUnary } from './operators.ts';
import { bitParts, lowerWritable, type Place, type Storage, storedValue } from './places.ts';
import { checkTimed, note } from './timing.ts';
import { bitType, elementOf, lengthOf, typeText, type Value } from './types.ts';

/** One measurement per qubit, into the bits of the target in order. */
export function measureInto(
  lowering: Lowering,
  qubits: readonly QubitOperand[],
  target: IndexedIdentifier | undefined,
  span: Span,
): void {
  if (target === undefined) {
    for (const qubit of qubits) lowering.emit({ kind: 'measure', qubit }, span);
    return;
  }
  const storage = lowerWritable(lowering, target);
  const targets = storage.kind === 'bits' ? storage.bits.map(bitTarget) : bitTargets(lowering, storage, span);
  if (targets.length !== qubits.length) {
    lowering.fail(
      'QASM_SIZE_MISMATCH',
      span,
      `${plural(qubits.length, 'qubit')} cannot be measured into ${plural(targets.length, 'bit')}.`,
    );
  }
  qubits.forEach((qubit, at) => {
    lowering.emit({ kind: 'measure', qubit, target: targets[at]! }, span);
  });
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The bits of a register, or the elements of an array of single bits. */
function bitTargets(lowering: Lowering, { target, type }: Place, span: Span): Target[] {
  if (type.kind === 'bit' && type.width === 1) return [target];
  const element = elementOf(type);
  if (element?.kind !== 'bit' || element.width !== 1 || !(type.kind === 'bit' || type.kind === 'array'))
    lowering.fail('QASM_TYPE', span, `A measurement gives bits, which ${typeText(type)} does not hold.`, {
      hint: 'measure into bits, `bit b = measure q;`, and use these: a bit is a condition, and casts to numbers',
    });
  return Array.from({ length: lengthOf(type)! }, (_, at) => ({
    kind: 'index',
    base: target,
    index: constantIndex(at),
  }));
}

export function lowerAssignment(lowering: Lowering, node: Statement<'assignment'>): void {
  if (node.value.kind === 'measure') {
    if (node.operator !== '=')
      lowering.fail('QASM_TYPE', node, `A measurement is assigned with \`=\`, not \`${node.operator}\`.`);
    measureInto(lowering, lowerOperand(lowering, node.value.operand).qubits, node.target, node);
    return;
  }
  if (lowering.scopes.find(node.target.name.name)?.meaning.kind === 'timing') {
    checkTimed(lowering, node.value);
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
  const storage = lowerWritable(lowering, node.target);
  const before = storedValue(storage);
  const outcome = applyBinary(node.operator.slice(0, -1) as BinaryOperator, before, value);
  if ('problem' in outcome) {
    lowering.fail(
      'QASM_TYPE',
      node,
      `\`${node.operator}\` does not apply to ${typeText(before.type)} and ${typeText(value.type)}.`,
    );
  }
  store(lowering, storage, outcome, node);
}

/** Assigns to a variable, an element, or every bit of a slice. */
export function assignValue(lowering: Lowering, target: IndexedIdentifier, value: Value, span: Span): void {
  store(lowering, lowerWritable(lowering, target), value, span);
}

function store(lowering: Lowering, storage: Storage, value: Value, span: Span): void {
  if (storage.kind === 'place') {
    const { ir } = coerce(lowering, span, value, storage.type);
    lowering.emit({ kind: 'assign', target: storage.target, value: ir }, span);
    return;
  }
  const { bits, register } = storage;
  const whole = coerce(lowering, span, value, bitType(bits.length));
  const only: Target | undefined =
    register !== undefined
      ? { kind: 'variable', variable: register }
      : bits.length === 1
        ? bitTarget(bits[0]!)
        : undefined;
  if (only !== undefined) {
    lowering.emit({ kind: 'assign', target: only, value: whole.ir }, span);
    return;
  }
  const parts = bitParts(lowering, whole, bits.length, span);
  bits.forEach((bit, at) => {
    lowering.emit({ kind: 'assign', target: bitTarget(bit), value: parts[at]!.ir }, span);
  });
}
