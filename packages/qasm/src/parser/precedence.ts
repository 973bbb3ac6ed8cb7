import type { BinaryOperatorText } from '../syntax/ast.ts';

/**
 * Binding powers of the official grammar, tightest highest; only `**` groups to the right. `++` joins registers and
 * arrays wherever the text of the specification has it; the grammar itself knows it in `let` alone.
 */
export const BINARY_PRECEDENCE: Readonly<Record<BinaryOperatorText, number>> = {
  '++': 0,
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
  '**': 12,
};
/** Unary operators bind tighter than `*` and looser than `**`: -a**2 is -(a**2). */
export const UNARY_PRECEDENCE = 11;
/** The parts of a concatenation bind tighter than `++`. */
export const CONCATENATED_PRECEDENCE = 1;
