import {
  type Argument,
  type Block,
  type ClassicalType,
  candidatesOf,
  type Expression,
  type Instruction,
  instructionsIn,
  type Program,
  partsOf,
  type QubitOperand,
  type Subroutine,
  type Variable,
  type VariableId,
} from '@qfs/circuit';
import { assert, INLINED_CALLS_MAX, INLINED_INSTRUCTIONS_MAX } from '@qfs/core';
import { withBlocks } from './rebuild.ts';
import { type Substitution, substituteBlock, substituteExpression } from './substitute.ts';

/**
 * The program with subroutines that are given qubits written out where they are called, so that a device sees
 * gates on its own qubits. A call stays where it is part of a larger expression, where the subroutine returns
 * before its end, calls itself without end, or is given a part of an array to change.
 */
export function inlineCalls(program: Program): Program {
  if (program.subroutines.length === 0) return program;
  const inliner = new Inliner(program);
  const body = inliner.block(program.body);
  return { ...program, variables: inliner.variables, body };
}

type Call = Extract<Expression, { kind: 'call' }>;

class Inliner {
  readonly variables: Variable[];
  readonly #subroutines: readonly Subroutine[];
  readonly #names: Set<string>;
  readonly #sizes = new Map<Subroutine, number>();
  #instructions = 0;
  #depth = 0;

  constructor({ variables, subroutines, qubitRegisters }: Program) {
    this.variables = [...variables];
    this.#subroutines = subroutines;
    this.#names = new Set([...variables, ...qubitRegisters, ...subroutines].map(({ name }) => name));
  }

  block(block: Block): Block {
    return block.flatMap((instruction) => this.#instruction(instruction));
  }

  #instruction(instruction: Instruction): Block {
    const { blocks } = partsOf(instruction);
    const inner =
      blocks.length === 0
        ? instruction
        : withBlocks(
            instruction,
            blocks.map((block) => this.block(block)),
          );
    switch (inner.kind) {
      case 'evaluate':
        return this.#inlined(inner.value, () => []) ?? [inner];
      case 'assign':
        return this.#inlined(inner.value, (value) => [{ ...inner, value }]) ?? [inner];
      case 'if':
        return this.#inlined(inner.condition, (condition) => [{ ...inner, condition }]) ?? [inner];
      case 'switch':
        return this.#inlined(inner.subject, (subject) => [{ ...inner, subject }]) ?? [inner];
      default:
        return [inner];
    }
  }

