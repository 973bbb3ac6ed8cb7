import { type Counts, orderCounts } from '../counts.ts';

/** By bitstring upwards or downwards, the rarest or the most frequent first, or by the number of ones. */
export const COUNTS_ORDERS = ['key', 'key_desc', 'value', 'value_desc', 'hamming'] as const;
export type CountsOrder = (typeof COUNTS_ORDERS)[number];

export interface DrawCountsOptions {
  /** Longest line in characters. */
  readonly width?: number;
  /** Show only this many of the most frequent outcomes, at most 1,000; the others are one row. */
  readonly top?: number;
  readonly sort?: CountsOrder;
  /** No character outside ASCII. */
  readonly ascii?: boolean;
}

const WIDTH_DEFAULT = 80;
const BAR_WIDTH_MIN = 8;
const OUTCOMES_MAX = 1_000;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Counts as bars, one line per bitstring with its number of shots and share: `00 ████ 512  50.0%`. */
export function drawCounts(counts: Counts, options: DrawCountsOptions = {}): string {
  const { width = WIDTH_DEFAULT, top = OUTCOMES_MAX, sort = 'key', ascii = false } = options;
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'no counts\n';
  const byCount = sortCounts(counts, 'value_desc');
  const shown = byCount.slice(0, Math.min(top, OUTCOMES_MAX));
  const rest = byCount.slice(shown.length);
  const ordered = sortCounts(new Map(shown), sort);
  const restRow: readonly [string, number] = [
    `rest (${rest.length})`,
    rest.reduce((sum, [, count]) => sum + count, 0),
  ];
  const rows = rest.length === 0 ? ordered : [...ordered, restRow];

  const keyWidth = Math.max(...rows.map(([key]) => key.length));
  const countWidth = Math.max(...rows.map(([, count]) => String(count).length));
  const barWidth = Math.max(BAR_WIDTH_MIN, width - keyWidth - countWidth - '    100.0%'.length);
  const most = Math.max(...rows.map(([, count]) => count));
  const lines = rows.map(([key, count]) => {
    const bar = barText((count / most) * barWidth, ascii).padEnd(barWidth);
    const share = `${((100 * count) / total).toFixed(1)}%`.padStart('100.0%'.length);
    return `${key.padEnd(keyWidth)} ${bar} ${String(count).padStart(countWidth)}  ${share}\n`;
  });
  return lines.join('');
}

/** Outcomes in an order; what is equal in it stands by bitstring. */
export function sortCounts(counts: Counts, order: CountsOrder): readonly (readonly [string, number])[] {
  const rows = [...orderCounts(counts)];
  if (order === 'key_desc') return rows.reverse();
  if (order === 'value') return rows.sort(([, a], [, b]) => a - b);
  if (order === 'value_desc') return rows.sort(([, a], [, b]) => b - a);
  if (order === 'hamming') return rows.sort(([a], [b]) => ones(a) - ones(b));
  return rows;
}

const ones = (key: string): number => key.replaceAll(/[^1]/g, '').length;

/** A bar of so many characters, in steps of an eighth; whatever was seen at all is visible. */
function barText(length: number, ascii: boolean): string {
  if (ascii) return '#'.repeat(length > 0 ? Math.max(1, Math.round(length)) : 0);
  const eighths = length > 0 ? Math.max(1, Math.round(8 * length)) : 0;
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
