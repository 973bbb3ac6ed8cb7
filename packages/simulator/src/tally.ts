import type { CircuitResult, ExpectationValue, Program } from '@qfs/circuit';
import type { Value } from '@qfs/circuit/classical';
import { outputText } from './binding.ts';
import type { PreparedItem } from './prepare.ts';
import type { ResultsSize } from './results-size.ts';

/** What the shots of one parameter set gave. */
export type Outcome = Pick<
  CircuitResult,
  'counts' | 'outputs' | 'memory' | 'expectationValues' | 'gradients'
>;

/** Counts shots per key and per value of each output. */
export class Tally {
  readonly counts = new Map<string, number>();
  readonly outputs: Map<string, Map<string, number>>;
  readonly memory: string[] | undefined;
  readonly #program: Program;
  readonly #size: ResultsSize;

  constructor({ read, item, isCounted }: PreparedItem, size: ResultsSize) {
    const { program } = read;
    this.#program = program;
    this.#size = size;
    this.memory = item.memory && isCounted ? [] : undefined;
    const shown = program.variables.filter(({ role, type }) => role === 'output' && type.kind !== 'bit');
    this.outputs = new Map(shown.map(({ name }) => [name, new Map()]));
  }

  addKey(key: string, shots: number): void {
    this.#count(this.counts, key, shots);
  }

  addMemory(key: string): void {
    if (this.memory === undefined) return;
    this.#size.addEntry(key);
    this.memory.push(key);
  }

  #count(entries: Map<string, number>, text: string, shots: number): void {
    const before = entries.get(text);
    if (before === undefined) this.#size.addEntry(text);
    entries.set(text, (before ?? 0) + shots);
  }

  addOutputs(variables: readonly Value[], shots: number): void {
    if (this.outputs.size === 0 || shots === 0) return;
    for (const [index, { name }] of this.#program.variables.entries()) {
      const values = this.outputs.get(name);
      if (values === undefined) continue;
      this.#count(values, outputText(variables[index]!), shots);
    }
  }

  outcome(expectationValues: readonly ExpectationValue[]): Outcome {
    return {
      counts: this.counts,
      outputs: this.outputs,
      ...(this.memory && { memory: this.memory }),
      expectationValues,
    };
  }
}
