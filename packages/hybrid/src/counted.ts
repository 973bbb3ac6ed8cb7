import { type CircuitResult, type Observable, readAqo, writeAqo } from '@qfs/circuit';
import { deriveSeed } from '@qfs/core/math';
import { estimate, groupsOf, type MeasuredGroup } from './grouping.ts';
import type { Evaluations } from './hybrid-run.ts';
import { inBasis } from './in-basis.ts';

/** An objective on a device that counts and nothing more: a circuit for each group of terms. */
export class CountedObjective {
  /** AQO documents, one for each group. */
  readonly circuits: readonly Uint8Array[];
  readonly #observable: Observable;
  readonly #groups: readonly MeasuredGroup[];

  /**
   * @param aqo the compiled circuit
   * @param observable of the qubits of that circuit
   * @throws QfsError NOT_IMPLEMENTED for a circuit that cannot be measured in other bases
   */
  constructor(aqo: Uint8Array, observable: Observable) {
    const program = readAqo(aqo);
    if (!program.ok) throw program.error;
    this.#observable = observable;
    this.#groups = groupsOf([observable]);
    this.circuits = this.#groups.map(({ basis }) => writeAqo(inBasis(program.value, basis)));
  }

  /** What is run for the evaluations, one item for each circuit. */
  items({ parameters, shots, seed }: Evaluations) {
    return this.circuits.map((_, group) => ({ parameters, shots, seed: deriveSeed(seed, group) }));
  }

  /** The objective at a set of parameters, from what each circuit counted there. */
  valueOf(results: readonly CircuitResult[]) {
    const [value] = estimate(
      [this.#observable],
      this.#groups,
      results.map(({ counts }) => counts),
    );
    return value!;
  }
}
