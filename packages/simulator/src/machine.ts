import type {
  Argument,
  Block,
  ClassicalType,
  Expression,
  ForRange,
  GateInstruction,
  GphaseInstruction,
  Instruction,
  Parameter,
  Program,
  QubitChoice,
  QubitOperand,
  Selector,
  Subroutine,
  Target,
  Variable,
} from '@qfs/circuit';
import {
  binary,
  bool,
  callBuiltin,
  cast,
  complex,
  elementOf,
  fault,
  fixed,
  float,
  malformed,
  type Picked,
  position,
  selectFrom,
  toBoolean,
  toInteger,
  toNumber,
  unary,
  type Value,
  zeroOf,
} from '@qfs/circuit/classical';
import { CALLS_ELEMENTS_MAX, EXECUTION_DEPTH_MAX, QfsError, SHOT_STEPS_MAX } from '@qfs/core';
import type { GateCache } from './gate-cache.ts';
import {
  type Cell,
  elementCount,
  elementsOfType,
  type Place,
  partOf,
  requireShape,
  valueAt,
  write,
} from './places.ts';
import type { QuantumHost } from './quantum-host.ts';
import { floatRange, integerRange } from './ranges.ts';
import { type PlacedGate, placeGate, tableGate } from './state-vector.ts';

/** How a block ended. */
export type Completion = 'normal' | 'break' | 'continue' | 'return' | 'end';

interface Frame {
  readonly variables: readonly Variable[];
  readonly cells: Cell[];
  /** Program qubits behind the qubit numbers of a subroutine; the main program numbers them itself. */
  readonly qubits: readonly number[] | undefined;
}

/** Stands for what a call is given. */
const NOTHING: ClassicalType = { kind: 'bool' };

/** Runs one shot of a program: classical interpreter and gate dispatcher. */
export class Machine {
  readonly #program: Program;
  readonly #host: QuantumHost;
  readonly #gates: GateCache | undefined;
  #steps = 0;
  #depth = 0;
  /** Elements of arrays that belong to the calls in progress. */
  #held = 0;
  #frame: Frame;
  #returned: Value | undefined;

  /** `steps` were taken before; `gates` is worth keeping where the same block runs many times. */
  constructor(program: Program, host: QuantumHost, globals: readonly Value[], steps = 0, gates?: GateCache) {
    this.#program = program;
    this.#host = host;
    this.#gates = gates;
    this.#steps = steps;
    const cells = globals.map((value, i) => ({ value: cast(value, program.variables[i]!.type) }));
    this.#frame = { variables: program.variables, cells, qubits: undefined };
  }

  /** Values of the program's variables. */
  get globals(): Value[] {
    return this.#frame.cells.map((cell) => cell.value);
  }

  get steps(): number {
    return this.#steps;
  }

  run(block: Block): Completion {
    this.#enter();
    let completion: Completion = 'normal';
    for (const instruction of block) {
      this.#step();
      completion = this.#execute(instruction);
      if (completion !== 'normal') break;
    }
    this.#depth -= 1;
    return completion;
  }

  /** Stores a measured bit, also from outside: sampled outcomes end up in variables through here. */
  assign(target: Target, value: Value): void {
    write(this.#place(target), value);
  }

  /** Bounded here, so that the stack of the thread, which differs between hosts, never decides. */
  #enter(): void {
    this.#depth += 1;
    if (this.#depth > EXECUTION_DEPTH_MAX) {
      throw fault(`Blocks, expressions and calls nest deeper than ${EXECUTION_DEPTH_MAX} levels.`);
    }
  }

