import {
  argumentsOf,
  type Block,
  type ClassicalType,
  type Expression,
  expressionsIn,
  expressionsOf,
  type GateInstruction,
  type GphaseInstruction,
  type Instruction,
  instructionsIn,
  type Parameter,
  type Program,
  partsOf,
  TouchedCollector,
  targetVariables,
  touchedQubits,
  type VariableId,
} from '@qfs/circuit';
import { DEVICE_OPERATIONS_MAX } from '@qfs/core';
import { nearAngle } from '../matrix/angles.ts';
import type { Code, Piece } from './code.ts';
import { CodeBuilder } from './code-builder.ts';
import { type Expansion, expandControlledPhase, expandControls, tabledControls } from './controls.ts';

export interface ExtractOptions {
  /** Are gates under control modifiers written without them, whatever it takes? */
  readonly expandControls: boolean;
  /** How many operations they may become together. */
  readonly operationsMax?: number;
}

/**
 * Cuts the body of a program into runs and what lies between them. Gates go into the earliest run that they
 * can go into: past instructions on other qubits, never past anything that touches theirs.
 */
export function extract(program: Program, options: ExtractOptions): Code {
  return new Extractor(program, options).codeOf(program.body);
}

/** Inputs that keep the value they are bound to. */
function constantInputs(program: Program): ReadonlySet<VariableId> {
  const constant = new Set(
    program.variables.flatMap(({ role }, variable) => (role === 'input' ? [variable] : [])),
  );
  if (constant.size === 0) return constant;
  for (const instruction of instructionsIn(program.body)) {
    for (const target of partsOf(instruction).targets)
      for (const variable of targetVariables(target)) constant.delete(variable);
    for (const expression of expressionsIn(expressionsOf(instruction)))
      for (const argument of argumentsOf(expression))
        if (argument.kind === 'reference')
          for (const variable of targetVariables(argument.target)) constant.delete(variable);
  }
  return constant;
}

class Extractor {
  readonly #program: Program;
  readonly #options: ExtractOptions;
  readonly #touched = new TouchedCollector();
  readonly #constant: ReadonlySet<VariableId>;
  /** Operations that gates under controls may still become. */
  #left: number;

  constructor(program: Program, options: ExtractOptions) {
    this.#program = program;
    this.#options = options;
    this.#left = options.operationsMax ?? DEVICE_OPERATIONS_MAX;
    this.#constant = constantInputs(program);
  }

  codeOf(block: Block): Code {
    const builder = new CodeBuilder();
    for (const instruction of block) {
      const rewritten = this.#rewritable(instruction);
      if (rewritten === undefined) builder.push(this.#piece(instruction));
      else this.#add(rewritten, builder);
    }
    return builder.pieces();
  }

  #add({ ops, phase }: Expansion, builder: CodeBuilder): void {
    for (const op of ops) {
      const parameters = op.parameters.map((parameter) => this.#asFloat(parameter));
      builder.gate(
        { ...op, parameters },
        parameters.every((parameter) => this.#isConstant(parameter)),
      );
    }
    if (phase !== 0) {
      const angle = this.#asFloat(phase);
      builder.phase(angle, this.#isConstant(angle));
    }
  }

  #rewritable(instruction: Instruction): Expansion | undefined {
    if (instruction.kind !== 'gate' && instruction.kind !== 'gphase') return undefined;
    const qubits = instruction.qubits ?? [];
    if (!qubits.every((qubit) => typeof qubit === 'number')) return undefined;
    const parameters = instruction.kind === 'gate' ? instruction.parameters : [instruction.angle];
    if (!parameters.every(isPure)) return undefined;
    return instruction.kind === 'gate' ? this.#gate(instruction, qubits) : this.#gphase(instruction, qubits);
  }

  #gate(instruction: GateInstruction, qubits: readonly number[]): Expansion | undefined {
    const { gate, controls } = instruction;
    const parameters = instruction.parameters.map(nearAngle);
    if (controls === undefined) return { ops: [{ gate, parameters, qubits }], phase: 0 };
    const near = { ...instruction, parameters };
    const tabled = tabledControls(near);
    if (tabled !== undefined || !this.#options.expandControls) return tabled;
    return this.#within(() => expandControls(near));
  }

  #gphase({ angle, controls = [] }: GphaseInstruction, qubits: readonly number[]): Expansion | undefined {
    const expanded = (): Expansion => expandControlledPhase(nearAngle(angle), controls, qubits);
    if (controls.length <= 2) return expanded();
    return this.#options.expandControls ? this.#within(expanded) : undefined;
  }

  /** Few gates under many controls are millions of gates; the ones that would be too many stay. */
  #within(expanded: () => Expansion): Expansion | undefined {
    if (this.#left <= 0) return undefined;
    const expansion = expanded();
    this.#left -= expansion.ops.length;
    return expansion;
  }

  #piece(instruction: Instruction): Exclude<Piece, { kind: 'run' }> {
    const qubits = touchedQubits(this.#touched.ofInstruction(instruction));
    const { blocks } = partsOf(instruction);
    const isWall = [...instructionsIn([instruction])].some(leavesBlock);
    return blocks.length === 0
      ? { kind: 'fixed', instruction, qubits, isWall }
      : { kind: 'nested', instruction, blocks: blocks.map((block) => this.codeOf(block)), qubits, isWall };
  }

  /** Sums and halves of an angle of another type would wrap, or round to fewer bits. */
  #asFloat(parameter: Parameter): Parameter {
    if (typeof parameter === 'number' || this.#isFloat(parameter)) return parameter;
    return { kind: 'cast', type: { kind: 'float', width: 64 }, operand: parameter };
  }

  #isFloat(expression: Expression): boolean {
    switch (expression.kind) {
      case 'float':
        return true;
      case 'variable':
        return isDouble(this.#program.variables[expression.variable]?.type);
      case 'cast':
        return isDouble(expression.type);
      case 'unary':
        return expression.operator === '-' && this.#isFloat(expression.operand);
      case 'binary':
        return (
          ['+', '-', '*', '/'].includes(expression.operator) &&
          this.#isFloat(expression.left) &&
          this.#isFloat(expression.right)
        );
      default:
        return false;
    }
  }

  #isConstant(parameter: Parameter): boolean {
    if (typeof parameter === 'number') return true;
    for (const part of expressionsIn([parameter]))
      if (part.kind === 'variable' && !this.#constant.has(part.variable)) return false;
    return true;
  }
}

const isDouble = (type: ClassicalType | undefined): boolean => type?.kind === 'float' && type.width === 64;

/** A number, or an expression whose evaluation does nothing else. */
const isPure = (parameter: Parameter): boolean => {
  if (typeof parameter === 'number') return true;
  for (const part of expressionsIn([parameter])) if (part.kind === 'call') return false;
  return true;
};

const leavesBlock = ({ kind }: Instruction): boolean =>
  kind === 'break' || kind === 'continue' || kind === 'end' || kind === 'return';
