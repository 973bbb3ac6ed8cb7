import { QASM_INTEGER_CHARS_MAX } from '@qfs/core';
import type { ExpressionNode, TimeUnit } from '../syntax/ast.ts';
import { KIND, type TokenKind } from '../syntax/token.ts';

/** The node of a literal token; undefined for tokens of other kinds. */
export function literalNode(
  kind: TokenKind,
  source: string,
  start: number,
  end: number,
): ExpressionNode | undefined {
  switch (kind) {
    case KIND.integer:
      return integerNode(source, start, end);
    case KIND.float:
      return { kind: 'float', value: decimal(source.slice(start, end)), start, end };
    case KIND.imaginary:
      return { kind: 'imaginary', value: decimal(source.slice(start, end)), start, end };
    case KIND['kw:true']:
    case KIND['kw:false']:
      return { kind: 'boolean', value: kind === KIND['kw:true'], start, end };
    case KIND.bitString:
      return { kind: 'bitString', value: source.slice(start + 1, end - 1).replaceAll('_', ''), start, end };
    case KIND.timing: {
      const text = source.slice(start, end);
      const unit = /[a-zµμ]+$/u.exec(text)![0].replace(/[\u00b5\u03bc]/u, 'u') as TimeUnit;
      return { kind: 'timing', value: decimal(text), unit, start, end };
    }
    default:
      return undefined;
  }
}

/** The leading decimal number of a token that may carry a unit. */
function decimal(text: string): number {
  const plain = Number(text);
  if (!Number.isNaN(plain)) return plain;
  return Number(/^[0-9.]*(?:[eE][+-]?[0-9]+)?/.exec(text.replaceAll('_', ''))![0]);
}

const BASES: Readonly<Record<string, 2 | 8 | 16>> = { b: 2, o: 8, x: 16 };

/** A big integer is an object of its own: indices and sizes share theirs. */
const SMALL_INTEGERS = Array.from({ length: 1000 }, (_, value) => BigInt(value));

function integerNode(source: string, start: number, end: number): ExpressionNode {
  const text = source.slice(start, end);
  if (text.length <= 15) {
    const value = plainInteger(text);
    if (value >= 0) {
      return { kind: 'integer', value: SMALL_INTEGERS[value] ?? BigInt(value), base: 10, start, end };
    }
  }
  const base = text.length > 2 ? (BASES[text[1]!.toLowerCase()] ?? 10) : 10;
  const digits = text.replaceAll('_', '').toLowerCase();
  // Malformed or oversized literals have been reported by the lexer; zero keeps the tree well formed.
  const readable =
    /^(?:[0-9]+|0b[01]+|0o[0-7]+|0x[0-9a-f]+)$/.test(digits) && digits.length <= QASM_INTEGER_CHARS_MAX;
  return { kind: 'integer', value: readable ? BigInt(digits) : 0n, base, start, end };
}

/** The value of a text of digits alone, exact up to 15 of them; -1 for other texts. */
function plainInteger(text: string): number {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
