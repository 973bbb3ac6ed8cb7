import type { Program } from '@qfs/circuit';
import { FAMILIES } from './circuits.ts';
import { LATTICES, type Lattice } from './couplings.ts';

/** A circuit, and what it is compiled for. */
export interface Case {
  readonly name: string;
  readonly family: string;
  /** Kind of the lattice. */
  readonly kind: string;
  readonly program: Program;
  readonly lattice: Lattice;
  readonly basis: readonly string[];
}

const SIZES = [5, 10, 20, 50];
const QUICK_SIZES = [5, 12];
/** Of 127 qubits on heavy-hex: circuits whose work grows linearly with their size. */
const LARGE = ['ghz', 'bv', 'qaoa', 'adder', 'ansatz-linear', 'qv', 'mcx'];
const LARGE_SIZE = 127;

const BASES: Readonly<Record<string, readonly string[]>> = {
  line: ['rz', 'sx', 'x', 'cx'],
  grid: ['rz', 'sx', 'x', 'cz'],
  'heavy-hex': ['rz', 'sx', 'x', 'cz'],
  'all-to-all': ['rz', 'sx', 'x', 'cx'],
};

function caseOf(family: string, kind: string, qubits: number): Case {
  const program = FAMILIES[family]!(qubits);
  const lattice = LATTICES[kind]!(program.qubits);
  const name = `${family}-${program.qubits} on ${lattice.name}`;
  return { name, family, kind, program, lattice, basis: BASES[kind]! };
}

export interface Selection {
  readonly isQuick: boolean;
  readonly family: string | undefined;
  readonly kind: string | undefined;
  readonly size: number | undefined;
}

/** All cases, or those of one family, one kind of lattice or one size. */
export function casesOf({ isQuick, family, kind, size }: Selection): Case[] {
  const families = Object.keys(FAMILIES).filter((name) => family === undefined || name === family);
  const kinds = Object.keys(LATTICES).filter((name) => kind === undefined || name === kind);
  const sizes = (isQuick ? QUICK_SIZES : SIZES).filter((one) => size === undefined || one === size);
  const cases = families.flatMap((name) =>
    sizes.flatMap((qubits) => kinds.map((lattice) => caseOf(name, lattice, qubits))),
  );
  const isLarge = !isQuick && (size ?? LARGE_SIZE) === LARGE_SIZE && kinds.includes('heavy-hex');
  if (!isLarge) return cases;
  const large = families.filter((name) => LARGE.includes(name));
  return [...cases, ...large.map((name) => caseOf(name, 'heavy-hex', LARGE_SIZE))];
}
