import { type Diagnostic, QASM_DIAGNOSTICS_MAX } from '@qfs/core';
import { DIAGNOSTICS, type DiagnosticCode } from './diagnostic-codes.ts';

/** A run of the source text as UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Finding extends Span {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string;
  readonly related?: readonly { readonly message: string; readonly start: number }[];
}

export type FindingExtras = Pick<Finding, 'hint' | 'related'>;

const isErrorCode = (code: DiagnosticCode): boolean => DIAGNOSTICS[code].severity === 'error';
const isSamePlace = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;

/** Collects findings by offset; lines and columns are computed once, at the end. */
export class Findings {
  readonly list: Finding[] = [];
  errors = 0;
  #advice = 0;

  add(code: DiagnosticCode, span: Span, message: string, extras: FindingExtras = {}): void {
    const isError = isErrorCode(code);
    if (isError && this.full) return;
    // Of two errors at one place the second follows from the first: a malformed number has no value either.
    if (isError && this.list.some((f) => isSamePlace(f, span) && isErrorCode(f.code))) return;
    // Errors and advice have separate room: advice must never crowd out the error that explains a refusal.
    const count = isError ? ++this.errors : ++this.#advice;
    if (count <= QASM_DIAGNOSTICS_MAX) {
      this.list.push({ code, start: span.start, end: span.end, message, ...extras });
    }
  }

  /** Enough errors: nothing more needs to be looked at. */
  get full(): boolean {
    return this.errors >= QASM_DIAGNOSTICS_MAX;
  }
}

/** A word of the program that is longer than a line is quoted by its beginning. */
const shortened = (text: string): string =>
  text.replace(/[^\s`]{81,}/gu, (word) => `${[...word.slice(0, 80)].slice(0, 40).join('')}…`);

export const BYTE_ORDER_MARK = '\ufeff';

interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Lines and columns of offsets, in one pass over the text. Columns count Unicode code points; a byte order
 * mark has no column.
 */
function placesOf(source: string, offsets: readonly number[]): (offset: number) => Place {
  const places = new Map<number, Place>([[0, { line: 1, column: 1 }]]);
  let at = source.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  let line = 1;
  let column = 1;
  let lineEnd = source.indexOf('\n');
  for (const offset of [...offsets].sort((a, b) => a - b)) {
    if (offset === 0) continue;
    while (lineEnd !== -1 && lineEnd < offset) {
      at = lineEnd + 1;
      line++;
      column = 1;
      lineEnd = source.indexOf('\n', at);
    }
    for (; at < offset && at < source.length; column++) at += source.codePointAt(at)! > 0xffff ? 2 : 1;
    places.set(offset, { line, column });
  }
  return (offset) => places.get(offset)!;
}

/** Findings in source order, with lines and columns. */
export function toDiagnostics(source: string, findings: readonly Finding[]): Diagnostic[] {
  const ordered = findings
    .map((finding) => ({ ...finding, end: Math.max(finding.start, finding.end) }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const placeOf = placesOf(
    source,
    ordered.flatMap(({ start, end, related = [] }) => [start, end, ...related.map((r) => r.start)]),
  );
  return ordered.map(({ code, message, start, end, hint = DIAGNOSTICS[code].hint, related }) => ({
    code,
    severity: DIAGNOSTICS[code].severity,
    message: shortened(message),
    ...placeOf(start),
    end_line: placeOf(end).line,
    end_column: placeOf(end).column,
    ...(hint === undefined ? {} : { hint: shortened(hint) }),
    ...(related === undefined
      ? {}
      : { related: related.map((r) => ({ message: r.message, ...placeOf(r.start) })) }),
  }));
}
