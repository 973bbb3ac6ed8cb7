import type { CompileTarget, Program } from '@qfs/circuit';
import type { CircuitSize, OptimisationLevel, PassReport, Run } from '../contract.ts';
import { LOCAL_PASSES, type LocalPassName } from '../local/index.ts';
import { type Code, mapRuns } from '../program/index.ts';
import { DEVICE_PASSES, type DevicePassName } from './device-passes.ts';
import { LEVELS } from './levels.ts';
import { sizeOf } from './size.ts';

/** A program on its way through the passes, with what each of them did. */
export class Pipeline {
  code: Code;
  readonly passes: PassReport[] = [];
  readonly #program: Program;
  readonly level: OptimisationLevel;
  /** Of the program; of the device once the circuit is laid out on it. */
  qubits: number;
  #size: CircuitSize;

  constructor(program: Program, code: Code, level: OptimisationLevel) {
    this.#program = program;
    this.code = code;
    this.level = level;
    this.qubits = program.qubits;
    this.#size = sizeOf(program, code);
  }

  get size(): CircuitSize {
    return this.#size;
  }

  /** Takes the code that a pass made. */
  step(pass: DevicePassName, code: Code): void {
    this.#take(DEVICE_PASSES[pass].name, code);
  }

  #take(pass: string, code: Code): void {
    const before = this.#size;
    this.code = code;
    this.#size = sizeOf({ ...this.#program, qubits: this.qubits }, code);
    this.passes.push({ pass, before, after: this.#size });
  }

  rewrite(pass: DevicePassName, rewrite: (run: Run) => Run): void {
    this.step(pass, mapRuns(this.code, rewrite));
  }

  local(name: LocalPassName, target: CompileTarget | undefined): void {
    const pass = LOCAL_PASSES[name];
    const context = { qubits: this.qubits, target, level: this.level };
    this.#take(
      pass.name,
      mapRuns(this.code, (run) => pass.run(run, context)),
    );
  }

  /** The passes of the level, on the gates of the target or, without one, on any. */
  optimise(names: readonly LocalPassName[], target: CompileTarget | undefined): void {
    for (let round = 0; round < LEVELS[this.level].rounds; round++) {
      const before = this.#size;
      for (const name of names) this.local(name, target);
      if (!isBetter(this.#size, before)) break;
    }
  }
}

/** Fewer two-qubit gates; as many and less deep; or fewer gates. */
const isBetter = (a: CircuitSize, b: CircuitSize): boolean =>
  a.twoQubitGates !== b.twoQubitGates
    ? a.twoQubitGates < b.twoQubitGates
    : a.depth !== b.depth
      ? a.depth < b.depth
      : a.gates < b.gates;
