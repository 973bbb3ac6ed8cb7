import type { Op, PassContext, Run } from '../contract.ts';
import { addAngles } from '../matrix/angles.ts';
import { product } from '../matrix/complex.ts';
import { type GateSet, gateSetOf } from './gate-set.ts';
import { isNumeric, matrixOf, type Row } from './numeric.ts';
import { writeOneQubit } from './write-one-qubit.ts';

/** Writes every row of numeric gates on one qubit as the shortest sequence for its product. */
export function resynthesiseSingleQubits(run: Run, context: PassContext): Run {
  const set = gateSetOf(context);
  if (set.style === undefined) return run;
  const out: Op[] = [];
  const pending: (Row | undefined)[] = [];
  let phase = 0;
  const flush = (qubit: number): void => {
    const row = pending[qubit];
    if (row === undefined) return;
    pending[qubit] = undefined;
    const { ops, phase: left } = shortest(row, qubit, set);
    phase += left;
    for (const op of ops) out.push(op);
  };
  for (const op of run.ops) {
    const qubit = op.qubits[0]!;
    if (op.qubits.length === 1 && isNumeric(op)) {
      const row = pending[qubit];
      if (row === undefined) pending[qubit] = { ops: [op], unitary: matrixOf(op) };
      else {
        row.ops.push(op);
        row.unitary = product(matrixOf(op), row.unitary);
      }
    } else {
      for (const acted of op.qubits) flush(acted);
      out.push(op);
    }
  }
  for (let qubit = 0; qubit < pending.length; qubit++) flush(qubit);
  return { ops: out, phase: addAngles(run.phase, phase) };
}

/** The row as it is, unless a shorter one, or the only one in the basis, does the same. */
function shortest(
  { ops, unitary }: Row,
  qubit: number,
  set: GateSet,
): { readonly ops: readonly Op[]; readonly phase: number } {
  const asIs = { ops, phase: 0 };
  const inBasis = ops.every(({ gate }) => set.allows(gate));
  if (ops.length === 1 && inBasis && ops[0]!.parameters.length === 0) return asIs;
  const written = writeOneQubit(unitary, qubit, set);
  return written === undefined || (inBasis && written.ops.length >= ops.length) ? asIs : written;
}
