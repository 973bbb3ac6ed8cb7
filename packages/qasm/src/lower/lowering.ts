import {
  type ClassicalType,
  gateByName,
  type Instruction,
  type QubitRegister,
  type Subroutine,
  type Variable,
  type VariableId,
} from '@qfs/circuit';
import {
  ARRAY_ELEMENTS_MAX,
  CIRCUIT_OPERATIONS_MAX,
  CIRCUIT_QUBITS_MAX,
  CLASSICAL_BITS_MAX,
  LOWERING_STEPS_MAX,
  QASM_EXPRESSION_DEPTH_MAX,
} from '@qfs/core';
import type { Budget } from '../budget.ts';
import type { DiagnosticCode } from '../diagnostic-codes.ts';
import type { FindingExtras, Findings, Span } from '../findings.ts';
import type { ExpressionNode, Identifier } from '../syntax/ast.ts';
import { instructionDepth } from './depth.ts';
import { type BitRef, type Meaning, Scopes } from './symbols.ts';

/**
 * Thrown to leave a statement that has no meaning; the statement loop catches it and goes on with the next
 * one.
 */
export class Meaningless extends Error {
  constructor() {
    super('the statement has no meaning');
  }
}

/** Thrown when a bound of the whole program is exceeded: going on would only cost time. */
export class TooLarge extends Error {
  constructor() {
    super('the program exceeds a bound');
  }
}

/** What the main program, or one subroutine, numbers for itself. */
class Frame {
  readonly variables: Variable[] = [];
  readonly names = new Set<string>();
  readonly suffixes = new Map<string, number>();
  /** The type that `return` gives, in a subroutine; undefined if it gives nothing. */
  readonly result: ClassicalType | undefined;
  readonly isSubroutine: boolean;
  /** Hardware qubits by the number behind `$`; a subroutine is given those that it names. */
  readonly hardware = new Map<string, number>();
  qubits = 0;
  bits = 0;
  elements = 0;
  /**
   * Loops that run in the engine and contain the present statement; `break` and `continue` belong to the
   * innermost.
   */
  loops = 0;
  /** Inside a construct that may run not at all or many times, declarations become assignments. */
  conditional = 0;

  constructor(isSubroutine: boolean, result?: ClassicalType) {
    this.isSubroutine = isSubroutine;
    this.result = result;
  }
}

/** Everything one lowering knows: names in scope, what was declared, and where instructions go. */
export class Lowering {
  readonly findings: Findings;
  /** What every step is taken from. */
  readonly budget: Budget;
  readonly scopes = new Scopes();
  readonly registers: QubitRegister[] = [];
  readonly subroutines: Subroutine[] = [];
  readonly includes = new Set<string>();
  /** Is the program written in OpenQASM 2? */
  isVersion2 = false;
  /** Names that the program declares at its top level, even below the present statement, and where. */
  readonly globals = new Map<string, Span>();
  /** What the program assigns to each name anywhere, for the few declarations that ask. */
  assignedValues: (name: string) => readonly ExpressionNode[] = () => [];
  /** Names of which nothing is known; see `ProgramNode.lostNames`. */
  lostNames: ReadonlySet<string> = new Set();
  /** Statements that were left because they have no meaning. */
  skipped = 0;
  frame = new Frame(false);
  /** The slot of a declaration, so that unrolled iterations share it. */
  readonly slots = new Map<number, VariableId>();
  #body: Instruction[] = [];
  /** The bits of registers that were named as a whole: many uses of a large one are one list. */
  readonly #bits = new WeakMap<Meaning, readonly BitRef[]>();
  #operations = 0;
  #steps = 0;

  constructor(findings: Findings, budget: Budget) {
    this.findings = findings;
    this.budget = budget;
  }

  fail(code: DiagnosticCode, span: Span, message: string, extras?: FindingExtras): never {
    this.findings.add(code, span, message, extras);
    throw new Meaningless();
  }

  /** Reports a name that is not declared, unless a statement that could not be read may have declared it. */
  undeclared(name: Identifier, message: string, extras?: FindingExtras): never {
    if (this.lostNames.has(name.name)) throw new Meaningless();
    const below = this.globals.get(name.name);
    if (below === undefined || below.start < name.start)
      return this.fail('QASM_UNDECLARED', name, message, extras);
    return this.fail('QASM_UNDECLARED', name, message, {
      hint: 'move its declaration up: a name is known from there on',
      related: [{ message: 'declared here', start: below.start }],
    });
  }

  unsupported(span: Span, what: string): never {
    return this.fail('QASM_UNSUPPORTED', span, `${what} cannot be executed.`, {
      hint: 'the program can be checked with level "syntax"',
    });
  }

  tooLarge(span: Span, message: string): never {
    this.findings.add('QASM_CIRCUIT_TOO_LARGE', span, message);
    throw new TooLarge();
  }

