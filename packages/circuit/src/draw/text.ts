import type { Program } from '../ir.ts';
import type { Item, Mark } from './items.ts';
import { type DrawOptions, globalPhaseText, type Layout, layoutOf, type Wire } from './layout.ts';

export interface DrawTextOptions extends DrawOptions {
  /** Longest line in characters; wider circuits continue below. Without it nothing is folded. */
  readonly fold?: number;
}

/** What one layer shows on one wire: three lines of equal width. */
type Cell = readonly [top: string, middle: string, bottom: string];

/** ASCII stand-ins, one character for one. */
const ASCII: Readonly<Record<string, string>> = {
  '─': '-',
  '═': '=',
  '│': '|',
  '║': '|',
  '┤': '|',
  '├': '|',
  '╡': '|',
  '╞': '|',
  '■': '@',
  '✕': 'x',
  '░': ':',
  '«': '<',
  '»': '>',
  '╩': '^',
  '…': '.',
};

/**
 * Draws a circuit as text in the manner of Qiskit: time runs to the right, one wire per qubit and a double
 * line per classical register. `■` and `o` are controls on |1⟩ and |0⟩, `✕` marks swapped qubits, `░` a
 * barrier.
 */
export function drawText(program: Program, options: DrawTextOptions = {}): string {
  const { ascii = false, fold } = options;
  const layout = layoutOf(program, options);
  const phase = globalPhaseText(layout, ascii);
  const lines = [
    ...(phase === undefined ? [] : [phase]),
    ...pagesOf(layout, fold).flatMap((page, order) => (order === 0 ? page : ['', ...page])),
    ...layout.notes,
  ];
  const text = lines.map((line) => line.trimEnd()).join('\n');
  return `${ascii ? text.replace(/[^\n -~]/gu, (character) => ASCII[character] ?? '+') : text}\n`;
}

function pagesOf(layout: Layout, fold: number | undefined): string[][] {
  const labels = labelCells(layout.wires);
  const columns = columnsOf(layout);
  const pages: Cell[][][] = [[]];
  let width = widthOf(labels);
  for (const column of columns) {
    const page = pages.at(-1) as Cell[][];
    // Two columns stay free for the marks that a line continues.
    if (fold !== undefined && page.length > 0 && width + widthOf(column) + 2 > fold) {
      pages.push([column]);
      width = widthOf(labels) + widthOf(column);
    } else {
      page.push(column);
      width += widthOf(column);
    }
  }
  return pages.map((page, order) => {
    const tail = order < pages.length - 1 ? '»' : '';
    const head = order > 0 ? '«' : '';
    return linesOf([labels, ...page, finalCells(layout.wires)]).map((line) => head + line + tail);
  });
}

const widthOf = (column: readonly Cell[]): number => column[0]?.[1].length ?? 0;

/** `q_0: ` and `c: 2/`, right-aligned. */
function labelCells(wires: readonly Wire[]): Cell[] {
  const texts = wires.map(({ label, width }) => (width === undefined ? `${label}: ` : `${label}: ${width}/`));
  const longest = Math.max(0, ...texts.map((text) => [...text].length));
  const blank = ' '.repeat(longest);
  return texts.map((text) => [blank, blank.slice([...text].length) + text, blank]);
}

const finalCells = (wires: readonly Wire[]): Cell[] => wires.map(({ kind }) => [' ', lineOf(kind), ' ']);

const lineOf = (kind: Wire['kind']): string => (kind === 'qubit' ? '─' : '═');

/** The cells of every layer, by wire. */
function columnsOf({ wires, items, layers }: Layout): Cell[][] {
  const byLayer: Item[][] = Array.from({ length: layers }, () => []);
  for (const item of items) byLayer[item.layer]?.push(item);
  return byLayer.map((layer) => {
    const cells: (Cell | undefined)[] = wires.map(() => undefined);
    for (const item of layer) {
      for (let row = item.top; row <= item.bottom; row++) {
        cells[row] = cellOf(item, row, wires);
      }
    }
    const width = Math.max(1, ...cells.map((cell) => cell?.[1].length ?? 1));
    return wires.map(({ kind }, row) => center(cells[row] ?? [' ', lineOf(kind), ' '], width, lineOf(kind)));
  });
}

/** Puts the middle character of the cell, where links meet it, into the middle of the column. */
function center([top, middle, bottom]: Cell, width: number, line: string): Cell {
  const left = Math.floor((width - 1) / 2) - Math.floor((middle.length - 1) / 2);
  const right = width - left - middle.length;
  const pad = (text: string, filler: string): string => filler.repeat(left) + text + filler.repeat(right);
  return [pad(top, ' '), pad(middle, line), pad(bottom, ' ')];
}

