import type { Diagnostic } from '@qfs/core';
import { BYTE_ORDER_MARK } from './findings.ts';

export interface RenderOptions {
  /** Name shown before line and column. */
  readonly file?: string;
  /** ANSI colours, for terminals. */
  readonly color?: boolean;
}

const COLUMNS_MAX = 160;
const RED = '31';
const YELLOW = '33';
const BLUE = '34';
const SEVERITY_COLORS = { error: RED, warning: YELLOW, note: BLUE } as const;

/**
 * Diagnostics for people: message, place, the source line with the span underlined, and the hint. Ends with a
 * line that counts errors and warnings. Control characters of the source are shown as blanks, so that a
 * terminal obeys none.
 */
export function renderDiagnostics(
  source: string,
  diagnostics: readonly Diagnostic[],
  options: RenderOptions = {},
): string {
  if (diagnostics.length === 0) return '';
  const paint = (code: string, text: string): string =>
    options.color === true ? `\u001b[1;${code}m${text}\u001b[0m` : text;
  const lines = (source.startsWith(BYTE_ORDER_MARK) ? source.slice(1) : source).split('\n');
  const isPlain = !/[\ud800-\udfff]/.test(source);
  const blocks = diagnostics.map((diagnostic) =>
    renderOne(lines, isPlain, diagnostic, options.file ?? 'program.qasm', paint),
  );
  return `${blocks.join('\n')}\n${summary(diagnostics)}\n`;
}

function renderOne(
  lines: readonly string[],
  isPlain: boolean,
  diagnostic: Diagnostic,
  file: string,
  paint: (code: string, text: string) => string,
): string {
  const { severity, code, message, line, column } = diagnostic;
  const margin = ' '.repeat(String(line).length);
  const bar = paint(BLUE, '|');
  const { shown, offset } = clip(lines[line - 1] ?? '', column, isPlain);
  const ends = diagnostic.end_line === line ? diagnostic.end_column : offset + shown.length + 1;
  const width = Math.max(1, Math.min(ends, offset + shown.length + 1) - column);
  const underline =
    ' '.repeat(Math.max(0, column - 1 - offset)) + paint(SEVERITY_COLORS[severity], '^'.repeat(width));
  const text = [
    `${paint(SEVERITY_COLORS[severity], `${severity}[${code}]`)}: ${printable(message)}`,
    `${margin}${paint(BLUE, '-->')} ${file}:${line}:${column}`,
    `${margin} ${bar}`,
    `${paint(BLUE, String(line))} ${bar} ${printable(shown.join(''))}`.trimEnd(),
    `${margin} ${bar} ${underline}`,
  ];
  if (diagnostic.hint !== undefined)
    text.push(`${margin} ${paint(BLUE, '=')} help: ${printable(diagnostic.hint)}`);
  for (const place of diagnostic.related ?? []) {
    text.push(`${margin} ${paint(BLUE, '=')} note: ${place.message}: ${file}:${place.line}:${place.column}`);
  }
  return `${text.join('\n')}\n`;
}

const printable = (text: string): string => text.replace(/\p{C}/gu, ' ');

/**
 * The part of a long line around the column, as characters; `offset` of them stand before it. In plain text
 * every character is one unit.
 */
function clip(line: string, column: number, isPlain: boolean): { shown: readonly string[]; offset: number } {
  const offset = line.length > COLUMNS_MAX ? Math.max(0, column - 1 - COLUMNS_MAX / 2) : 0;
  let start = isPlain ? offset : 0;
  for (let skipped = start; skipped < offset && start < line.length; skipped++) {
    start += line.codePointAt(start)! > 0xffff ? 2 : 1;
  }
  // A character has at most two units.
  const shown = [...line.slice(start, start + 2 * COLUMNS_MAX)].slice(0, COLUMNS_MAX);
  return { shown, offset };
}

function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity'], word: string): string[] => {
    const number = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`];
  };
  return [...count('error', 'error'), ...count('warning', 'warning'), ...count('note', 'note')].join(', ');
}
