import { VALIDATE_INLINE_BYTES_MAX } from '@qfs/core';

/** Operations that a program compiled on the event loop may have: some tens of milliseconds. */
const QUICK_OPERATIONS_MAX = 10_000;

/** What repeats what it holds or names, so that the length of the text says nothing about the work. */
const REPEATING = /\b(?:for|while|gate|def|let|pow|ctrl|negctrl)\b/;
const DECLARATION = /\b(?:qubit|qreg)\b/g;
/** `qubit q;`, `qubit[4] q;`, `qreg q[4];` after the keyword. */
const PLAIN_SIZE = /^(?:\s+\w+\s*;|\s*\[\s*(\d+)\s*\]|\s+\w+\s*\[\s*(\d+)\s*\])/;

interface Source {
  readonly language: string;
  readonly source: Uint8Array;
}

/**
 * Whether programs are certainly compiled quickly, judged by their text. A gate on a register is an operation
 * per qubit and a loop one per round, so a few bytes can mean millions; whatever is not plainly small is not
 * quick. An AQO document spells its operations out: its length bounds them.
 */
export function areQuick(sources: readonly Source[]): boolean {
  const bytes = sources.reduce((sum, { source }) => sum + source.length, 0);
  if (bytes > VALIDATE_INLINE_BYTES_MAX) return false;
  return sources.reduce((sum, source) => sum + operationsOf(source), 0) <= QUICK_OPERATIONS_MAX;
}

function operationsOf({ language, source }: Source): number {
  if (language === 'aqo') return 0;
  const text = withoutComments(new TextDecoder().decode(source));
  if (REPEATING.test(text)) return Number.POSITIVE_INFINITY;
  let qubits = 1;
  for (const { 0: keyword, index } of text.matchAll(DECLARATION)) {
    const declared = PLAIN_SIZE.exec(text.slice(index + keyword.length));
    if (declared === null) return Number.POSITIVE_INFINITY;
    qubits += Number(declared[1] ?? declared[2] ?? 1);
  }
  const statements = text.split(';').length;
  return statements * qubits;
}

/** Without line comments, unless something on their line, or a block comment, may hide what is none. */
const withoutComments = (text: string): string =>
  text.includes('/*') ? text : text.replace(/^([^"\n]*?)\/\/.*$/gm, '$1');
