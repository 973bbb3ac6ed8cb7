import type {
  Block,
  GateInstruction,
  GphaseInstruction,
  Instruction,
  Parameter,
  Program,
  QubitOperand,
  QubitRegister,
  Variable,
} from '@qfs/circuit';
import { gateByName, INCLUDES } from '@qfs/circuit';
import { unreachable } from '@qfs/core';
import { DECLARED_ANNOTATION, INNER_ANNOTATION } from '@qfs/qasm';
import { type Names, writeExpression, writeNumber, writeTarget, writeType } from './write-expression.ts';

/**
 * The circuit IR as OpenQASM 3.0 text that compiles back to the same program. Registers and variables stand at the
 * top in the order of the IR; gates of the table are called by name.
 */
export function writeQasm(program: Program): string {
  return new QasmWriter(program).write();
}

class QasmWriter {
  readonly #program: Program;
  readonly #registers: readonly QubitRegister[];
  readonly #names: Names;
  readonly #includes = new Set<string>();
  /** Names for runs of qubits that are no register but indexed at run time. */
  readonly #aliases = new Set<string>();
  readonly #lines: string[] = [];

  constructor(program: Program) {
    this.#program = program;
    this.#registers = program.qubitRegisters;
    const qubits = qubitTexts(program);
    this.#names = {
      variables: program.variables,
      subroutines: program.subroutines,
      qubit: (index) => qubits[index]!,
    };
  }

  write(): string {
    this.#block(this.#program.body, '');
    const includes = INCLUDES.filter((file) => this.#includes.has(file)).map((file) => `include "${file}";`);
    const registers = this.#registers
      .filter(({ name }) => !name.startsWith('$'))
      .map(({ name, size, loose }) => (loose === true ? `qubit ${name};` : `qubit[${size}] ${name};`));
    const variables = this.#program.variables.map(writeVariable);
    return `${['OPENQASM 3.0;', ...includes, ...registers, ...variables, ...this.#aliases, ...this.#lines].join('\n')}\n`;
  }

  #block(block: Block, indent: string): void {
    for (const instruction of block) this.#instruction(instruction, indent);
  }

  #nested(head: string, block: Block, indent: string, tail = '}'): void {
    this.#lines.push(`${indent}${head} {`);
    this.#block(block, `${indent}  `);
    this.#lines.push(`${indent}${tail}`);
  }

  #instruction(instruction: Instruction, indent: string): void {
    switch (instruction.kind) {
      case 'gate':
      case 'gphase':
        this.#lines.push(`${indent}${this.#unitary(instruction)};`);
        return;
      case 'measure': {
        const target =
          instruction.target === undefined ? '' : `${writeTarget(instruction.target, this.#names)} = `;
        this.#lines.push(`${indent}${target}measure ${this.#qubit(instruction.qubit)};`);
        return;
      }
      case 'reset':
        this.#lines.push(`${indent}reset ${this.#qubit(instruction.qubit)};`);
        return;
      case 'barrier':
        this.#lines.push(
          `${indent}barrier ${instruction.qubits.map((qubit) => this.#qubit(qubit)).join(', ')};`,
        );
        return;
      case 'assign':
        this.#lines.push(
          `${indent}${writeTarget(instruction.target, this.#names)} = ${this.#expression(instruction.value)};`,
        );
        return;
      default:
        return this.#control(instruction, indent);
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
        this.#block(otherwise, `${indent}  `);
        this.#lines.push(`${indent}}`);
        return;
      }
      case 'while':
        return this.#nested(`while (${this.#expression(instruction.condition)})`, instruction.body, indent);
      case 'for':
        return this.#for(instruction, indent);
      case 'switch':
        return this.#switch(instruction, indent);
      case 'box':
        return this.#nested(
          instruction.duration === undefined ? 'box' : `box[${this.#expression(instruction.duration)}]`,
          instruction.body,
          indent,
        );
      case 'delay': {
        const on = instruction.qubits.map((qubit) => this.#qubit(qubit)).join(', ');
        this.#lines.push(`${indent}delay[${this.#expression(instruction.duration)}] ${on};`);
        return;
      }
      case 'evaluate':
        this.#lines.push(`${indent}${this.#expression(instruction.value)};`);
        return;
      case 'return':
        this.#lines.push(
          `${indent}return${instruction.value === undefined ? '' : ` ${this.#expression(instruction.value)}`};`,
        );
        return;
      case 'break':
      case 'continue':
      case 'end':
        this.#lines.push(`${indent}${instruction.kind};`);
        return;
      default:
        return unreachable(instruction);
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
    this.#lines.push(`${indent}@${DECLARED_ANNOTATION}`);
    this.#nested(`for ${writeType(variable.type)} ${variable.name} in ${values}`, instruction.body, indent);
  }

  #switch(instruction: Extract<Instruction, { kind: 'switch' }>, indent: string): void {
    const inner = `${indent}  `;
    this.#lines.push(`${indent}switch (${this.#expression(instruction.subject)}) {`);
    for (const { values, body } of instruction.cases) this.#nested(`case ${values.join(', ')}`, body, inner);
    if (instruction.otherwise !== undefined) this.#nested('default', instruction.otherwise, inner);
    this.#lines.push(`${indent}}`);
  }

  #unitary(instruction: GateInstruction | GphaseInstruction): string {
    const modifiers = (instruction.controls ?? [])
      .map((polarity) => (polarity ? 'ctrl @ ' : 'negctrl @ '))
      .join('');
    const name = instruction.kind === 'gate' ? instruction.gate : 'gphase';
    const include = gateByName(name)?.include;
    if (include !== undefined && include !== 'builtin') this.#includes.add(include);
    const parameters = instruction.kind === 'gate' ? instruction.parameters : [instruction.angle];
    const args =
      parameters.length === 0
        ? ''
        : `(${parameters.map((parameter) => this.#parameter(parameter)).join(', ')})`;
    const qubits = instruction.qubits ?? [];
    return (
      modifiers +
      name +
      args +
      (qubits.length === 0 ? '' : ` ${qubits.map((qubit) => this.#qubit(qubit)).join(', ')}`)
    );
  }

  #parameter(parameter: Parameter): string {
    return typeof parameter === 'number' ? writeNumber(parameter) : this.#expression(parameter);
  }

  #expression(ir: Parameters<typeof writeExpression>[0]): string {
    return writeExpression(ir, this.#names);
  }

  #qubit(qubit: QubitOperand): string {
    if (typeof qubit === 'number') return this.#names.qubit(qubit);
    const register = this.#registers.find(
      ({ offset, size }) => offset === qubit.offset && size === qubit.size,
    );
    const name = register?.name ?? aliasName(qubit.offset, qubit.size);
    if (register === undefined) this.#aliases.add(`let ${name} = ${this.#run(qubit.offset, qubit.size)};`);
    return `${name}[${this.#expression(qubit.index)}]`;
  }

  /** A run of qubits across registers, as the concatenation of its elements. */
  #run(offset: number, size: number): string {
    return Array.from({ length: size }, (_, at) => this.#names.qubit(offset + at)).join(' ++ ');
  }
}

/** The text of every qubit, by flat index. */
function qubitTexts(program: Program): string[] {
  const texts: string[] = [];
  for (const { name, offset, size, loose } of program.qubitRegisters) {
    for (let index = 0; index < size; index++)
      texts[offset + index] = loose === true ? name : `${name}[${index}]`;
  }
  return texts;
}

type ControlInstruction = Exclude<
  Instruction,
  { kind: 'gate' | 'gphase' | 'measure' | 'reset' | 'barrier' | 'assign' }
>;

const aliasName = (offset: number, size: number): string => `run_${offset}_${size}`;

function writeVariable(variable: Variable): string {
  const type = variable.loose === true ? 'bit' : writeType(variable.type);
  const role = variable.role === 'local' ? '' : `${variable.role} `;
  return `${variable.inner === true ? `@${INNER_ANNOTATION}\n` : ''}${role}${type} ${variable.name};`;
}