  /** The call that an expression is, under casts, and then what is done with its value. */
  #inlined(expression: Expression, then: (value: Expression) => Block): Block | undefined {
    if (expression.kind === 'cast') {
      return this.#inlined(expression.operand, (operand) => then({ ...expression, operand }));
    }
    if (expression.kind !== 'call' || !expression.arguments.some(({ kind }) => kind === 'qubits')) {
      return undefined;
    }
    const subroutine = this.#subroutines[expression.subroutine]!;
    const end = subroutine.body.at(-1);
    const value = end?.kind === 'return' ? end.value : undefined;
    const steps = end?.kind === 'return' ? subroutine.body.slice(0, -1) : subroutine.body;
    if (returnsWithin(steps)) return undefined;
    this.#instructions += this.#sizeOf(subroutine);
    if (this.#instructions > INLINED_INSTRUCTIONS_MAX || this.#depth === INLINED_CALLS_MAX) return undefined;
    const begun = this.#begin(expression, subroutine);
    if (begun === undefined) return undefined;
    const { before, by } = begun;
    this.#depth += 1;
    const body = this.block(substituteBlock(steps, by));
    this.#depth -= 1;
    if (value === undefined) return [...before, ...body, ...then({ kind: 'bool', value: false })];
    const result = this.#fresh({
      name: `${subroutine.name}_result`,
      type: subroutine.result!,
      role: 'local',
    });
    const stored: Instruction = {
      kind: 'assign',
      target: { kind: 'variable', variable: result },
      value: substituteExpression(value, by),
    };
    return [...before, ...body, stored, ...then({ kind: 'variable', variable: result })];
  }

  /** Instructions of a subroutine, inner blocks included. */
  #sizeOf(subroutine: Subroutine): number {
    let size = this.#sizes.get(subroutine);
    if (size === undefined) {
      size = 1;
      for (const _ of instructionsIn(subroutine.body)) size += 1;
      this.#sizes.set(subroutine, size);
    }
    return size;
  }

  /** Variables of the call's own, set as it begins; undefined where an argument has no place of its own. */
  #begin(call: Call, subroutine: Subroutine): { before: Block; by: Substitution } | undefined {
    const before: Instruction[] = [];
    const variables = new Map<VariableId, VariableId>();
    const qubits: QubitOperand[] = [];
    for (const [at, parameter] of subroutine.parameters.entries()) {
      const argument: Argument = call.arguments[at]!;
      if (parameter.kind === 'qubits' && argument.kind === 'qubits') {
        argument.qubits.forEach((operand, k) => {
          qubits[parameter.offset + k] = this.#settled(operand, before);
        });
      } else if (parameter.kind === 'reference' && argument.kind === 'reference') {
        if (argument.target.kind !== 'variable') return undefined;
        variables.set(parameter.variable, argument.target.variable);
      } else if (parameter.kind === 'value' && argument.kind === 'value') {
        const variable = this.#fresh(subroutine.locals[parameter.variable]!);
        variables.set(parameter.variable, variable);
        before.push({ kind: 'assign', target: { kind: 'variable', variable }, value: argument.value });
      } else return undefined;
    }
    for (const [local, variable] of subroutine.locals.entries()) {
      if (variables.has(local)) continue;
      const zero = zeroOf(variable.type);
      if (zero === undefined) return undefined;
      variables.set(local, this.#fresh(variable));
      before.push({
        kind: 'assign',
        target: { kind: 'variable', variable: variables.get(local)! },
        value: zero,
      });
    }
    const isSettled = qubits.every((qubit) => typeof qubit === 'number');
    return isSettled || !choosesQubits(subroutine.body)
      ? { before, by: substitution(variables, qubits) }
      : undefined;
  }

  /** A qubit that is chosen is the one that the index says now, whatever happens to the index. */
  #settled(operand: QubitOperand, before: Instruction[]): QubitOperand {
    if (typeof operand === 'number') return operand;
    const variable = this.#fresh({ name: 'chosen', type: { kind: 'int', width: 64 }, role: 'local' });
    before.push({ kind: 'assign', target: { kind: 'variable', variable }, value: operand.index });
    return { ...operand, index: { kind: 'variable', variable } };
  }

  #fresh({ name, type, loose }: Variable): VariableId {
    let unique = name;
    for (let count = 1; this.#names.has(unique); count++) unique = `${name}_${count}`;
    this.#names.add(unique);
    return (
      this.variables.push({ name: unique, type, role: 'local', inner: true, ...(loose && { loose }) }) - 1
    );
  }
}

const returnsWithin = (block: Block): boolean =>
  block.some(
    (instruction) => instruction.kind === 'return' || partsOf(instruction).blocks.some(returnsWithin),
  );

/** Does it choose among qubits that it is given? */
const choosesQubits = (block: Block): boolean =>
  [...instructionsIn(block)].some((instruction) =>
    partsOf(instruction).qubits.some((qubit) => typeof qubit !== 'number'),
  );

const substitution = (
  variables: ReadonlyMap<VariableId, VariableId>,
  qubits: readonly QubitOperand[],
): Substitution => ({
  variable: (id) => variables.get(id) ?? id,
  qubit: (operand) => {
    if (typeof operand === 'number') return qubits[operand]!;
    const among = candidatesOf(operand).map((at) => {
      const qubit = qubits[at];
      assert(typeof qubit === 'number', 'a subroutine that chooses is given constant qubits');
      return qubit;
    });
    return { among, index: operand.index };
  },
});

/** What a variable is before anything is assigned to it; undefined for arrays. */
function zeroOf(type: ClassicalType): Expression | undefined {
  switch (type.kind) {
    case 'bit':
      return { kind: 'bits', value: '0'.repeat(type.width) };
    case 'bool':
      return { kind: 'bool', value: false };
    case 'int':
    case 'uint':
      return { kind: 'int', value: 0n, type };
    case 'float':
      return { kind: 'float', value: 0 };
    case 'angle':
    case 'complex':
      return { kind: 'cast', type, operand: { kind: 'float', value: 0 } };
    default:
      return undefined;
  }
}
