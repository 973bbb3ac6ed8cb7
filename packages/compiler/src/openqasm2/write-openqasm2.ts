import type { Block, Instruction, Program, QubitOperand } from '@qfs/circuit';
import { constantBit, countsLayout, partsOf, targetVariables } from '@qfs/circuit';
import { CIRCUIT_OPERATIONS_MAX, ok, type Result } from '@qfs/core';
import { openQasm2Names } from '@qfs/qasm';
import { type CompileFailure, failure } from '../languages.ts';
import { otherwise, type RegisterCondition, registerCondition } from './conditions.ts';
import { GateWriter, NoForm } from './gates.ts';

export interface OpenQasm2Text {
  readonly text: string;
  /** What the text means otherwise than the program, in sentences. */
  readonly notes: readonly string[];
}

/**
 * The circuit IR as OpenQASM 2.0. Gates that `qelib1.inc` lacks are written as several that it has, and a
 * condition on a part of a register as one on each of its values. Fails with QASM_UNSUPPORTED and the list of
 * all constructs that have no form there.
 */
export function writeOpenQasm2(program: Program): Result<OpenQasm2Text, CompileFailure> {
  const writer = new Writer(program);
  writer.write(program.body);
  if (writer.isTooLong) {
    return failure(
      'CIRCUIT_TOO_LARGE',
      `In OpenQASM 2 the program would have more than ${CIRCUIT_OPERATIONS_MAX} lines.`,
    );
  }
  const missing = [...declarationsWithoutForm(program), ...writer.missing];
  if (missing.length > 0)
    return failure('QASM_UNSUPPORTED', `OpenQASM 2 has no form for: ${[...new Set(missing)].join('; ')}.`);
  return ok({ text: writer.text, notes: writer.notes });
}

function declarationsWithoutForm({ variables, subroutines }: Program): string[] {
  const words = variables.flatMap(({ role, type }) =>
    role === 'input' ? ['input'] : type.kind === 'bit' ? [] : [`a variable of type ${type.kind}`],
  );
  return subroutines.length > 0 ? [...words, 'a subroutine'] : words;
}

/** What instructions are called that OpenQASM 2 does not have. */
const WORDS: Readonly<Partial<Record<Instruction['kind'], string>>> = {
  assign: 'an assignment',
  evaluate: 'a call',
  break: 'a loop',
  continue: 'a loop',
  for: 'a loop',
  while: 'a loop',
};

class Writer {
  readonly missing: string[] = [];
  isTooLong = false;
  readonly #program: Program;
  readonly #qubits: readonly string[];
  readonly #declarations: readonly string[];
  readonly #registers: readonly string[];
  readonly #lines: string[] = [];
  readonly #gates = new GateWriter();

