import { ARRAY_ELEMENTS_MAX, CIRCUIT_OPERATIONS_MAX, CLASSICAL_BITS_MAX } from '@qfs/core';
import { gateByName } from './gates/table.ts';
import type {
  Block,
  ClassicalType,
  Expression,
  Instruction,
  Program,
  QubitOperand,
  Selector,
  Subroutine,
  Target,
  Variable,
} from './ir.ts';
import { argumentsOf, operandsOf, partsOf, targetExpressions, targetVariables } from './parts.ts';

/**
 * Something in a program that no run could make sense of, with its place in terms of the AQO 1.1.0
 * document.
 */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

/** Findings beyond this number are not listed. */
const FINDINGS_MAX = 20;

/**
 * Checks what the shape of the data cannot say: indices in range, operands of gates distinct and of the
 * right number, variables and subroutines that exist, statements where they may stand, sizes within the
 * limits. A program without findings can be run, drawn and written; whether the types of its expressions
 * fit is seen when they are evaluated.
 */
export const findingsOf = (program: Program): readonly Finding[] => new Check(program).findings();

interface Scope {
  readonly qubits: number;
  readonly variables: readonly Variable[];
  readonly inSubroutine: boolean;
}

class Check {
  readonly #program: Program;
  readonly #found: Finding[] = [];
  readonly #path: (string | number)[] = [];
  #operations = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  findings(): readonly Finding[] {
    const { qubits, variables, body, subroutines } = this.#program;
    this.#registers();
    this.#within('variables', () => this.#variables(variables));
    const scope = { qubits, variables, inSubroutine: false };
    this.#within('operations', () => this.#block(body, scope, false));
    subroutines.forEach((subroutine, index) => {
      this.#within('subroutines', () => this.#within(index, () => this.#subroutine(subroutine)));
    });
    return this.#found.slice(0, FINDINGS_MAX);
  }

  #within(key: string | number, check: () => void): void {
    this.#path.push(key);
    check();
    this.#path.pop();
  }

  #report(problem: string): void {
    if (this.#found.length < FINDINGS_MAX) this.#found.push({ path: [...this.#path], problem });
  }

  #registers(): void {
    const { qubits, qubitRegisters } = this.#program;
    qubitRegisters.forEach(({ name, offset, size, loose }, index) => {
      if (loose && size !== 1) {
        this.#within('registers', () =>
          this.#within(index, () => this.#report('only a single qubit can be loose')),
        );
      }
      if (offset + size > qubits) {
        this.#within('registers', () =>
          this.#within(index, () =>
            this.#report(`${name} ends at qubit ${offset + size}, there are ${qubits}`),
          ),
        );
      }
    });
  }

  #variables(variables: readonly Variable[]): void {
    const names = new Set<string>();
    let bits = 0;
    let elements = 0;
    variables.forEach(({ name, type, role, loose }, index) => {
      if (role !== 'local' && names.has(name))
        this.#within(index, () => this.#report(`the name ${name} is taken`));
      if (role !== 'local') names.add(name);
      if (loose && (type.kind !== 'bit' || type.width !== 1)) {
        this.#within(index, () => this.#report('only a single bit can be loose'));
      }
      if (type.kind === 'bit') bits += type.width;
      elements += elementsOf(type);
    });
    if (bits > CLASSICAL_BITS_MAX) this.#report(`${bits} bits are more than ${CLASSICAL_BITS_MAX}`);
    if (elements > ARRAY_ELEMENTS_MAX) {
      this.#report(`${elements} array elements are more than ${ARRAY_ELEMENTS_MAX}`);
    }
  }

  #subroutine({ parameters, locals, body }: Subroutine): void {
    this.#within('locals', () => this.#variables(locals));
    let qubits = 0;
    parameters.forEach((parameter, index) => {
      if (parameter.kind === 'qubits') qubits = Math.max(qubits, parameter.offset + parameter.size);
      else if (parameter.variable >= locals.length) {
        this.#within('parameters', () =>
          this.#within(index, () => this.#report('there is no such local variable')),
        );
      }
    });
    const scope = { qubits, variables: locals, inSubroutine: true };
    this.#within('body', () => this.#block(body, scope, false));
  }

  #block(block: Block, scope: Scope, inLoop: boolean): void {
    block.forEach((instruction, index) => {
      this.#within(index, () => this.#instruction(instruction, scope, inLoop));
    });
  }

  #instruction(instruction: Instruction, scope: Scope, inLoop: boolean): void {
    this.#operations += 1;
    if (this.#operations === CIRCUIT_OPERATIONS_MAX + 1) {
      this.#report(`the program has more than ${CIRCUIT_OPERATIONS_MAX} operations`);
    }
    const { kind } = instruction;
    if ((kind === 'break' || kind === 'continue') && !inLoop)
      this.#report(`${kind} stands outside of any loop`);
    if (kind === 'return' && !scope.inSubroutine) this.#report('return stands outside of any subroutine');
    if (kind === 'gate' || kind === 'gphase') this.#gate(instruction);
    const { qubits, expressions, targets, blocks } = partsOf(instruction);
    for (const qubit of qubits) this.#qubit(qubit, scope);
    for (const expression of expressions) this.#expression(expression, scope);
    for (const target of targets) this.#target(target, scope);
    this.#distinct(qubits);
    const isLoop = kind === 'for' || kind === 'while';
    blocks.forEach((block, index) => {
      const keys = blockKeys(instruction, index);
      this.#path.push(...keys);
      this.#block(block, scope, inLoop || isLoop);
      this.#path.length -= keys.length;
    });
  }

  #gate(instruction: Extract<Instruction, { kind: 'gate' | 'gphase' }>): void {
    const gate = gateByName(instruction.kind === 'gphase' ? 'gphase' : instruction.gate);
    if (gate === undefined || (instruction.kind === 'gate' && gate.name !== instruction.gate)) {
      this.#report('the gate table has no such gate');
      return;
    }
    const controls = instruction.controls?.length ?? 0;
    const expected = gate.qubits + controls;
    const found = instruction.qubits?.length ?? 0;
    if (found !== expected)
      this.#report(`${gate.name} with ${controls} controls acts on ${expected} qubits, not ${found}`);
    if (instruction.kind === 'gate' && instruction.parameters.length !== gate.parameters.length) {
      this.#report(
        `${gate.name} takes ${gate.parameters.length} parameters, not ${instruction.parameters.length}`,
      );
    }
  }

  #distinct(qubits: readonly QubitOperand[]): void {
    const constant = qubits.filter((qubit) => typeof qubit === 'number');
    if (new Set(constant).size !== constant.length) this.#report('the same qubit is named twice');
  }

  #qubit(qubit: QubitOperand, scope: Scope): void {
    const last = lastOf(qubit);
    if (last >= scope.qubits) this.#report(`there is no qubit ${last}, only ${scope.qubits}`);
    if (typeof qubit !== 'number') this.#expression(qubit.index, scope);
  }

  #variable(variable: number, scope: Scope): void {
    if (variable >= scope.variables.length) this.#report(`there is no variable ${variable}`);
  }

  #target(target: Target, scope: Scope): void {
    for (const variable of targetVariables(target)) this.#variable(variable, scope);
    for (const expression of targetExpressions(target)) this.#expression(expression, scope);
    this.#selections(target);
  }

  #selections(target: Target): void {
    if (target.kind === 'select') this.#selectors(target.selectors);
    if (target.kind === 'join') for (const part of target.parts) this.#selections(part);
    else if (target.kind !== 'variable') this.#selections(target.base);
  }

  #selectors(selectors: readonly Selector[]): void {
    if (selectors.length > 1 && selectors.some(({ kind }) => kind === 'set'))
      this.#report('an index set stands beside other selectors');
  }

  #expression(expression: Expression, scope: Scope): void {
    if (expression.kind === 'variable') this.#variable(expression.variable, scope);
    if (expression.kind === 'call') this.#call(expression);
    if (expression.kind === 'select') this.#selectors(expression.selectors);
    for (const operand of operandsOf(expression)) this.#expression(operand, scope);
    for (const argument of argumentsOf(expression)) {
      if (argument.kind === 'value') this.#expression(argument.value, scope);
      else if (argument.kind === 'reference') this.#target(argument.target, scope);
      else for (const qubit of argument.qubits) this.#qubit(qubit, scope);
    }
  }

  #call({ subroutine, arguments: given }: Extract<Expression, { kind: 'call' }>): void {
    const called = this.#program.subroutines[subroutine];
    if (called === undefined) {
      this.#report(`there is no subroutine ${subroutine}`);
      return;
    }
    const fits =
      called.parameters.length === given.length &&
      called.parameters.every((parameter, index) => {
        const argument = given[index];
        if (parameter.kind !== argument?.kind) return false;
        return (
          parameter.kind !== 'qubits' ||
          (argument.kind === 'qubits' && argument.qubits.length === parameter.size)
        );
      });
    if (!fits) this.#report(`the arguments do not fit the parameters of ${called.name}`);
  }
}

/** The highest qubit that an operand may be. */
function lastOf(qubit: QubitOperand): number {
  if (typeof qubit === 'number') return qubit;
  return 'among' in qubit ? Math.max(...qubit.among) : qubit.offset + qubit.size - 1;
}

/** Elements of the arrays of a type, without overflow: the product stops growing at the limit. */
function elementsOf(type: ClassicalType): number {
  if (type.kind !== 'array') return 0;
  return type.dimensions.reduce((product, size) => Math.min(product * size, ARRAY_ELEMENTS_MAX + 1), 1);
}

/** Where the block with this number among the parts of an instruction stands in the document. */
function blockKeys(instruction: Instruction, block: number): (string | number)[] {
  if (instruction.kind === 'switch') {
    return block < instruction.cases.length ? ['cases', block, 'body'] : ['otherwise'];
  }
  return block === 0 ? ['body'] : ['otherwise'];
}
