import type { Diagnostic } from '@qfs/core';

/** A run of the source text as UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What can be wrong with a program, by stable code. */
export const EIGEN_DIAGNOSTICS = {
  EIGEN_SYNTAX: 'The text is not Python.',
  EIGEN_FORBIDDEN: 'The text is Python, and uses something that is not part of Eigen-Lang.',
  EIGEN_MEANING: 'The text is Eigen-Lang, and means nothing that can run.',
  EIGEN_UNSUPPORTED: 'The text is Eigen-Lang, and asks for something that is not supported.',
  EIGEN_LIMIT: 'The program is larger or deeper than programs may be.',
} as const;
export type EigenDiagnosticCode = keyof typeof EIGEN_DIAGNOSTICS;

interface Finding extends Span {
  readonly code: EigenDiagnosticCode;
  readonly message: string;
  readonly hint?: string;
}

/** Findings that are kept; further ones say nothing new. */
const FINDINGS_MAX = 100;

/** Collects findings by offset; lines and columns are computed once, at the end. */
export class Findings {
  readonly #list: Finding[] = [];
  /** Behind this offset nothing is said of the syntax: a bracket before it is never closed. */
  endOfSyntax = Number.POSITIVE_INFINITY;

  add(code: EigenDiagnosticCode, { start, end }: Span, message: string, hint?: string): void {
    if (code === 'EIGEN_SYNTAX' && start > this.endOfSyntax) return;
    if (this.full || this.#list.some((known) => known.start === start && known.end === end)) return;
    this.#list.push({ code, start, end, message, ...(hint === undefined ? {} : { hint }) });
  }

  /** Enough was found: nothing more needs to be looked at. */
  get full(): boolean {
    return this.#list.length >= FINDINGS_MAX;
  }

  get any(): boolean {
    return this.#list.length > 0;
  }

  /** In the order of the text; columns count code points from 1. */
  diagnostics(source: string): Diagnostic[] {
    const starts = lineStarts(source);
    const place = (offset: number) => {
      const line = starts.findLastIndex((start) => start <= offset);
      return { line: line + 1, column: [...source.slice(starts[line], offset)].length + 1 };
    };
    return this.#list
      .toSorted((a, b) => a.start - b.start)
      .map(({ code, start, end, message, hint }) => {
        const [from, to] = [place(start), place(Math.max(start, end))];
        const ends = { end_line: to.line, end_column: to.column };
        return {
          code,
          severity: 'error',
          message,
          ...from,
          ...ends,
          ...(hint === undefined ? {} : { hint }),
        };
      });
  }
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (const { index, 0: end } of source.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
  return starts;
}
