import { POWER_QUBITS_MAX } from '@qfs/core';
import type { Span } from '../findings.ts';
import type { GateOperand } from '../syntax/ast.ts';
import type { Lowering } from './lowering.ts';
import { lowerOperand, requireDistinct } from './operands.ts';
import { synthesized } from './synthesis.ts';
import { adjoint, distance, identity, type Matrix, sizeOf, times } from './unitary.ts';

/** Rounding of the entries that a matrix may have and still be called unitary. */
const UNITARY_TOLERANCE = 1e-9;

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;
const ENTRY = new RegExp(`^(?=.)(?:(?<re>${NUMBER})(?!im|[\\d.]))?(?:(?<im>${NUMBER})im)?$`);

/**
 * `#pragma braket unitary([[…], […]]) q[0], q[1]`: the gate of a matrix, first qubit the highest bit of its
 * index. `text` stands behind the word. It becomes gates that do the same, including the global phase.
 */
export function lowerBraketUnitary(lowering: Lowering, text: string, span: Span): void {
  const { matrix, operands } = readUnitary(lowering, text, span);
  const qubits = operands.map((operand) => {
    const { qubits: found, isSingle } = lowerOperand(lowering, operand);
    // The parser does not look into pragmas, so a hardware qubit may be known from nothing else.
    const only = isSingle ? found[0] : undefined;
    return only ?? fail(lowering, span, 'its operands are single qubits, and hardware qubits that gates use');
  });
  requireDistinct(lowering, qubits, span);
  for (const gate of synthesized(matrix)) {
    const placed = gate.qubits?.map((qubit) => qubits[qubit as number]!);
    lowering.emit({ ...gate, ...(placed === undefined ? {} : { qubits: placed }) }, span);
  }
}

const fail = (lowering: Lowering, span: Span, why: string): never =>
  lowering.fail('QASM_VALUE', span, `The pragma gives no gate: ${why}.`);

function readUnitary(lowering: Lowering, text: string, span: Span) {
  const parts = /^\(\s*\[(?<rows>.*)\]\s*\)(?<operands>[^()]*)$/.exec(text)?.groups;
  if (parts === undefined) return fail(lowering, span, 'it is written `unitary([[…], […]]) q[0]`');
  const operands = parts.operands!.split(',').map((operand) => operandOf(operand.trim(), span));
  const known = operands.filter((operand) => operand !== undefined);
  if (known.length < operands.length) return fail(lowering, span, 'its operands are qubits such as `q[0]`');
  if (known.length > POWER_QUBITS_MAX)
    return fail(
      lowering,
      span,
      `it acts on ${known.length} qubits, and at most ${POWER_QUBITS_MAX} are possible`,
    );
  const matrix = matrixOf(parts.rows!, 2 ** known.length);
  if (matrix === undefined)
    return fail(
      lowering,
      span,
      'its matrix needs a row and a column of numbers for every state of its qubits',
    );
  if (!isUnitary(matrix)) return fail(lowering, span, 'its matrix is not unitary');
  return { matrix, operands: known };
}

function matrixOf(text: string, size: number): Matrix | undefined {
  const rows = [...text.matchAll(/\[([^[\]]*)\]/g)].map(([, row]) => row!.split(','));
  if (rows.length !== size || rows.some((row) => row.length !== size)) return undefined;
  const numbers = rows.flat().flatMap((entry) => {
    const found = ENTRY.exec(entry.replaceAll(/\s/g, ''))?.groups;
    return found === undefined ? [] : [Number(found.re ?? 0), Number(found.im ?? 0)];
  });
  return numbers.length === 2 * size * size && numbers.every(Number.isFinite)
    ? Float64Array.from(numbers)
    : undefined;
}

const isUnitary = (matrix: Matrix): boolean =>
  distance(times(matrix, adjoint(matrix)), identity(sizeOf(matrix))) < UNITARY_TOLERANCE;

function operandOf(text: string, { start, end }: Span): GateOperand | undefined {
  const hardware = /^\$(\d{1,9})$/.exec(text);
  if (hardware !== null) return { kind: 'hardwareQubit', number: String(Number(hardware[1])), start, end };
  const [, name, index] = /^([\p{L}_][\p{L}\p{N}_]*)(?:\[(\d{1,9})\])?$/u.exec(text) ?? [];
  if (name === undefined) return undefined;
  const items =
    index === undefined
      ? []
      : [{ kind: 'integer' as const, value: BigInt(index), base: 10 as const, start, end }];
  const indices = index === undefined ? [] : [{ kind: 'items' as const, items, start, end }];
  return { kind: 'indexed', name: { kind: 'identifier', name, start, end }, indices, start, end };
}
