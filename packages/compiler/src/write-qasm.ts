import type {
  Block,
  GateInstruction,
  GphaseInstruction,
  Include,
  Instruction,
  Parameter,
  Program,
  QubitOperand,
  QubitRegister,
  Variable,
} from '@qfs/circuit';
import { gateByName, INCLUDES } from '@qfs/circuit';
import { unreachable } from '@qfs/core';
import { OWN_ANNOTATIONS } from '@qfs/qasm';
import { chooseNames, type WrittenNames } from './names.ts';
import { type Names, writeExpression, writeNumber, writeTarget, writeType } from './write-expression.ts';

/**
 * The circuit IR as OpenQASM 3.0 text that compiles back to the same program. Registers and variables stand
 * at the top in the order of the IR; gates of the table are called by name.
 */
export function writeQasm(program: Program): string {
  return new QasmWriter(program).write();
}

class QasmWriter {
  readonly #program: Program;
  readonly #written: WrittenNames;
  readonly #includes: ReadonlySet<Include>;
  readonly #names: Names;
  readonly #usedQubits = new Set<number>();
  /** Names for runs of qubits that are no register but indexed at run time. */
  readonly #aliases = new Set<string>();
  readonly #lines: string[] = [];

  constructor(program: Program) {
    this.#program = program;
    this.#includes = usedIncludes([program.body, ...program.subroutines.map(({ body }) => body)]);
    this.#written = chooseNames(program, this.#includes);
    const qubits = qubitTexts(this.#written.registers);
    this.#names = {
      variables: this.#written.variables,
      subroutines: program.subroutines,
      qubit: (index) => qubits[index]!,
    };
  }

  write(): string {
    this.#block(this.#program.body, '');
    const includes = INCLUDES.filter((file) => file !== 'builtin' && this.#includes.has(file));
    const { registers, variables } = this.#written;
    const lines = [
      'OPENQASM 3.0;',
      ...includes.map((file) => `include "${file}";`),
      ...registers.filter(isDeclared).map((register) => this.#register(register)),
      ...variables.map((variable) => this.#variable(variable)),
      ...this.#aliases,
      ...this.#idleHardware(),
      ...this.#lines,
    ];
    return `${lines.join('\n')}\n`;
  }

  #register({ name, size, loose }: QubitRegister): string {
    return `${this.#original(name)}qubit${loose === true ? '' : `[${size}]`} ${name};`;
  }

  #variable({ name, type, role, loose, inner }: Variable): string {
    const annotation = inner === true ? `@${OWN_ANNOTATIONS.inner}\n` : '';
    const words = `${role === 'local' ? '' : `${role} `}${loose === true ? 'bit' : writeType(type)}`;
    return `${this.#original(name)}${annotation}${words} ${name};`;
  }

  #original(name: string): string {
    const original = this.#written.originals.get(name);
    return original === undefined ? '' : `@${OWN_ANNOTATIONS.name} ${original}\n`;
  }

  /** Hardware qubits exist by being mentioned, so one that nothing acts on is mentioned by itself. */
  #idleHardware(): string[] {
    const idle = this.#written.registers.filter(
      (register) => !isDeclared(register) && !this.#usedQubits.has(register.offset),
    );
    return idle.map(({ name }) => `nop ${name};`);
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
        this.#block(otherwise, `${indent}  `);
        this.#lines.push(`${indent}}`);
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
    this.#lines.push(`${indent}@${OWN_ANNOTATIONS.declared}`);
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
    if (typeof qubit === 'number') {
      this.#usedQubits.add(qubit);
      return this.#names.qubit(qubit);
    }
    const register = this.#written.registers.find(
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

const isDeclared = ({ name }: QubitRegister): boolean => !name.startsWith('$');

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

/** The files that declare the gates of these blocks. */
function usedIncludes(blocks: readonly Block[], found: Set<Include> = new Set()): Set<Include> {
  for (const instruction of blocks.flat()) {
    if (instruction.kind === 'gate') found.add(gateByName(instruction.gate)!.include);
    else usedIncludes(innerBlocks(instruction), found);
  }
  return found;
}

function innerBlocks(instruction: Instruction): Block[] {
  if (instruction.kind === 'switch') {
    return [
      ...instruction.cases.map(({ body }) => body),
      ...(instruction.otherwise === undefined ? [] : [instruction.otherwise]),
    ];
  }
  if (instruction.kind === 'if') {
    return instruction.otherwise === undefined
      ? [instruction.body]
      : [instruction.body, instruction.otherwise];
  }
  return 'body' in instruction ? [instruction.body] : [];
}

type ControlInstruction = Exclude<
  Instruction,
  { kind: 'gate' | 'gphase' | 'measure' | 'reset' | 'barrier' | 'assign' }
>;

const aliasName = (offset: number, size: number): string => `run_${offset}_${size}`;
