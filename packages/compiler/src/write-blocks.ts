import type {
  Block,
  GateInstruction,
  GphaseInstruction,
  Instruction,
  Parameter,
  QubitChoice,
  QubitOperand,
  QubitRegister,
  Variable,
} from '@qfs/circuit';
import { unreachable } from '@qfs/core';
import { OWN_ANNOTATIONS } from '@qfs/qasm';
import { type Names, writeExpression, writeNumber, writeTarget, writeType } from './write-expression.ts';

/** What stands around the statements of a program or a subroutine. */
interface Surroundings {
  readonly registers: readonly QubitRegister[];
  readonly variables: readonly Variable[];
  readonly subroutines: readonly { readonly name: string }[];
  readonly fresh: (name: string) => string;
}

/** Writes the statements of a program, or of a subroutine, line by line. */
export class BlockWriter {
  readonly lines: string[] = [];
  /** Qubits that are written somewhere. */
  readonly usedQubits = new Set<number>();
  /** Names for qubits or bits that are no register but stand together, by their concatenation. */
  readonly #aliases = new Map<string, string>();
  /** Names of runs of qubits, by `offset:size`: a large one is looked for once. */
  readonly #runs = new Map<string, string>();
  readonly #surroundings: Surroundings;
  readonly #names: Names;
  readonly #qubitTexts: readonly string[];

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#qubitTexts = qubitTexts(surroundings.registers);
    this.#names = {
      ...surroundings,
      qubits: (operands) => this.#qubits(operands),
      bits: (parts) => this.#alias('bits', parts.map((part) => writeTarget(part, this.#names)).join(' ++ ')),
    };
  }

  get aliases(): string[] {
    return [...this.#aliases].map(([value, name]) => `let ${name} = ${value};`);
  }

  write(block: Block, indent: string): void {
    for (const instruction of block) this.#instruction(instruction, indent);
  }

  #nested(head: string, block: Block, indent: string, tail = '}'): void {
    this.lines.push(`${indent}${head} {`);
    this.write(block, `${indent}  `);
    this.lines.push(`${indent}${tail}`);
  }

  #instruction(instruction: Instruction, indent: string): void {
    switch (instruction.kind) {
      case 'gate':
      case 'gphase':
        this.lines.push(`${indent}${this.#unitary(instruction)};`);
        return;
      case 'measure': {
        const target =
          instruction.target === undefined ? '' : `${writeTarget(instruction.target, this.#names)} = `;
        this.lines.push(`${indent}${target}measure ${this.#qubit(instruction.qubit)};`);
        return;
      }
      case 'reset':
        this.lines.push(`${indent}reset ${this.#qubit(instruction.qubit)};`);
        return;
      case 'barrier':
        this.lines.push(
          `${indent}barrier ${instruction.qubits.map((qubit) => this.#qubit(qubit)).join(', ')};`,
        );
        return;
      case 'assign':
        this.lines.push(
          `${indent}${writeTarget(instruction.target, this.#names)} = ${this.#expression(instruction.value)};`,
        );
        return;
      default:
        this.#control(instruction, indent);
        return;
    }
  }

  #control(instruction: ControlInstruction, indent: string): void {
    switch (instruction.kind) {
      case 'if': {
        const { condition, body, otherwise } = instruction;
        this.#nested(
          `if (${this.#expression(condition)})`,
          body,
          indent,
          otherwise === undefined ? '}' : '} else {',
        );
        if (otherwise === undefined) return;
        this.write(otherwise, `${indent}  `);
        this.lines.push(`${indent}}`);
        return;
      }
      case 'while':
        this.#nested(`while (${this.#expression(instruction.condition)})`, instruction.body, indent);
        return;
      case 'for':
        this.#for(instruction, indent);
        return;
      case 'switch':
        this.#switch(instruction, indent);
        return;
      case 'box':
        this.#nested(
          instruction.duration === undefined ? 'box' : `box[${this.#expression(instruction.duration)}]`,
          instruction.body,
          indent,
        );
        return;
      case 'delay': {
        const on = instruction.qubits.map((qubit) => this.#qubit(qubit)).join(', ');
        this.lines.push(`${indent}delay[${this.#expression(instruction.duration)}] ${on};`);
        return;
      }
      case 'evaluate':
        this.lines.push(`${indent}${this.#expression(instruction.value)};`);
        return;
      case 'return':
        this.lines.push(
          `${indent}return${instruction.value === undefined ? '' : ` ${this.#expression(instruction.value)}`};`,
        );
        return;
      case 'break':
      case 'continue':
      case 'end':
        this.lines.push(`${indent}${instruction.kind};`);
        return;
      default:
        unreachable(instruction);
        return;
    }
  }

  #for(instruction: Extract<Instruction, { kind: 'for' }>, indent: string): void {
    const variable = this.#names.variables[instruction.variable]!;
    const { over } = instruction;
    const values =
      over.kind === 'range'
        ? `[${this.#expression(over.start)}:${this.#expression(over.step)}:${this.#expression(over.stop)}]`
        : over.kind === 'set'
          ? `{${over.values.map((value) => this.#expression(value)).join(', ')}}`
          : this.#expression(over.array);
    this.lines.push(`${indent}@${OWN_ANNOTATIONS.declared}`);
    this.#nested(`for ${writeType(variable.type)} ${variable.name} in ${values}`, instruction.body, indent);
  }

  #switch(instruction: Extract<Instruction, { kind: 'switch' }>, indent: string): void {
    const inner = `${indent}  `;
    this.lines.push(`${indent}switch (${this.#expression(instruction.subject)}) {`);
    for (const { values, body } of instruction.cases) this.#nested(`case ${values.join(', ')}`, body, inner);
    if (instruction.otherwise !== undefined) this.#nested('default', instruction.otherwise, inner);
    this.lines.push(`${indent}}`);
  }

  #unitary(instruction: GateInstruction | GphaseInstruction): string {
    const modifiers = instruction.controls?.map((polarity) => (polarity ? 'ctrl @ ' : 'negctrl @ ')).join('');
    const name = instruction.kind === 'gate' ? instruction.gate : 'gphase';
    const parameters = instruction.kind === 'gate' ? instruction.parameters : [instruction.angle];
    let text = (modifiers ?? '') + name;
    for (let at = 0; at < parameters.length; at++)
      text += (at === 0 ? '(' : ', ') + this.#parameter(parameters[at]!);
    if (parameters.length > 0) text += ')';
    const qubits = instruction.qubits ?? [];
    for (let at = 0; at < qubits.length; at++) text += (at === 0 ? ' ' : ', ') + this.#qubit(qubits[at]!);
    return text;
  }

  #parameter(parameter: Parameter): string {
    return typeof parameter === 'number' ? writeNumber(parameter) : this.#expression(parameter);
  }

  #expression(ir: Parameters<typeof writeExpression>[0]): string {
    return writeExpression(ir, this.#names);
  }

  #qubit(qubit: QubitOperand): string {
    if (typeof qubit === 'number') {
      this.usedQubits.add(qubit);
      return this.#qubitTexts[qubit]!;
    }
    return `${this.#choice(qubit)}[${this.#expression(qubit.index)}]`;
  }

  /** The name of the qubits of which one is chosen. */
  #choice(choice: QubitChoice): string {
    if ('among' in choice) return this.#alias('qubits', this.#joined(choice.among));
    const { offset, size } = choice;
    const known = this.#runs.get(`${offset}:${size}`);
    if (known !== undefined) return known;
    const run = Array.from({ length: size }, (_, at) => offset + at);
    // A set, even of one qubit, can be indexed; an element of a register cannot.
    const joined = size === 1 ? this.#qubit(offset).replace(/\[(\d+)\]$/, '[{$1}]') : this.#joined(run);
    const name = this.#registerOf(offset, size)?.name ?? this.#alias(`run_${offset}_${size}`, joined);
    this.#runs.set(`${offset}:${size}`, name);
    return name;
  }

  #joined(operands: readonly QubitOperand[]): string {
    return operands.map((qubit) => this.#qubit(qubit)).join(' ++ ');
  }

  /** A register where there is one of just these qubits, else a name for them. */
  #qubits(operands: readonly QubitOperand[]): string {
    if (operands.length === 1) return this.#qubit(operands[0]!);
    const first = operands[0]!;
    const isRun = typeof first === 'number' && operands.every((operand, at) => operand === first + at);
    const register = isRun ? this.#registerOf(first, operands.length) : undefined;
    return register?.name ?? this.#alias('qubits', this.#joined(operands));
  }

  #registerOf(offset: number, size: number): QubitRegister | undefined {
    return this.#surroundings.registers.find(
      (register) => register.offset === offset && register.size === size,
    );
  }

  /** The name for a concatenation, declared when it is needed first. */
  #alias(name: string, value: string): string {
    const known = this.#aliases.get(value);
    if (known !== undefined) return known;
    const chosen = this.#surroundings.fresh(name);
    this.#aliases.set(value, chosen);
    return chosen;
  }
}

/** The text of every qubit, by flat index. */
function qubitTexts(registers: readonly QubitRegister[]): string[] {
  const texts: string[] = [];
  for (const { name, offset, size, loose } of registers) {
    for (let index = 0; index < size; index++) {
      texts[offset + index] = loose === true ? name : `${name}[${index}]`;
    }
  }
  return texts;
}

type ControlInstruction = Exclude<
  Instruction,
  { kind: 'gate' | 'gphase' | 'measure' | 'reset' | 'barrier' | 'assign' }
>;
