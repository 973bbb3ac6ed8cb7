import type { Gate } from '@qfs/circuit';
import type { SparseRows } from './kernels.ts';

/** Values no gate is special at. Two sets, so that an accidental zero in one is not taken for structure. */
const GENERIC_PARAMETERS = [
  [0.7390851332151607, 1.451369234883381, 0.2673012345678901, 2.028757838110434],
  [1.1986912435159411, 0.5671432904097838, 2.4142, 0.915965594177219],
] as const;

/**
 * How a gate acts, whatever its parameters are: kernels are chosen from this alone, never from parameter
 * values, so that a bound and a literal parameter take the same path.
 */
export interface GateStructure {
  /** The first so many operands only control. */
  readonly controls: number;
  /** How the rest acts on its qubits. */
  readonly action: 'identity' | 'diagonal' | 'exchange' | 'dense' | 'sparse';
  /** Rows that differ from the identity, without the controls. */
  readonly rows: SparseRows;
  /** Qubits of the rest. */
  readonly targets: number;
  /** The matrix without its controls: row-major, real and imaginary parts interleaved. */
  readonly matrix: (parameters: readonly number[]) => Float64Array;
}

const structures = new WeakMap<Gate, GateStructure>();

export function structureOf(gate: Gate): GateStructure {
  const known = structures.get(gate);
  if (known !== undefined) return known;
  const structure = analyse(gate);
  structures.set(gate, structure);
  return structure;
}

function analyse(gate: Gate): GateStructure {
  const samples = GENERIC_PARAMETERS.map((values) => gate.matrix(values.slice(0, gate.parameters.length)));
  const size = 2 ** gate.qubits;
  const every = (row: number, column: number, re: number, im: number): boolean =>
    samples.every((m) => m[2 * (row * size + column)] === re && m[2 * (row * size + column) + 1] === im);
  const isIdentityRow = (row: number): boolean =>
    Array.from({ length: size }, (_, column) => every(row, column, row === column ? 1 : 0, 0)).every(Boolean);
  const acting = Array.from({ length: size }, (_, row) => row).filter((row) => !isIdentityRow(row));
  const controls = leadingControls(acting, gate.qubits);
  const targets = gate.qubits - controls;
  const first = size - 2 ** targets;
  const rows = acting.map((row) => ({
    row: row - first,
    columns: Array.from({ length: 2 ** targets }, (_, column) => column).filter(
      (column) => !every(row, first + column, 0, 0),
    ),
  }));
  const isOne = (row: number, column: number): boolean => every(first + row, first + column, 1, 0);
  const constant = gate.parameters.length === 0 ? actingBlock(samples[0]!, gate.qubits, targets) : undefined;
  return {
    controls,
    targets,
    rows: flatten(rows),
    action: actionOf(rows, targets, isOne),
    matrix: (parameters) => constant ?? actingBlock(gate.matrix(parameters), gate.qubits, targets),
  };
}

/** The lower right block, where all structural controls are 1. */
function actingBlock(matrix: Float64Array, qubits: number, targets: number): Float64Array {
  const size = 2 ** qubits;
  const block = 2 ** targets;
  if (size === block) return matrix;
  const result = new Float64Array(2 * block * block);
  for (let row = 0; row < block; row += 1) {
    const from = 2 * ((size - block + row) * size + size - block);
    result.set(matrix.subarray(from, from + 2 * block), 2 * block * row);
  }
  return result;
}

interface Row {
  readonly row: number;
  readonly columns: readonly number[];
}

function flatten(rows: readonly Row[]): SparseRows {
  const starts = [0];
  for (const { columns } of rows) starts.push(starts.at(-1)! + columns.length);
  return {
    rows: Int32Array.from(rows, ({ row }) => row),
    starts: Int32Array.from(starts),
    columns: Int32Array.from(rows.flatMap(({ columns }) => columns)),
  };
}

/** The leading operands that are 1 in every row that acts. */
function leadingControls(acting: readonly number[], qubits: number): number {
  let controls = 0;
  while (controls < qubits - 1 && acting.every((row) => (row >> (qubits - 1 - controls)) & 1)) controls += 1;
  return acting.length === 0 ? 0 : controls;
}

function actionOf(
  rows: readonly Row[],
  targets: number,
  isOne: (row: number, column: number) => boolean,
): GateStructure['action'] {
  if (rows.length === 0) return 'identity';
  if (rows.every(({ row, columns }) => columns.length === 1 && columns[0] === row)) return 'diagonal';
  const swaps = rows.every(({ row, columns }) => columns.length === 1 && isOne(row, columns[0]!));
  if (swaps && rows.length === 2) return 'exchange';
  return targets === 1 ? 'dense' : 'sparse';
}
