import type { Findings } from '../findings.ts';

const DIGITS = '[0-9](?:_?[0-9])*';
const EXPONENT = `[eE][+-]?${DIGITS}`;
const NUMBER = new RegExp(
  [
    '(?<radix>0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)',
    `(?<float>(?:${DIGITS})?\\.${DIGITS}(?:${EXPONENT})?|${DIGITS}\\.(?:${EXPONENT})?|${DIGITS}${EXPONENT})`,
    `(?<integer>${DIGITS})`,
  ].join('|'),
  'y',
);
/** Letters and digits that touch a number belong to it and make it none. */
const TAIL = /[\p{L}\p{N}_]*/uy;

/** Digits of a whole number: more say nothing that a program of qubits needs. */
const INTEGER_DIGITS_MAX = 100;

export interface ScannedNumber {
  readonly value: number | bigint;
  readonly end: number;
}

/** A number at the offset (Python 3.12, 2.4.4 to 2.4.7); undefined when there is none. */
export function scanNumber(source: string, start: number, findings: Findings): ScannedNumber | undefined {
  NUMBER.lastIndex = start;
  const match = NUMBER.exec(source);
  if (match === null) return undefined;
  const [written] = match;
  TAIL.lastIndex = start + written.length;
  const [tail = ''] = TAIL.exec(source) ?? [];
  const span = { start, end: start + written.length + tail.length };
  const plain = written.replaceAll('_', '');
  const value = match.groups?.float === undefined ? integerOf(plain) : Number(plain);
  const wrong = wrongness(plain, tail, match.groups?.integer !== undefined, value);
  if (wrong !== undefined) findings.add(wrong.code, span, `${written}${tail} ${wrong.message}`);
  return { value: wrong === undefined ? value : 0n, end: span.end };
}

const integerOf = (plain: string): bigint => (plain.length > INTEGER_DIGITS_MAX ? 0n : BigInt(plain));

function wrongness(plain: string, tail: string, isDecimal: boolean, value: number | bigint) {
  if (/^[jJ]$/.test(tail)) {
    return {
      code: 'EIGEN_FORBIDDEN',
      message: 'is imaginary; complex numbers are not part of Eigen-Lang.',
    } as const;
  }
  if (tail !== '') return { code: 'EIGEN_SYNTAX', message: 'is no number.' } as const;
  if (isDecimal && /^0+[1-9]/.test(plain)) {
    return { code: 'EIGEN_SYNTAX', message: 'begins with a zero; octal numbers begin with 0o.' } as const;
  }
  if (plain.length > INTEGER_DIGITS_MAX) {
    return { code: 'EIGEN_LIMIT', message: `has more than ${INTEGER_DIGITS_MAX} digits.` } as const;
  }
  if (value === Infinity) return { code: 'EIGEN_LIMIT', message: 'is larger than every number.' } as const;
  return undefined;
}
