import { decompositionOf, type GateInstruction, gateByName } from '@qfs/circuit';
import { assert } from '@qfs/core';
import type { Op, Run } from '../contract.ts';
import { AngleSum } from '../matrix/angles.ts';
import { margolus, pairedToffolis } from './relative-phase.ts';

/**
 * Writes gates on three and more qubits by the decompositions of the gate table, pairs of Toffoli gates that
 * compute and uncompute by Margolus gates, and leaves out identities.
 */
export function unroll(run: Run): Run {
  const ops: Op[] = [];
  const phase = new AngleSum(run.phase);
  const paired = pairedToffolis(run.ops);
  const visit = (op: Op): void => {
    if (op.gate === 'id') return;
    if (op.qubits.length < 3) {
      ops.push(op);
      return;
    }
    const steps = decompositionOf({ kind: 'gate', ...op });
    assert(steps !== undefined, () => `gate ${op.gate} has no decomposition`);
    for (const step of steps) {
      if (step.kind === 'gphase') phase.add(step.angle);
      else visit(opOf(step));
    }
  };
  for (const [at, op] of run.ops.entries()) {
    const pair = paired.get(at);
    if (pair === undefined) visit(op);
    else ops.push(...margolus(pair));
  }
  return { ops, phase: phase.value() };
}

function opOf(step: GateInstruction): Op {
  assert(
    step.controls === undefined && gateByName(step.gate) !== undefined,
    'a step of a plain gate is plain',
  );
  return { gate: step.gate, parameters: step.parameters, qubits: step.qubits as readonly number[] };
}
