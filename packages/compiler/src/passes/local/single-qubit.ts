import type { Op, PassContext, Run } from '../contract.ts';
import { addAngles } from '../matrix/angles.ts';
import { type Matrix, one } from '../matrix/complex.ts';
import { type GateSet, gateSetOf } from './gate-set.ts';
import { applyToOne, isNumeric } from './numeric.ts';
import { type Written, writeOneQubit } from './write-one-qubit.ts';

/** Writes every row of numeric gates on one qubit as the shortest sequence for its product. */
export function resynthesiseSingleQubits(run: Run, context: PassContext): Run {
  const set = gateSetOf(context);
  if (set.turns === undefined) return run;
  const out: Op[] = [];
  const pending: (Op[] | undefined)[] = [];
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
      if (row === undefined) pending[qubit] = [op];
      else row.push(op);
    } else {
      for (const acted of op.qubits) flush(acted);
      out.push(op);
    }
  }
  for (let qubit = 0; qubit < pending.length; qubit++) flush(qubit);
  return { ops: out, phase: addAngles(run.phase, phase) };
}

/** The row as it is, unless a shorter one, or the only one in the basis, does the same. */
function shortest(row: readonly Op[], qubit: number, set: GateSet): Written {
  const asIs = { ops: row, phase: 0 };
  if (set.settledRows.has(row)) return asIs;
  const inBasis = row.every(({ gate }) => set.allows(gate));
  const written = writeOneQubit(productOf(row), qubit, set);
  const chosen = written === undefined || (inBasis && written.ops.length >= row.length) ? asIs : written;
  set.settledRows.add(chosen.ops);
  return chosen;
}

function productOf(row: readonly Op[]): Matrix {
  const unitary = one();
  for (const op of row) applyToOne(op, unitary);
  return unitary;
}
