import type { Program } from '../ir.ts';
import type { Item, ItemFamily, Mark } from './items.ts';
import { type DrawOptions, globalPhaseText, type Layout, layoutOf } from './layout.ts';

export interface DrawSvgOptions extends Omit<DrawOptions, 'ascii'> {
  /** Read out by screen readers and shown on hover. */
  readonly title?: string;
}

/** Lengths in user units, one unit a CSS pixel at natural size. */
const ROW = 48;
const MARGIN = 16;
const BOX = 32;
const LETTER = 8.4;
const GAP = 12;
const FONT = 14;
const TARGET_RADIUS = 11;

/** Fill and outline of boxes, readable on light and dark grounds at the opacity used below. */
const COLOURS: Readonly<Record<ItemFamily, string>> = {
  pauli: '#2f6fde',
  hadamard: '#c2410c',
  phase: '#0f8a8a',
  rotation: '#8b3fd1',
  swap: '#b8336a',
  general: '#5b6b7d',
  measurement: '#6b7280',
  'control-flow': '#a16207',
  classical: '#6b7280',
};
const FILL_OPACITY = 0.22;

/**
 * Draws a circuit as a self-contained SVG: no scripts, styles, links or fonts from outside. Lines and
 * letters have the colour of the surrounding text (`currentColor`); boxes are coloured by family of gate.
 */
export function drawSvg(program: Program, options: DrawSvgOptions = {}): string {
  const layout = layoutOf(program, options);
  const phase = globalPhaseText(layout, false);
  const notes = [...(phase === undefined ? [] : [phase]), ...layout.notes];
  const geometry = geometryOf(layout);
  const height = 2 * MARGIN + layout.wires.length * ROW + notes.length * FONT * 1.5;
  const title = options.title ?? `Quantum circuit with ${program.qubits} qubits and ${layout.layers} layers`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${fixed(geometry.width)} ${fixed(height)}" ` +
      `width="${fixed(geometry.width)}" height="${fixed(height)}" font-family="ui-monospace, monospace" ` +
      `font-size="${FONT}" stroke="currentColor" fill="none">`,
    `<title>${escaped(title)}</title>`,
    ...layout.wires.map((_, wire) => wireSvg(layout, geometry, wire)),
    ...layout.items.map((item) => itemSvg(item, geometry)),
    ...notes.map((note, order) =>
      text(MARGIN, geometry.y(layout.wires.length) + order * FONT * 1.5, note, 'start'),
    ),
    '</svg>',
    '',
  ].join('\n');
}

interface Geometry {
  readonly width: number;
  /** Where the wires begin and end. */
  readonly left: number;
  readonly right: number;
  /** Middle of a layer and of a wire. */
  readonly x: (layer: number) => number;
  readonly y: (wire: number) => number;
}

function geometryOf({ wires, items, layers }: Layout): Geometry {
  const widths: number[] = Array.from({ length: layers }, () => BOX);
  for (const item of items) widths[item.layer] = Math.max(widths[item.layer] as number, itemWidth(item));
  const left = MARGIN + Math.max(0, ...wires.map(({ label }) => [...label].length)) * LETTER + GAP;
  let next = left + GAP;
  const middles = widths.map((width) => {
    next += width + GAP;
    return next - GAP - width / 2;
  });
  return {
    width: next + MARGIN,
    left,
    right: next,
    x: (layer) => middles[layer] as number,
    y: (wire) => MARGIN + ROW / 2 + wire * ROW,
  };
}

const textWidth = (label: string): number => Math.max(BOX, [...label].length * LETTER + 16);

const markWidth = (mark: Mark, item: Item): number => {
  if (mark.kind === 'box' || mark.kind === 'condition') return textWidth(mark.text);
  if (mark.kind === 'span') return textWidth(`${mark.operand === undefined ? '' : '0 '}${item.label ?? ''}`);
  return BOX;
};

const itemWidth = (item: Item): number =>
  [...item.marks.values()].reduce((width, mark) => Math.max(width, markWidth(mark, item)), BOX);

/** Marks that hide the wire behind them. */
const isBoxed = ({ kind }: Mark): boolean => ['box', 'condition', 'span', 'measure', 'reset'].includes(kind);

/** The label and the wire, which is interrupted by boxes since these are translucent. */
function wireSvg(layout: Layout, { left, right, x, y }: Geometry, wire: number): string {
  const { label, kind, width } = layout.wires[wire] as Layout['wires'][number];
  const holes = layout.items
    .flatMap((item) => {
      const mark = item.marks.get(wire);
      if (mark === undefined || !isBoxed(mark)) return [];
      const half = markWidth(mark, item) / 2;
      return [[x(item.layer) - half, x(item.layer) + half] as const];
    })
    .sort(([a], [b]) => a - b);
  const starts = [left, ...holes.map(([, end]) => end)];
  const ends = [...holes.map(([start]) => start), right];
  const offsets = kind === 'qubit' ? [0] : [-1.5, 1.5];
  const lines = starts.flatMap((start, order) =>
    offsets.map((offset) => line(start, y(wire) + offset, ends[order] as number, y(wire) + offset)),
  );
  const size =
    kind === 'classical' && width !== undefined ? text(left + 2, y(wire) - 10, String(width), 'start') : '';
  return text(left - 6, y(wire), label, 'end') + size + lines.join('');
}

