import { assert } from '@qfs/core';
import { type GateStep, parseSignature, parseSteps } from './step.ts';

/** The file whose `include` declares a gate; `builtin` gates need none. */
export const INCLUDES = ['builtin', 'stdgates.inc', 'qfs.inc'] as const;
export type Include = (typeof INCLUDES)[number];

/** Colour family of a gate in drawings. */
export type GateFamily = 'pauli' | 'hadamard' | 'phase' | 'rotation' | 'swap' | 'general';

/** How one qubit of a gate looks: a control dot, an inverter, a swap cross, or a box with the label. */
export type GateSymbol = '■' | '⊕' | '✕' | '□';

export interface GateDrawing {
  readonly label: string;
  /** One per qubit. Without it the gate is one box over all its qubits. */
  readonly symbols?: readonly GateSymbol[];
}

/**
 * One gate. Matrices are row-major with interleaved real and imaginary parts; **qubit operand 0 is the most
 * significant bit of the matrix index**, so that a gate whose first operand is a control is block diagonal
 * (OpenQASM 3 specification, "Quantum gate modifiers").
 */
export interface Gate {
  readonly name: string;
  /** Further names for the same gate, declared by the same file. */
  readonly aliases: readonly string[];
  readonly include: Include;
  readonly qubits: number;
  /** Names of the parameters, all real; angles in radians. */
  readonly parameters: readonly string[];
  /** The unitary for numeric parameters: 2·4^qubits numbers. */
  readonly matrix: (parameters: readonly number[]) => Float64Array;
  readonly inverse: GateStep;
  /** Equal to the gate including its global phase; undefined for the primitives `U`, `gphase` and `cx`. */
  readonly decomposition?: readonly GateStep[];
  /** The same three as text, in the notation of gate definitions, for reference pages. */
  readonly notation: {
    readonly signature: string;
    readonly inverse: string;
    readonly decomposition?: string;
  };
  readonly drawing: GateDrawing;
  readonly family: GateFamily;
  readonly help: string;
  /** The operation of AQO documents and the first version that has it. */
  readonly aqo?: { readonly op: string; readonly version: '0.1' | '1.0.0' };
}

/** A table row as it is written: steps are text in the notation of `parseSteps`. */
export interface GateRow {
  readonly aliases?: readonly string[];
  /** Parameters and qubits as in a gate definition: `cu(theta, phi, lambda, gamma) a, b`. */
  readonly signature: string;
  readonly matrix: (...parameters: number[]) => ArrayLike<number>;
  /** Left out for a gate that is its own inverse. */
  readonly inverse?: string;
  readonly decomposition?: string;
  readonly draw: string;
  readonly symbols?: string;
  readonly family: GateFamily;
  readonly help: string;
  readonly aqo?: { readonly op: string; readonly version: '0.1' | '1.0.0' };
}

/** Reads a table row; a row that cannot be read is a bug of ours and fails at import. */
export function gate(include: Include, row: GateRow): Gate {
  const signature = parseSignature(row.signature);
  const [inverse] = parseSteps(row.inverse ?? row.signature, signature);
  assert(inverse !== undefined, () => `gate table: no inverse of ${signature.name}`);
  return {
    name: signature.name,
    aliases: row.aliases ?? [],
    include,
    qubits: signature.qubits.length,
    parameters: signature.parameters,
    matrix: (parameters) => new Float64Array(row.matrix(...parameters)),
    inverse,
    ...(row.decomposition !== undefined && { decomposition: parseSteps(row.decomposition, signature) }),
    notation: {
      signature: row.signature,
      inverse: row.inverse ?? row.signature,
      ...(row.decomposition !== undefined && { decomposition: row.decomposition }),
    },
    drawing: { label: row.draw, ...(row.symbols && { symbols: [...row.symbols] as GateSymbol[] }) },
    family: row.family,
    help: row.help,
    ...(row.aqo && { aqo: row.aqo }),
  };
}
