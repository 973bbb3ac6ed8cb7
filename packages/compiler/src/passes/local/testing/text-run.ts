import type { Expression, Parameter } from '@qfs/circuit';
import type { Op, Run } from '../../contract.ts';
import { wrapAngle } from '../../matrix/angles.ts';

/**
 * A run from text, for example `rz(a) 0; cx 0 1; rx(pi/4) 1`: angles are letters, which stand for inputs, multiples of
 * pi, or numbers.
 */
export const runOf = (text: string): Run => ({
  ops: text
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(opOf),
  phase: 0,
});

function opOf(text: string): Op {
  const [, gate = '', parameters = '', qubits = ''] = /^(\w+)(?:\((.*)\))? ([\d ]+)$/.exec(text) ?? [];
  return {
    gate,
    parameters: parameters === '' ? [] : parameters.split(',').map((part) => angleOf(part.trim())),
    qubits: qubits.split(' ').map(Number),
  };
}

function angleOf(text: string): Parameter {
  const negative = /^-([a-z])$/.exec(text);
  if (negative !== null) return { kind: 'unary', operator: '-', operand: input(negative[1]!) };
  if (/^[a-oq-z]$/.test(text)) return input(text);
  const [, sign, factor, divisor] = /^(-?)(\d*)\*?pi(?:\/(\d+))?$/.exec(text) ?? [];
  if (sign === undefined) return Number(text);
  return ((sign === '-' ? -1 : 1) * Number(factor || 1) * Math.PI) / Number(divisor ?? 1);
}

const input = (letter: string): Expression => ({ kind: 'variable', variable: letter.charCodeAt(0) });

/** The run as text, with its phase at the end where it has one. */
export function textOf({ ops, phase }: Run): string {
  const lines = ops.map(({ gate, parameters, qubits }) => {
    const angles = parameters.length === 0 ? '' : `(${parameters.map(angleText).join(', ')})`;
    return `${gate}${angles} ${qubits.join(' ')}`;
  });
  const left = typeof phase === 'number' ? wrapAngle(phase, 2 * Math.PI) : phase;
  return [...lines, ...(left === 0 ? [] : [`gphase(${angleText(left)})`])].join('; ');
}

function angleText(angle: Parameter): string {
  if (typeof angle !== 'number') return expressionText(angle);
  const sixteenths = (angle / Math.PI) * 16;
  if (Math.abs(sixteenths - Math.round(sixteenths)) > 1e-9) return String(Number(angle.toFixed(6)));
  return sixteenths === 0 ? '0' : `${Number((sixteenths / 16).toFixed(4))}pi`;
}

function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'variable':
      return String.fromCharCode(expression.variable);
    case 'float':
      return angleText(expression.value);
    case 'unary':
      return `${expression.operator}${expressionText(expression.operand)}`;
    case 'binary':
      return `${expressionText(expression.left)} ${expression.operator} ${expressionText(expression.right)}`;
    default:
      return expression.kind;
  }
}