  #step(): void {
    this.#steps += 1;
    if (this.#steps > SHOT_STEPS_MAX) {
      throw new QfsError(
        'SHOT_STEPS_EXCEEDED',
        `One shot took more than ${SHOT_STEPS_MAX} steps; a loop probably never ends.`,
      );
    }
  }

  #execute(instruction: Instruction): Completion {
    switch (instruction.kind) {
      case 'gate':
        this.#gate(instruction);
        return 'normal';
      case 'gphase':
        this.#phase(instruction);
        return 'normal';
      case 'measure': {
        const outcome = this.#measure(this.#qubit(instruction.qubit));
        if (instruction.target) this.assign(instruction.target, fixed('bit', 1, BigInt(outcome)));
        return 'normal';
      }
      case 'reset': {
        const place = this.#host.places[this.#qubit(instruction.qubit)]!;
        if (place >= 0) this.#host.state.reset(place, this.#host.uniform);
        return 'normal';
      }
      case 'barrier':
      case 'delay':
        return 'normal';
      case 'box':
        return this.run(instruction.body);
      case 'assign':
        this.assign(instruction.target, this.evaluate(instruction.value));
        return 'normal';
      case 'if':
        if (toBoolean(this.evaluate(instruction.condition))) return this.run(instruction.body);
        return instruction.otherwise ? this.run(instruction.otherwise) : 'normal';
      case 'switch': {
        const subject = toInteger(this.evaluate(instruction.subject));
        const chosen = instruction.cases.find(({ values }) => values.includes(subject));
        const body = chosen?.body ?? instruction.otherwise;
        return body ? this.run(body) : 'normal';
      }
      case 'for':
        return this.#for(instruction.variable, instruction.over, instruction.body);
      case 'while':
        return this.#while(instruction.condition, instruction.body);
      case 'evaluate':
        this.evaluate(instruction.value);
        return 'normal';
      case 'return':
        this.#returned = instruction.value && this.evaluate(instruction.value);
        return 'return';
      default:
        return instruction.kind;
    }
  }

  #while(condition: Expression, body: Block): Completion {
    while (toBoolean(this.evaluate(condition))) {
      this.#step();
      const completion = this.run(body);
      if (completion === 'break') return 'normal';
      if (completion === 'return' || completion === 'end') return completion;
    }
    return 'normal';
  }

  #for(variable: number, over: ForRange, body: Block): Completion {
    const cell = this.#cell(variable);
    const { type } = this.#frame.variables[variable]!;
    for (const value of this.#iterate(over)) {
      this.#step();
      cell.value = cast(value, type);
      const completion = this.run(body);
      if (completion === 'break') return 'normal';
      if (completion === 'return' || completion === 'end') return completion;
    }
    return 'normal';
  }

  *#iterate(over: ForRange): Generator<Value> {
    if (over.kind === 'set') {
      yield* over.values.map((expression) => this.evaluate(expression));
    } else if (over.kind === 'elements') {
      const array = this.evaluate(over.array);
      // The elements as they are before the loop: its body may write the array, which happens in place.
      if (array.kind === 'array') yield* [...array.items];
      else if ('width' in array) for (let i = 0n; i < BigInt(array.width); i += 1n) yield elementOf(array, i);
    } else {
      const start = this.evaluate(over.start);
      const step = this.evaluate(over.step);
      const stop = this.evaluate(over.stop);
      if ([start, step, stop].some(({ kind }) => kind === 'float')) {
        yield* floatRange(toNumber(start), toNumber(step), toNumber(stop));
      } else {
        yield* integerRange(toInteger(start), toInteger(step), toInteger(stop));
      }
    }
  }

  #gate(instruction: GateInstruction): void {
    const gates = this.#frame.qubits === undefined ? this.#gates : undefined;
    let placed = gates?.get(instruction);
    if (placed === undefined) {
      const parameters = instruction.parameters.map((parameter) => this.parameter(parameter));
      const qubits = this.#qubits(instruction.qubits);
      const places = qubits.map((qubit) => this.#host.places[qubit]!);
      const { gate, controls = [] } = instruction;
      placed = this.#noisy(
        placeGate(tableGate(gate), parameters, controls, places),
        qubits,
        controls.length === 0 ? gate : undefined,
      );
      gates?.keep(instruction, placed);
    }
    this.#host.state.apply(placed);
    if (placed.channels !== undefined) this.#host.noise?.play(placed.channels);
  }

  #phase(instruction: GphaseInstruction): void {
    const qubits = this.#qubits(instruction.qubits ?? []);
    const places = qubits.map((qubit) => this.#host.places[qubit]!);
    this.#host.state.applyPhase(this.parameter(instruction.angle), instruction.controls ?? [], places);
    const { noise } = this.#host;
    // A phase without qubits is none that anybody applies; with controls it is a gate on them.
    if (qubits.length > 0) noise?.play(noise.model.channelsAfter(undefined, qubits));
  }

  #noisy(placed: PlacedGate, qubits: readonly number[], gate: string | undefined): PlacedGate {
    const { noise } = this.#host;
    if (noise === undefined) return placed;
    const channels = noise.model.channelsAfter(gate, qubits);
    return channels.length === 0 ? placed : { ...placed, channels };
  }

  #measure(qubit: number): 0 | 1 {
    const place = this.#host.places[qubit]!;
    const { noise, state, uniform } = this.#host;
    const outcome = place < 0 ? 0 : state.measure(place, uniform);
    return noise?.model.report(qubit, outcome, uniform) ?? outcome;
  }

  parameter(parameter: Parameter): number {
    const value = typeof parameter === 'number' ? parameter : toNumber(this.evaluate(parameter));
    if (!Number.isFinite(value)) throw fault(`A gate cannot take the parameter ${value}.`);
    return value;
  }

  #qubits(operands: readonly QubitOperand[]): number[] {
    const qubits = operands.map((operand) => this.#qubit(operand));
    if (new Set(qubits).size !== qubits.length) {
      throw fault(`A gate cannot act twice on the same qubit; its operands are ${qubits.join(', ')}.`);
    }
    return qubits;
  }

  #qubit(operand: QubitOperand): number {
    const flat = typeof operand === 'number' ? operand : this.#chosen(operand);
    const qubit = this.#frame.qubits === undefined ? flat : this.#frame.qubits[flat as number];
    if (qubit === undefined || qubit >= this.#program.qubits) throw malformed(`There is no qubit ${flat}.`);
    return qubit;
  }

  #chosen(choice: QubitChoice): number | undefined {
    const index = toInteger(this.evaluate(choice.index));
    return 'among' in choice
      ? choice.among[position(index, choice.among.length)]
      : choice.offset + position(index, choice.size);
  }

  #cell(variable: number): Cell {
    const cell = this.#frame.cells[variable];
    if (cell === undefined) throw malformed(`There is no variable ${variable}.`);
    return cell;
  }

  #place(target: Target): Place {
    switch (target.kind) {
      case 'variable': {
        const cell = this.#cell(target.variable);
        return { kind: 'part', cell, type: this.#frame.variables[target.variable]!.type, path: [] };
      }
      case 'index': {
        const base = this.#place(target.base);
        return partOf(base, [{ kind: 'index', index: toInteger(this.evaluate(target.index)) }]);
      }
      case 'select':
        return partOf(
          this.#place(target.base),
          target.selectors.map((selector) => this.#picked(selector)),
        );
      case 'join': {
        const all: Picked[] = [{ kind: 'range' }];
        const parts = target.parts.map((part) => partOf(this.#place(part), all));
        return {
          kind: 'parts',
          isBits: true,
          parts: parts.flatMap((part) => (part.kind === 'parts' ? part.parts : [part])),
        };
      }
    }
  }

  #picked(selector: Selector): Picked {
    const integer = (expression: Expression): bigint => toInteger(this.evaluate(expression));
    switch (selector.kind) {
      case 'index':
        return { kind: 'index', index: integer(selector.index) };
      case 'range':
        return {
          kind: 'range',
          ...(selector.start && { start: integer(selector.start) }),
          ...(selector.step && { step: integer(selector.step) }),
          ...(selector.stop && { stop: integer(selector.stop) }),
        };
      case 'set':
        return { kind: 'set', indices: selector.indices.map(integer) };
    }
  }

  evaluate(expression: Expression): Value {
    this.#enter();
    const value = this.#compute(expression);
    this.#depth -= 1;
    return value;
  }

  #compute(expression: Expression): Value {
    switch (expression.kind) {
      case 'int':
        return cast({ kind: 'int', width: 1, value: expression.value }, expression.type);
      case 'float':
        return float(expression.value);
      case 'bool':
        return bool(expression.value);
      case 'bits':
        return { kind: 'bit', width: expression.value.length, value: BigInt(`0b0${expression.value}`) };
      case 'complex':
        return complex(expression.re, expression.im);
      case 'variable':
        return this.#cell(expression.variable).value;
      case 'index':
        return elementOf(this.evaluate(expression.base), toInteger(this.evaluate(expression.index)));
      case 'slice':
        return selectFrom(this.evaluate(expression.base), [this.#picked({ ...expression, kind: 'range' })]);
      case 'select': {
        const base = this.evaluate(expression.base);
        return selectFrom(
          base,
          expression.selectors.map((selector) => this.#picked(selector)),
        );
      }
      case 'unary':
        return unary(expression.operator, this.evaluate(expression.operand));
      case 'binary':
        return this.#binary(expression);
      case 'cast':
        return cast(this.evaluate(expression.operand), expression.type);
      case 'builtin':
        return callBuiltin(
          expression.name,
          expression.arguments.map((argument) => this.evaluate(argument)),
        );
      case 'call':
        return this.#call(expression.subroutine, expression.arguments);
    }
  }

  #binary(expression: Extract<Expression, { kind: 'binary' }>): Value {
    const left = this.evaluate(expression.left);
    // The right side of a decided `&&` or `||` is not evaluated, as in C.
    if (expression.operator === '&&' && !toBoolean(left)) return bool(false);
    if (expression.operator === '||' && toBoolean(left)) return bool(true);
    return binary(expression.operator, left, this.evaluate(expression.right));
  }

  #call(index: number, given: readonly Argument[]): Value {
    const subroutine = this.#program.subroutines[index];
    if (subroutine === undefined || given.length !== subroutine.parameters.length) {
      throw malformed(`Subroutine ${index} cannot be called with ${given.length} arguments.`);
    }
    const caller = this.#frame;
    const held = this.#held;
    const cells = this.#locals(subroutine);
    const qubits: number[] = [];
    const copies: { readonly place: Place; readonly cell: Cell }[] = [];
    subroutine.parameters.forEach((parameter, i) => {
      const argument = given[i]!;
      if (parameter.kind === 'qubits') {
        if (argument.kind !== 'qubits')
          throw malformed(`Argument ${i} of '${subroutine.name}' must be qubits.`);
        for (const [at, operand] of argument.qubits.entries())
          qubits[parameter.offset + at] = this.#qubit(operand);
      } else if (argument.kind === 'value') {
        cells[parameter.variable] = {
          value: cast(this.evaluate(argument.value), subroutine.locals[parameter.variable]!.type),
        };
      } else if (argument.kind === 'reference') {
        const { type } = subroutine.locals[parameter.variable]!;
        cells[parameter.variable] = this.#reference(argument.target, type, copies);
      } else throw malformed(`Argument ${i} of '${subroutine.name}' must be a value.`);
    });
    this.#frame = { variables: subroutine.locals, cells, qubits };
    const completion = this.#called(subroutine.body);
    this.#frame = caller;
    this.#held = held;
    for (const { place, cell } of copies) write(place, cell.value);
    if (completion === 'end') throw new EndOfShot();
    const result = completion === 'return' ? this.#returned : undefined;
    this.#returned = undefined;
    if (subroutine.result === undefined) return bool(false);
    if (result === undefined)
      throw fault(`The subroutine '${subroutine.name}' ended without returning a value.`);
    return cast(result, subroutine.result);
  }

  /** Every call on the way out of an ended shot hands its references back. */
  #called(body: Block): Completion {
    try {
      return this.run(body);
    } catch (thrown) {
      if (thrown instanceof EndOfShot) return 'end';
      throw thrown;
    }
  }

  /** Storage for the variables of one call; parameters get theirs from its arguments. */
  #locals({ locals, parameters }: Subroutine): Cell[] {
    const own = locals.map(({ type }) => type);
    for (const parameter of parameters) if (parameter.kind !== 'qubits') own[parameter.variable] = NOTHING;
    this.#hold(own.reduce((sum, type) => sum + elementsOfType(type), 0));
    return own.map((type) => ({ value: zeroOf(type) }));
  }

  #hold(elements: number): void {
    this.#held += elements;
    if (this.#held > CALLS_ELEMENTS_MAX)
      throw fault(`The calls in progress hold more than ${CALLS_ELEMENTS_MAX} elements of arrays.`);
  }

  /**
   * A reference to a whole variable shares its cell; one to a part of it is copied in and, after the call,
   * out. What the caller gives must have the shape that the parameter has.
   */
  #reference(
    target: Target,
    type: ClassicalType,
    copies: { readonly place: Place; readonly cell: Cell }[],
  ): Cell {
    const place = this.#place(target);
    if (place.kind === 'part' && place.path.length === 0) {
      requireShape(place.cell.value, type);
      return place.cell;
    }
    const given = valueAt(place);
    this.#hold(elementCount(given));
    const cell: Cell = { value: cast(given, type) };
    copies.push({ place, cell });
    return cell;
  }
}

/** `end` inside a subroutine that was called from an expression. */
export class EndOfShot extends Error {}
