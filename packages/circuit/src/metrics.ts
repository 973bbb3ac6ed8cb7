import { constantBit, isStatic } from './constants.ts';
import type { Block, GateInstruction, Instruction, Program } from './ir.ts';
import { Levels } from './levels.ts';
import { partsOf, TouchedCollector } from './parts.ts';
import { activeQubits } from './walk.ts';

/** Numbers that describe a program as it is written: nothing is unrolled, every instruction counts once. */
export interface Metrics {
  /** Width: qubits of the program. */
  readonly qubits: number;
  /** Qubits that a gate may act on: all others stay |0⟩. */
  readonly activeQubits: number;
  /** Bits in classical registers and loose bits. */
  readonly bits: number;
  /**
   * Layers when every instruction starts as soon as its qubits and bits are free (Qiskit's rule): barriers
   * make wires wait for each other but are no layer, global phases are nothing, control flow is one
   * instruction. Inputs are there from the start, so that nobody waits for who else reads them.
   */
  readonly depth: number;
  /**
   * Gates by name, sorted; `ctrl @ x` for a gate under control modifiers. Blocks and subroutines included.
   */
  readonly gates: Readonly<Record<string, number>>;
  readonly gateCount: number;
  /** Gates on exactly two qubits, controls included. */
  readonly twoQubitGates: number;
  readonly measurements: number;
  /** Names of the `input` variables. */
  readonly parameters: readonly string[];
  /** False for a static circuit: only gates, barriers and measurements with constant indices and angles. */
  readonly dynamic: boolean;
}

export function metricsOf(program: Program): Metrics {
  const tally = { gates: new Map<string, number>(), gateCount: 0, twoQubitGates: 0, measurements: 0 };
  for (const block of [program.body, ...program.subroutines.map(({ body }) => body)]) count(block, tally);
  const inOrder = [...tally.gates].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    qubits: program.qubits,
    activeQubits: activeQubits(program).length,
    bits: program.variables.reduce((sum, { type }) => sum + (type.kind === 'bit' ? type.width : 0), 0),
    depth: depthOf(program),
    gates: Object.fromEntries(inOrder),
    gateCount: tally.gateCount,
    twoQubitGates: tally.twoQubitGates,
    measurements: tally.measurements,
    parameters: program.variables.filter(({ role }) => role === 'input').map(({ name }) => name),
    dynamic: !isStatic(program),
  };
}

interface Tally {
  readonly gates: Map<string, number>;
  gateCount: number;
  twoQubitGates: number;
  measurements: number;
}

function count(block: Block, tally: Tally): void {
  for (const instruction of block) {
    if (instruction.kind === 'gate' || (instruction.kind === 'gphase' && instruction.qubits !== undefined)) {
      const name = countedName(instruction);
      tally.gates.set(name, (tally.gates.get(name) ?? 0) + 1);
      tally.gateCount += 1;
      if (instruction.qubits?.length === 2) tally.twoQubitGates += 1;
    } else if (instruction.kind === 'measure') tally.measurements += 1;
    else for (const inner of partsOf(instruction).blocks) count(inner, tally);
  }
}

function countedName(instruction: GateInstruction | Extract<Instruction, { kind: 'gphase' }>): string {
  const name = instruction.kind === 'gate' ? instruction.gate : 'gphase';
  if (instruction.controls === undefined) return name;
  return instruction.controls.map((positive) => (positive ? 'ctrl @ ' : 'negctrl @ ')).join('') + name;
}

/**
 * When each qubit and each classical bit is free. A register is waited for as a whole where it is used as a
 * whole: `whole` is the level of the last such use, `latest` the highest level of any use.
 */
function depthOf(program: Program): number {
  const isInput = (variable: number): boolean => program.variables[variable]?.role === 'input';
  const collector = new TouchedCollector();
  const qubits = new Levels(program.qubits);
  const whole = new Int32Array(program.variables.length);
  const latest = new Int32Array(program.variables.length);
  const bits = new Map<string, number>();
  let depth = 0;
  for (const instruction of program.body) {
    if ((instruction.kind === 'gate' || instruction.kind === 'barrier') && isFixed(instruction)) {
      const layers = instruction.kind === 'gate' ? 1 : 0;
      depth = Math.max(depth, raiseTogether(qubits, instruction.qubits as readonly number[], layers));
      continue;
    }
    const target = instruction.kind === 'measure' ? instruction.target : undefined;
    const bit = target === undefined ? undefined : constantBit(program, target);
    const touched = collector.ofInstruction(instruction);
    const variables = [...touched.variables].filter((variable) => !isInput(variable));
    const ranges = [...touched.runs.values(), ...[...touched.qubits].map((offset) => ({ offset, size: 1 }))];
    let level = 0;
    for (const { offset, size } of ranges) level = Math.max(level, qubits.highest(offset, offset + size));
    if (bit === undefined)
      for (const variable of variables) level = Math.max(level, latest[variable] as number);
    else level = Math.max(level, whole[bit.variable] as number, bits.get(`${bit.variable}:${bit.bit}`) ?? 0);

    if (instruction.kind !== 'barrier' && ranges.length + variables.length > 0) level += 1;
    depth = Math.max(depth, level);
    for (const { offset, size } of ranges) qubits.raise(offset, offset + size, level);
    for (const variable of variables) {
      latest[variable] = Math.max(latest[variable] as number, level);
      if (bit === undefined) whole[variable] = level;
    }
    if (bit !== undefined) bits.set(`${bit.variable}:${bit.bit}`, level);
  }
  return depth;
}

type GateOrBarrier = Extract<Instruction, { kind: 'gate' | 'barrier' }>;

/**
 * A gate or barrier that reads no variable: most instructions are such, and need no sets of what they
 * touch.
 */
const isFixed = (instruction: GateOrBarrier): boolean =>
  (instruction.kind === 'barrier' ||
    instruction.parameters.every((parameter) => typeof parameter === 'number')) &&
  instruction.qubits.every((qubit) => typeof qubit === 'number');

/** Lets all of these qubits wait for each other, and pass so many layers together. */
function raiseTogether(levels: Levels, qubits: readonly number[], layers: number): number {
  let level = 0;
  for (const qubit of qubits) level = Math.max(level, levels.at(qubit));
  level += layers;
  for (const qubit of qubits) levels.raiseAt(qubit, level);
  return level;
}
