import type { Span } from '../findings.ts';
import type { ExpressionNode, Statement } from '../syntax/ast.ts';
import { requireName } from './declarations.ts';
import { lookUp, lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerStatements } from './statements.ts';
import { isInteger, typeText } from './types.ts';

/*
 * Execution has no clock, so durations have no effect. They are checked as the language asks, and reported
 * as ignored.
 */

const NOTE = 'Durations are checked and have no effect: execution has no clock.';

/** Does this declare a duration or a stretch? */
export const isTimed = ({ type }: Statement<'declaration'> | Statement<'const'>): boolean =>
  type.kind === 'scalarType' && (type.name === 'duration' || type.name === 'stretch');

export function lowerTimed(lowering: Lowering, node: Statement<'declaration'> | Statement<'const'>): void {
  requireName(lowering, node.name);
  const { initial } = node;
  if (initial?.kind === 'array' || initial?.kind === 'measure')
    lowering.fail('QASM_TYPE', initial, 'A duration is needed here.');
  else if (initial !== undefined) checkDuration(lowering, initial);
  lowering.declare(node.name, { kind: 'timing' });
  note(lowering, node);
}

export const note = (lowering: Lowering, span: Span): void =>
  lowering.findings.add('QASM_IGNORED', span, NOTE);

const isDuration = (lowering: Lowering, node: ExpressionNode): boolean => {
  switch (node.kind) {
    case 'timing':
    case 'durationof':
      return true;
    case 'identifier':
      return lowering.scopes.find(node.name)?.meaning.kind === 'timing';
    case 'unary':
      return isDuration(lowering, node.operand);
    case 'binary':
      return isDuration(lowering, node.left) || isDuration(lowering, node.right);
    default:
      return false;
  }
};

/** Reports what is no duration: they add, and are multiplied and divided by numbers. */
export function checkDuration(lowering: Lowering, node: ExpressionNode): void {
  switch (node.kind) {
    case 'timing':
      return;
    case 'durationof':
      lowering.collect(() => lowering.scopes.nested(() => lowerStatements(lowering, node.body.statements)));
      return;
    case 'identifier': {
      const { meaning } = lookUp(lowering, node, ({ kind }) => kind === 'timing');
      if (meaning.kind !== 'timing') lowering.fail('QASM_TYPE', node, `\`${node.name}\` is no duration.`);
      return;
    }
    case 'unary':
      if (node.operator !== '-')
        lowering.fail('QASM_TYPE', node, `\`${node.operator}\` does not apply to a duration.`);
      checkDuration(lowering, node.operand);
      return;
    case 'binary':
      checkCombination(lowering, node);
      return;
    default:
      lowering.fail('QASM_TYPE', node, 'A duration is needed here.', {
        hint: 'write a number with a unit: `20ns`, `1.5us`, `10dt`',
      });
  }
}

function checkCombination(lowering: Lowering, node: Extract<ExpressionNode, { kind: 'binary' }>): void {
  const { operator, left, right } = node;
  if (operator === '+' || operator === '-') {
    checkDuration(lowering, left);
    checkDuration(lowering, right);
  } else if (operator === '*' && isDuration(lowering, right)) {
    checkNumber(lowering, left);
    checkDuration(lowering, right);
  } else if (operator === '*' || operator === '/') {
    checkDuration(lowering, left);
    checkNumber(lowering, right);
  } else lowering.fail('QASM_TYPE', node, `\`${operator}\` does not give a duration.`);
}

function checkNumber(lowering: Lowering, node: ExpressionNode): void {
  const { type } = lowerExpression(lowering, node);
  if (!isInteger(type) && type.kind !== 'float')
    lowering.fail(
      'QASM_TYPE',
      node,
      `A duration is multiplied and divided by numbers, not ${typeText(type)}.`,
    );
}