  constructor(program: Program) {
    this.#program = program;
    const choose = chooser();
    const registers = program.qubitRegisters.map(({ name, size }) => ({ name: choose(name, 'q'), size }));
    this.#qubits = registers.flatMap(({ name, size }) =>
      Array.from({ length: size }, (_, at) => `${name}[${at}]`),
    );
    this.#registers = program.variables.map(({ name }) => choose(name, 'c'));
    this.#declarations = [
      ...registers.map(({ name, size }) => `qreg ${name}[${size}];`),
      ...program.variables.map(
        ({ type }, at) => `creg ${this.#registers[at]}[${type.kind === 'bit' ? type.width : 1}];`,
      ),
    ];
  }

  get text(): string {
    return `${['OPENQASM 2.0;', 'include "qelib1.inc";', ...this.#declarations, ...this.#lines].join('\n')}\n`;
  }

  get notes(): string[] {
    const turns = this.#gates.lostPhase / (2 * Math.PI);
    const notes: string[] = [];
    if (Math.abs(turns - Math.round(turns)) > 1e-12)
      notes.push(
        'OpenQASM 2 has no global phase; that of the program is left out. No outcome depends on it.',
      );
    if (!hasSameKeys(this.#program))
      notes.push('OpenQASM 2 reports every register by itself, so the keys of the counts have another form.');
    return notes;
  }

  write(block: Block): void {
    for (const instruction of block) this.#instruction(instruction, undefined);
  }

  #line(text: string, condition: RegisterCondition | undefined): void {
    if (this.#lines.length >= CIRCUIT_OPERATIONS_MAX) this.isTooLong = true;
    else if (condition === undefined) this.#lines.push(text);
    else this.#lines.push(`if(${this.#registers[condition.variable]}==${condition.values[0]}) ${text}`);
  }

  /** `condition` has one value by now. */
  #instruction(instruction: Instruction, condition: RegisterCondition | undefined): void {
    if (this.isTooLong) return;
    try {
      this.#statement(instruction, condition);
    } catch (thrown) {
      if (!(thrown instanceof NoForm)) throw thrown;
      this.missing.push(thrown.message);
    }
  }

  #statement(instruction: Instruction, condition: RegisterCondition | undefined): void {
    switch (instruction.kind) {
      case 'gate':
      case 'gphase':
        this.#gates.add(instruction);
        for (const { name, parameters, qubits } of this.#gates.written.splice(0)) {
          const args = parameters.length === 0 ? '' : `(${parameters.map(realText).join(',')})`;
          this.#line(`${name}${args} ${qubits.map((qubit) => this.#qubit(qubit)).join(',')};`, condition);
        }
        return;
      case 'measure':
        this.#measure(instruction, condition);
        return;
      case 'reset':
        this.#line(`reset ${this.#qubit(instruction.qubit)};`, condition);
        return;
      case 'barrier':
        if (condition !== undefined) throw new NoForm('a barrier under a condition');
        this.#line(`barrier ${instruction.qubits.map((qubit) => this.#qubit(qubit)).join(',')};`, undefined);
        return;
      case 'box':
        for (const inner of instruction.body) this.#instruction(inner, condition);
        return;
      case 'if':
        this.#if(instruction, condition);
        return;
      default:
        throw new NoForm(WORDS[instruction.kind] ?? `\`${instruction.kind}\``);
    }
  }

  #measure(
    { qubit, target }: Extract<Instruction, { kind: 'measure' }>,
    condition: RegisterCondition | undefined,
  ): void {
    if (target === undefined) throw new NoForm('a measurement whose outcome is not kept');
    const bit = constantBit(this.#program, target);
    if (bit === undefined)
      throw new NoForm('a measurement into something else than a bit with a constant index');
    this.#line(`measure ${this.#qubit(qubit)} -> ${this.#registers[bit.variable]}[${bit.bit}];`, condition);
  }

  #if(instruction: Extract<Instruction, { kind: 'if' }>, outer: RegisterCondition | undefined): void {
    const holds = registerCondition(this.#program, instruction.condition);
    if (holds === undefined) throw new NoForm('a condition that is not about the value of one register');
    const { body, otherwise: rest } = instruction;
    this.#branch(body, holds, outer, rest === undefined);
    if (rest === undefined) return;
    const fails = otherwise(this.#program, holds);
    if (fails === undefined) throw new NoForm('`else` of a condition on a large register');
    this.#branch(rest, fails, outer, false);
  }

  /**
   * One conditional copy of the block per value. The register must keep its value as long as it is asked
   * for: only a measurement at the very end may write it, and only if no other copy follows.
   */
  #branch(
    block: Block,
    { variable, values }: RegisterCondition,
    outer: RegisterCondition | undefined,
    isLast: boolean,
  ): void {
    if (outer !== undefined && outer.variable !== variable) throw new NoForm('a condition inside of another');
    const mayEndWith =
      isLast && values.length === 1 && outer === undefined && block.at(-1)?.kind === 'measure';
    const kept = mayEndWith ? block.slice(0, -1) : block;
    if (kept.some((inner) => writesTo(inner, variable)))
      throw new NoForm('operations under a condition that change its register');
    for (const value of values) {
      if (outer !== undefined && outer.values[0] !== value) continue;
      for (const inner of block) this.#instruction(inner, { variable, values: [value] });
    }
  }

  #qubit(operand: QubitOperand): string {
    if (typeof operand !== 'number') throw new NoForm('a qubit that is chosen while the program runs');
    return this.#qubits[operand]!;
  }
}

const writesTo = (instruction: Instruction, variable: number): boolean => {
  const { targets, blocks } = partsOf(instruction);
  return (
    targets.some((target) => targetVariables(target).includes(variable)) ||
    blocks.some((block) => block.some((inner) => writesTo(inner, variable)))
  );
};

/** Do counts show every register, each as a group of its own, as they do for OpenQASM 2? */
function hasSameKeys(program: Program): boolean {
  const { characters } = countsLayout(program);
  const shown = characters.map((character) =>
    character === ' ' ? ' ' : `${character.variable}.${character.bit}`,
  );
  const registers = program.variables.map(({ type }, variable) =>
    Array.from({ length: type.kind === 'bit' ? type.width : 0 }, (_, bit) => `${variable}.${bit}`).reverse(),
  );
  return (
    shown.join(',') ===
    registers
      .reverse()
      .map((bits) => bits.join(','))
      .join(', ,')
  );
}

/** A number as OpenQASM 2 writes reals, with a decimal point. */
function realText(value: number): string {
  const text = String(value);
  return /^-?[0-9]+(?:e|$)/.test(text) ? text.replace(/^-?[0-9]+/, '$&.0') : text;
}

/** Gives out names that OpenQASM 2 allows, each once. */
function chooser(): (name: string, fallback: string) => string {
  const taken = new Set(openQasm2Names());
  return (name, fallback) => {
    const plain = name.replaceAll(/[^A-Za-z0-9_]/g, '_');
    const base = /^[a-z]/.test(plain) ? plain : `${fallback}${plain}`;
    let chosen = base;
    for (let suffix = 1; taken.has(chosen); suffix++) chosen = `${base}_${suffix}`;
    taken.add(chosen);
    return chosen;
  };
}
