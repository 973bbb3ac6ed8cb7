import { HEAVY_HEX_27 } from '../../heavy-hex-27.ts';

/** Lattices that circuits are compiled for: pairs of qubits that a gate may act on. */
type Pairs = readonly (readonly [number, number])[];

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

const line = (qubits: number): Pairs => range(qubits - 1).map((at) => [at, at + 1]);

const grid = (rows: number, columns: number): Pairs =>
  range(rows * columns).flatMap((at) => [
    ...((at + 1) % columns === 0 ? [] : [[at, at + 1] as const]),
    ...(at + columns < rows * columns ? [[at, at + columns] as const] : []),
  ]);

/**
 * Rows of qubits with bridges between them at every fourth column, in turn from the first and from the third.
 * The outer rows are one shorter. 5 rows of 11 have 65 qubits, 7 rows of 15 have 127.
 */
function heavyHex(rows: number, columns: number): Pairs {
  const pairs: [number, number][] = [];
  /** Numbers of the row above, by column. */
  let above = new Map<number, number>();
  let bridges = new Map<number, number>();
  let next = 0;
  for (const row of range(rows)) {
    const start = row === rows - 1 ? 1 : 0;
    const end = row === 0 ? columns - 1 : columns;
    const here = new Map(range(end - start).map((at) => [start + at, next + at]));
    next += here.size;
    for (const [column, at] of here) if (here.has(column + 1)) pairs.push([at, at + 1]);
    for (const [column, bridge] of bridges)
      pairs.push([above.get(column)!, bridge], [bridge, here.get(column)!]);
    if (row === rows - 1) break;
    const columnsOfBridges = range(columns).filter((column) => column % 4 === (row % 2 === 0 ? 0 : 2));
    bridges = new Map(columnsOfBridges.map((column, at) => [column, next + at]));
    next += bridges.size;
    above = here;
  }
  return pairs;
}

export interface Lattice {
  readonly name: string;
  readonly qubits: number;
  /** Absent: every pair. */
  readonly pairs?: Pairs;
}

/** By kind: the smallest lattice of the kind that has room for so many qubits. */
export const LATTICES: Readonly<Record<string, (qubits: number) => Lattice>> = {
  line: (qubits) => ({ name: `line-${qubits}`, qubits, pairs: line(qubits) }),
  grid: (qubits) => {
    const rows = Math.floor(Math.sqrt(qubits));
    const columns = Math.ceil(qubits / rows);
    return { name: `grid-${rows}x${columns}`, qubits: rows * columns, pairs: grid(rows, columns) };
  },
  'heavy-hex': (qubits) => {
    if (qubits <= 27) return { name: 'heavy-hex-27', qubits: 27, pairs: HEAVY_HEX_27 };
    if (qubits <= 65) return { name: 'heavy-hex-65', qubits: 65, pairs: heavyHex(5, 11) };
    return { name: 'heavy-hex-127', qubits: 127, pairs: heavyHex(7, 15) };
  },
  'all-to-all': (qubits) => ({ name: `all-to-all-${qubits}`, qubits }),
};
