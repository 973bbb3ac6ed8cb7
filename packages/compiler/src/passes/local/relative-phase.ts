import type { Op } from '../contract.ts';
import { ruleOf } from './gate-rules.ts';

/**
 * The Toffoli gates of a run that come in pairs between which nothing but their effect is used: on all three
 * qubits whatever stands between the two is diagonal. A phase that the first leaves on some basis states
 * commutes with that, and the second can take it away; so both can be Margolus gates, which are Toffoli gates
 * up to such phases and take half the CNOTs (Barenco et al. 1995, section VI B; Maslov 2016). Computing and
 * uncomputing is full of these pairs. By its place in the run, each is given the qubits of the first, as
 * Margolus gates are not symmetric in their controls.
 */
export function pairedToffolis(ops: readonly Op[]): ReadonlyMap<number, readonly number[]> {
  const paired = new Map<number, readonly number[]>();
  /** Where a qubit was last acted on otherwise than diagonally. */
  const lastMixed: number[] = [];
  const mixedAt = (qubit: number): number => lastMixed[qubit] ?? -1;
  for (const [at, op] of ops.entries()) {
    if (op.gate === 'ccx') {
      const [a, b, target] = op.qubits as readonly [number, number, number];
      const first = mixedAt(target);
      const partner = ops[first];
      const isPair =
        partner?.gate === 'ccx' &&
        !paired.has(first) &&
        partner.qubits[2] === target &&
        partner.qubits.includes(a) &&
        partner.qubits.includes(b) &&
        mixedAt(a) < first &&
        mixedAt(b) < first;
      if (isPair) paired.set(first, partner.qubits).set(at, partner.qubits);
    }
    const { axes } = ruleOf(op.gate);
    for (const [operand, qubit] of op.qubits.entries()) if (axes[operand] !== 'Z') lastMixed[qubit] = at;
  }
  return paired;
}

/** A Margolus gate, which is its own inverse, on two controls and a target. */
export function margolus([a, b, target]: readonly number[]): Op[] {
  const one = (gate: string): Op => ({ gate, parameters: [], qubits: [target!] });
  const flip = (control: number): Op => ({ gate: 'cx', parameters: [], qubits: [control, target!] });
  const [h, t, tdg] = [one('h'), one('t'), one('tdg')];
  return [h, t, flip(b!), tdg, flip(a!), t, flip(b!), tdg, h];
}