function itemSvg(item: Item, geometry: Geometry): string {
  const { x, y } = geometry;
  const middle = x(item.layer);
  const marks = [...item.marks].sort(([a], [b]) => a - b);
  const links = item.linked ? linkSvg(item, marks, middle, y) : '';
  const own = marks
    .map(([wire, mark]) => (mark.kind === 'span' ? '' : markSvg(mark, item, middle, y(wire))))
    .join('');
  return `<g>${links}${own}${spanSvg(item, marks, middle, y)}</g>`;
}

/** How far a mark reaches above and below its wire. */
const edgeOf = (mark: Mark): number => (isBoxed(mark) ? BOX / 2 : mark.kind === 'target' ? TARGET_RADIUS : 0);

/** Lines between neighbouring marks, ending at the edges of boxes. */
function linkSvg(item: Item, marks: [number, Mark][], middle: number, y: Geometry['y']): string {
  return marks
    .slice(1)
    .map(([wire, mark], order) => {
      const [above, markAbove] = marks[order] as [number, Mark];
      if (mark.kind === 'span' && markAbove.kind === 'span') return '';
      const from = y(above) + edgeOf(markAbove);
      const to = y(wire) - edgeOf(mark);
      const offsets = above >= (item.classicalFrom ?? Number.POSITIVE_INFINITY) ? [-1.5, 1.5] : [0];
      return offsets.map((offset) => line(middle + offset, from, middle + offset, to)).join('');
    })
    .join('');
}

function markSvg(mark: Mark, item: Item, x: number, y: number): string {
  switch (mark.kind) {
    case 'box':
      return box(x, y, markWidth(mark, item), BOX, item.family) + text(x, y, mark.text);
    case 'condition':
      return box(x, y, markWidth(mark, item), BOX, 'control-flow') + text(x, y, mark.text);
    case 'control':
      return `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="5" fill="${mark.positive ? 'currentColor' : 'none'}"/>`;
    case 'target':
      return (
        `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="${TARGET_RADIUS}"/>` +
        line(x - TARGET_RADIUS, y, x + TARGET_RADIUS, y) +
        line(x, y - TARGET_RADIUS, x, y + TARGET_RADIUS)
      );
    case 'swap':
      return line(x - 6, y - 6, x + 6, y + 6) + line(x - 6, y + 6, x + 6, y - 6);
    case 'measure':
      return (
        box(x, y, BOX, BOX, item.family) +
        `<path d="M${fixed(x - 9)} ${fixed(y + 6)}a9 9 0 0 1 18 0"/>` +
        line(x, y + 6, x + 7, y - 7)
      );
    case 'reset':
      return box(x, y, BOX, BOX, item.family) + text(x, y, '|0⟩');
    case 'barrier':
      return `<path d="M${fixed(x)} ${fixed(y - ROW / 2)}v${ROW}" stroke-dasharray="4 4"/>`;
    case 'bit':
      return (
        `<path d="M${fixed(x - 5)} ${fixed(y - 7)}h10l-5 7z" fill="currentColor"/>` +
        text(x + 8, y + 12, mark.text, 'start')
      );
    case 'span':
      return '';
  }
}

/** The one box that all `span` marks of an item form. */
function spanSvg(item: Item, marks: readonly [number, Mark][], middle: number, y: Geometry['y']): string {
  const spans = marks.filter(([, { kind }]) => kind === 'span');
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return '';
  const width = Math.max(...spans.map(([, mark]) => markWidth(mark, item)));
  const height = y(last[0]) - y(first[0]) + BOX;
  const centre = (y(first[0]) + y(last[0])) / 2;
  const numbers = spans.map(([wire, mark]) =>
    mark.kind === 'span' && mark.operand !== undefined
      ? text(middle - width / 2 + 4, y(wire), String(mark.operand), 'start')
      : '',
  );
  return (
    box(middle, centre, width, height, item.family) +
    text(middle, centre, item.label ?? '') +
    numbers.join('')
  );
}

const box = (x: number, y: number, width: number, height: number, family: ItemFamily): string =>
  `<rect x="${fixed(x - width / 2)}" y="${fixed(y - height / 2)}" width="${fixed(width)}" height="${fixed(height)}" ` +
  `rx="4" stroke="${COLOURS[family]}" fill="${COLOURS[family]}" fill-opacity="${FILL_OPACITY}"/>`;

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<path d="M${fixed(x1)} ${fixed(y1)}L${fixed(x2)} ${fixed(y2)}"/>`;

const text = (
  x: number,
  y: number,
  content: string,
  anchor: 'start' | 'middle' | 'end' = 'middle',
): string =>
  content === ''
    ? ''
    : `<text x="${fixed(x)}" y="${fixed(y)}" dominant-baseline="central" text-anchor="${anchor}" ` +
      `stroke="none" fill="currentColor">${escaped(content)}</text>`;

/** At most one decimal: the same text everywhere, and short. */
const fixed = (value: number): string => String(Math.round(value * 10) / 10);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that means itself inside elements and attributes; characters that XML forbids become U+FFFD. */
const escaped = (content: string): string =>
  content
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids exactly these.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