  /**
   * Counts work: statements, expressions, operations, and parts of them that are made anew, each as one
   * step.
   */
  spend(steps: number, span: Span): void {
    this.budget.spend(steps);
    this.#steps += steps;
    if (this.#steps > LOWERING_STEPS_MAX)
      this.tooLarge(span, `The program takes more than ${LOWERING_STEPS_MAX} steps to compile.`);
  }

  /** Counts operations against the bound of the whole program. */
  charge(operations: number, span: Span): void {
    this.spend(operations, span);
    this.#operations += operations;
    if (this.#operations > CIRCUIT_OPERATIONS_MAX) {
      this.tooLarge(span, `The program has more than ${CIRCUIT_OPERATIONS_MAX} operations after unrolling.`);
    }
  }

  emit(instruction: Instruction, span: Span): void {
    this.charge(1, span);
    if (instructionDepth(instruction) > QASM_EXPRESSION_DEPTH_MAX) {
      this.fail(
        'QASM_TOO_DEEP',
        span,
        `With its conversions an expression here is more than ${QASM_EXPRESSION_DEPTH_MAX} levels deep.`,
      );
    }
    this.#body.push(instruction);
  }

  /** Collects what `inside` emits. */
  collect(inside: () => void): Instruction[] {
    const outer = this.#body;
    this.#body = [];
    try {
      inside();
      return this.#body;
    } finally {
      this.#body = outer;
    }
  }

  /** Lowers a subroutine's body: variables and qubits are numbered anew, and only constants stay visible. */
  inSubroutine(result: ClassicalType | undefined, inside: () => void): Frame {
    const outer = this.frame;
    const frame = new Frame(true, result);
    this.frame = frame;
    try {
      this.scopes.apart(inside);
    } finally {
      this.frame = outer;
    }
    return frame;
  }

  get body(): readonly Instruction[] {
    return this.#body;
  }

  declare(name: Identifier, meaning: Meaning): void {
    const earlier = this.scopes.declare({ name: name.name, meaning, declared: name });
    if (earlier === undefined) return;
    const related = earlier.declared && [{ message: 'declared here first', start: earlier.declared.start }];
    if (related !== undefined)
      this.fail('QASM_REDECLARED', name, `\`${name.name}\` is declared already.`, { related });
    const file = gateByName(name.name)?.include;
    const origin = file?.includes('.') ? `a gate of "${file}"` : 'a gate that needs no file';
    this.fail('QASM_REDECLARED', name, `\`${name.name}\` is declared already: ${origin}.`, {
      hint: 'take another name',
    });
  }

  /** What `make` makes of a register, made once. */
  bitsOf(register: Meaning, make: () => readonly BitRef[]): readonly BitRef[] {
    const bits = this.#bits.get(register) ?? make();
    this.#bits.set(register, bits);
    return bits;
  }

  addRegister(name: string, size: number, span: Span, loose: boolean): number[] {
    const qubits = this.addQubits(size, span);
    const unique = this.#uniqueName(name, false);
    this.frame.names.add(unique);
    this.registers.push({ name: unique, offset: qubits[0]!, size, ...(loose ? { loose } : {}) });
    return qubits;
  }

  /** Numbers of new qubits of the program, or of the parameters of a subroutine. */
  addQubits(size: number, span: Span): number[] {
    const offset = this.frame.qubits;
    if (offset + size > CIRCUIT_QUBITS_MAX) {
      this.tooLarge(span, `The program has more than ${CIRCUIT_QUBITS_MAX} qubits.`);
    }
    this.frame.qubits += size;
    return Array.from({ length: size }, (_, index) => offset + index);
  }

  addVariable(
    name: string,
    type: ClassicalType,
    span: Span,
    rest: Omit<Variable, 'name' | 'type'>,
  ): VariableId {
    const { frame } = this;
    if (type.kind === 'bit') frame.bits += type.width;
    if (frame.bits > CLASSICAL_BITS_MAX || frame.variables.length >= CLASSICAL_BITS_MAX) {
      this.tooLarge(span, `The program has more than ${CLASSICAL_BITS_MAX} classical bits or variables.`);
    }
    if (type.kind === 'array') {
      frame.elements += type.dimensions.reduce((product, size) => product * size, 1);
      if (frame.elements > ARRAY_ELEMENTS_MAX)
        this.tooLarge(span, `The program has more than ${ARRAY_ELEMENTS_MAX} elements of arrays.`);
    }
    const unique = this.#uniqueName(name, !frame.isSubroutine && this.scopes.depth > 1);
    frame.names.add(unique);
    // Nothing counts the variables of a subroutine, so none of them needs to be left out.
    const { inner, ...kept } = rest;
    frame.variables.push({ name: unique, type, ...kept, ...(inner && !frame.isSubroutine ? { inner } : {}) });
    return frame.variables.length - 1;
  }

  /**
   * IR names are unique; a variable of an inner block also leaves alone what the program declares at its top
   * level.
   */
  #uniqueName(name: string, isInner: boolean): string {
    const { names, suffixes } = this.frame;
    const isTaken = (candidate: string): boolean =>
      names.has(candidate) || (isInner && this.globals.has(candidate));
    if (!isTaken(name)) return name;
    let suffix = suffixes.get(name) ?? 1;
    while (isTaken(`${name}_${suffix}`)) suffix++;
    suffixes.set(name, suffix + 1);
    return `${name}_${suffix}`;
  }
}