function cellOf(item: Item, row: number, wires: readonly Wire[]): Cell {
  const { linked, classicalFrom = Number.POSITIVE_INFINITY, top, bottom } = item;
  const below = (wire: number): string => (!linked ? ' ' : wire >= classicalFrom ? '║' : '│');
  const up = row > top ? below(row - 1) : ' ';
  const down = row < bottom ? below(row) : ' ';
  const kind = wires[row]?.kind ?? 'qubit';
  const mark = item.marks.get(row);
  if (mark !== undefined) return markCell(mark, item, row, up, down, kind);
  if (!linked) return [' ', lineOf(kind), ' '];
  return [up, kind === 'classical' ? '╬' : up === '║' ? '╫' : '┼', down];
}

function markCell(mark: Mark, item: Item, row: number, up: string, down: string, kind: Wire['kind']): Cell {
  switch (mark.kind) {
    case 'box':
      return boxCell(` ${mark.text} `, up, down);
    case 'target':
      return boxCell(' X ', up, down);
    case 'measure':
      return boxCell('M', up, down);
    case 'control':
      return pointCell(mark.positive ? '■' : 'o', up, down);
    case 'swap':
      return pointCell('✕', up, down);
    case 'reset':
      return ['   ', '|0>', '   '];
    case 'barrier':
      return pointCell('░', '░', '░');
    case 'condition': {
      const [top, middle, bottom] = boxCell(` ${mark.text} `, up, down);
      return [top, middle.replace('┤', '╡').replace('├', '╞'), bottom];
    }
    case 'bit':
      return bitCell(mark.text, up, kind);
    case 'span':
      return spanCell(mark.operand, item, row, up, down, kind);
  }
}

const pointCell = (symbol: string, up: string, down: string): Cell => [` ${up} `, `─${symbol}─`, ` ${down} `];

/** The end of a measurement on a classical wire, with the number of the bit below. */
function bitCell(number: string, up: string, kind: Wire['kind']): Cell {
  const width = Math.max(1, number.length);
  const [top, middle] = center([up, '╩', ' '], width, lineOf(kind));
  return [top, middle, number.padEnd(width)];
}

const BORDER: Readonly<Record<string, readonly [top: string, bottom: string]>> = {
  ' ': ['─', '─'],
  '│': ['┴', '┬'],
  '║': ['╨', '╥'],
};

function boxCell(text: string, up: string, down: string): Cell {
  const length = [...text].length;
  const middle = Math.floor((length + 1) / 2) - 1;
  const border = (joint: string): string => '─'.repeat(middle) + joint + '─'.repeat(length - middle - 1);
  const top = border(BORDER[up]?.[0] ?? '─');
  const bottom = border(BORDER[down]?.[1] ?? '─');
  return [`┌${top}┐`, `┤${text}├`, `└${bottom}┘`];
}

function spanCell(
  operand: number | undefined,
  item: Item,
  row: number,
  up: string,
  down: string,
  kind: Wire['kind'],
): Cell {
  const spans = [...item.marks].flatMap(([wire, mark]) => (mark.kind === 'span' ? [{ wire, mark }] : []));
  const first = Math.min(...spans.map(({ wire }) => wire));
  const last = Math.max(...spans.map(({ wire }) => wire));
  const numbers = spans.filter(({ mark }) => mark.operand !== undefined).length;
  const number = numbers === 0 ? '' : `${String(operand ?? '').padEnd(String(numbers - 1).length)} `;
  const { label = '' } = item;
  const content = ` ${number}${(row === Math.floor((first + last) / 2) ? label : '').padEnd(label.length)} `;
  const [top, , bottom] = boxCell(content, row === first ? up : ' ', row === last ? down : ' ');
  const inside = `│${' '.repeat(content.length)}│`;
  const [left, right] = kind === 'qubit' ? ['┤', '├'] : ['╡', '╞'];
  return [row === first ? top : inside, `${left}${content}${right}`, row === last ? bottom : inside];
}

/**
 * Joins columns to lines; the last line of a wire and the first of the next share a line where nothing
 * collides.
 */
function linesOf(columns: readonly (readonly Cell[])[]): string[] {
  const rows = columns[0]?.length ?? 0;
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    const [top, middle, bottom] = [0, 1, 2].map((line) =>
      columns.map((cells) => cells[row]?.[line]).join(''),
    ) as [string, string, string];
    const shared = row === 0 ? undefined : overlay(lines.at(-1) as string, top);
    if (shared === undefined) lines.push(top);
    else lines[lines.length - 1] = shared;
    lines.push(middle, bottom);
  }
  return lines.filter((line, at) => (at > 0 && at < lines.length - 1) || line.trim() !== '');
}

/** Pairs of a character above and a character below that are one line. */
const JOINTS: Readonly<Record<string, string>> = { '│┴': '┴', '┬│': '┬', '║╨': '╨', '╥║': '╥' };

function overlay(above: string, below: string): string | undefined {
  const lower = [...below];
  let line = '';
  for (const [at, upper] of [...above].entries()) {
    const character = lower[at] ?? ' ';
    const merged =
      upper === ' ' || upper === character
        ? character
        : character === ' '
          ? upper
          : JOINTS[upper + character];
    if (merged === undefined) return undefined;
    line += merged;
  }
  return line;
}
