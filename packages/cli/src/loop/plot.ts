/** Dots of a braille cell (Unicode 28xx) by row, left and right. */
const DOTS: readonly (readonly [number, number])[] = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];
const CELL_COLUMNS = 2;
const CELL_ROWS = DOTS.length;
const BRAILLE = 0x2800;

interface PlotSize {
  /** Columns with the axis. */
  readonly width: number;
  /** Lines of text. */
  readonly height: number;
}

/** A line through the values from left to right, over the whole width, with the axis in front. */
export function drawPlot(values: readonly number[], { height, width }: PlotSize): string[] {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const labels = [axisText(most), axisText(least)];
  const labelWidth = Math.max(...labels.map(({ length }) => length));
  const columns = width - labelWidth - AXIS.length;
  const cells = trace(values, { least, most, columns, rows: height });
  return cells.map((row, at) => {
    const label = at === 0 ? labels[0]! : at === height - 1 ? labels[1]! : '';
    const line = [...row].map((dots) => (dots === 0 ? ' ' : String.fromCodePoint(BRAILLE + dots))).join('');
    return `${label.padStart(labelWidth)}${AXIS}${line}`.trimEnd();
  });
}

const AXIS = ' ┤';
const axisText = (value: number): string => value.toFixed(4);

interface Field {
  readonly least: number;
  readonly most: number;
  readonly columns: number;
  readonly rows: number;
}

/** The dots of every cell, row by row. */
function trace(values: readonly number[], { columns, least, most, rows }: Field): Uint8Array[] {
  const cells = Array.from({ length: rows }, () => new Uint8Array(columns));
  const xMax = columns * CELL_COLUMNS - 1;
  const yMax = rows * CELL_ROWS - 1;
  const x = (at: number): number => (values.length < 2 ? 0 : Math.round((at * xMax) / (values.length - 1)));
  // Where all values are equal the line lies at the bottom.
  const y = (value: number): number =>
    most === least ? yMax : Math.round(((most - value) * yMax) / (most - least));
  const dot = (column: number, row: number): void => {
    const line = cells[Math.floor(row / CELL_ROWS)]!;
    line[Math.floor(column / CELL_COLUMNS)]! |= DOTS[row % CELL_ROWS]![column % CELL_COLUMNS]!;
  };
  let before = { column: x(0), row: y(values[0]!) };
  for (const [at, value] of values.entries()) {
    const point = { column: x(at), row: y(value) };
    const steps = Math.max(Math.abs(point.column - before.column), Math.abs(point.row - before.row), 1);
    for (let step = 0; step <= steps; step += 1) {
      const between = (from: number, to: number): number => Math.round(from + ((to - from) * step) / steps);
      dot(between(before.column, point.column), between(before.row, point.row));
    }
    before = point;
  }
  return cells;
}
