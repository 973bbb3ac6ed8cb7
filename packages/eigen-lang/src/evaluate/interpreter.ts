import { EIGEN_ELEMENTS_MAX, EIGEN_STEPS_MAX, nearestName } from '@qfs/core';
import type * as ast from '../ast.ts';
import type { Findings, Span } from '../findings.ts';
import type { Evaluation } from '../library/library-row.ts';
import { CONSTANTS, IMPORTABLE, LIBRARY } from '../library/table.ts';
import { Arguments, type Given } from './arguments.ts';
import { compare, type Folded, fold, negated, truthOf } from './arithmetic.ts';
import { attributeOf } from './attributes.ts';
import { CircuitFault } from './circuit-builder.ts';
import { Refusal } from './refusal.ts';
import { nameOf, type Value } from './value.ts';

const HINTS_MAX = 10;
const HINT_NAMES_MAX = 500;

/** Ends what takes more steps than the caller has; it leaves this room as an answer, not as an error. */
export class StepsSpent extends Error {}

/**
 * Follows the statements of a program in their order. Nothing is executed: every value is known or a
 * symbol.
 */
export class Interpreter {
  readonly #findings: Findings;
  readonly #evaluation: Evaluation;
  /** What names stand for, imported ones included. */
  readonly #names = new Map<string, Value>();
  #steps = 0;
  #refused = 0;
  #hints = 0;

  readonly #stepsMax: number;

  /** More than `stepsMax` end in `StepsSpent`. */
  constructor(findings: Findings, evaluation: Evaluation, stepsMax: number) {
    this.#findings = findings;
    this.#evaluation = evaluation;
    this.#stepsMax = stepsMax;
  }

  /** Expressions and statements that were followed, and operations that were written. */
  get steps(): number {
    return this.#steps;
  }

  import({ names }: ast.ImportFrom): void {
    for (const { name, alias, ...span } of names) {
      if (!IMPORTABLE.includes(name)) {
        const hint = this.#nearest(name, IMPORTABLE);
        this.#findings.add('EIGEN_MEANING', span, `eigen_lang has no ${name}.`, hint);
      }
      const constant = Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name] : undefined;
      this.#names.set(
        alias,
        constant === undefined ? { kind: 'symbol', name } : { kind: 'number', value: constant },
      );
    }
  }

  /** The value that a block returns, if it does; what is refused is reported, and the rest looked at. */
  run(block: readonly ast.Statement[]): Given | undefined {
    for (const statement of block) {
      if (this.#findings.full) return undefined;
      try {
        const returned = this.#statement(statement);
        if (returned !== undefined) return returned;
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown;
        this.#refused += 1;
        this.#findings.add(thrown.code, thrown.span, thrown.message, thrown.hint);
        if (thrown.code === 'EIGEN_LIMIT') return undefined;
      }
    }
    return undefined;
  }

  evaluate(expression: ast.Expression): Value {
    this.spend(expression);
    switch (expression.type) {
      case 'Constant':
        return constantOf(expression.value);
      case 'Name':
        return this.#named(expression);
      case 'UnaryOp':
        return this.#unary(expression);
      case 'BinOp':
        return checked(
          fold(expression.operator, this.evaluate(expression.left), this.evaluate(expression.right)),
          expression,
        );
      case 'Compare':
        return { kind: 'bool', value: this.#compare(expression) };
      case 'BoolOp':
        return this.#boolean(expression);
      case 'List':
      case 'Tuple':
        this.#bound(expression.elements.length, expression);
        return {
          kind: expression.type === 'List' ? 'list' : 'tuple',
          elements: expression.elements.map((element) => this.evaluate(element)),
        };
      case 'Dict':
        this.#bound(expression.entries.length, expression);
        return {
          kind: 'dict',
          entries: expression.entries.map(({ key, value }) => [this.evaluate(key), this.evaluate(value)]),
        };
      case 'Call':
        return this.#call(expression);
      case 'Attribute':
        return this.#attribute(expression);
      case 'Subscript':
        return this.#subscript(expression);
    }
  }

  #statement(statement: ast.Statement): Given | undefined {
    this.spend(statement);
    switch (statement.type) {
      case 'Assign':
        this.#names.set(statement.target.id, this.evaluate(statement.value));
        return undefined;
      case 'Expr':
        if (statement.value.type !== 'Call' && !isText(statement.value)) {
          throw new Refusal(
            statement,
            'The value is used for nothing.',
            'Assign it to a name, or leave it away.',
          );
        }
        this.evaluate(statement.value);
        return undefined;
      case 'Return':
        return {
          value: statement.value ? this.evaluate(statement.value) : { kind: 'none' },
          span: statement,
        };
      case 'If':
        return this.run(this.#truth(statement.test) ? statement.body : statement.otherwise);
      case 'For':
        return this.#loop(statement);
      case 'ImportFrom':
        this.import(statement);
        return undefined;
      case 'FunctionDef':
        throw new Refusal(
          statement.nameSpan,
          'A function inside of the program is not part of Eigen-Lang.',
          undefined,
          'EIGEN_FORBIDDEN',
        );
      case 'Pass':
        return undefined;
    }
  }

  #loop({ target, iterable, body }: ast.For): Given | undefined {
    for (const value of this.#elements(iterable)) {
      this.spend(target);
      this.#names.set(target.id, value);
      const before = this.#refused;
      const returned = this.run(body);
      if (returned !== undefined) return returned;
      // What is wrong with one turn is wrong with the others.
      if (this.#refused > before) return undefined;
    }
    return undefined;
  }

  /** `range` of constants, or the elements of a list. */
  #elements(iterable: ast.Expression): Iterable<Value> {
    if (iterable.type === 'Call' && iterable.callee.type === 'Name' && iterable.callee.id === 'range') {
      return this.#range(iterable);
    }
    const value = this.evaluate(iterable);
    const length = lengthOf(value);
    if (length !== undefined) return Array.from({ length }, (_, at) => elementOf(value, at));
    throw new Refusal(iterable, `A loop goes over range(…), a list or a register, not ${nameOf(value)}.`);
  }

  #range(call: ast.Call): Value[] {
    const bounds = call.positional.map((expression) => {
      const value = this.evaluate(expression);
      if (value.kind === 'number' && typeof value.value === 'bigint') return Number(value.value);
      throw new Refusal(expression, 'range takes whole numbers.');
    });
    if (call.keywords.length > 0 || bounds.length < 1 || bounds.length > 3) {
      throw new Refusal(call, 'range takes one to three whole numbers.');
    }
    const [start, stop, step] =
      bounds.length === 1 ? [0, bounds[0]!, 1] : [bounds[0]!, bounds[1]!, bounds[2] ?? 1];
    if (step === 0) throw new Refusal(call, 'The step of a range is not 0.');
    const length = Math.max(0, Math.ceil((stop - start) / step));
    this.#bound(length, call);
    return Array.from({ length }, (_, k) => ({ kind: 'number', value: BigInt(start + k * step) }));
  }

  #named({ id, ...span }: ast.Name): Value {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    if (IMPORTABLE.includes(id)) {
      throw new Refusal(span, `${id} is not imported.`, `Write "from eigen_lang import ${id}".`);
    }
    throw new Refusal(span, `The name ${id} stands for nothing.`, this.#nearest(id, this.#names.keys()));
  }

  /** Which name was meant; looking for it takes long among many. */
  #nearest(name: string, known: Iterable<string>): string | undefined {
    this.#hints += 1;
    if (this.#hints > HINTS_MAX || this.#names.size > HINT_NAMES_MAX) return undefined;
    const nearest = nearestName(name, known);
    return nearest === undefined ? undefined : `Did you mean ${nearest}?`;
  }

  #unary({ operator, operand, ...span }: ast.UnaryOp): Value {
    if (operator === 'not') return { kind: 'bool', value: !this.#truth(operand) };
    const value = this.evaluate(operand);
    if (operator === '-') return checked(negated(value), span);
    if (value.kind === 'number' || value.kind === 'angle') return value;
    throw new Refusal(span, 'The sign + takes a number.');
  }

  #compare({ left, operators, others }: ast.Compare): boolean {
    let before = this.evaluate(left);
    for (const [k, operator] of operators.entries()) {
      const after = this.evaluate(others[k]!);
      const holds = compare(operator, before, after);
      if (holds === undefined) {
        throw new Refusal(
          others[k]!,
          `${nameOf(before)} and ${nameOf(after)} cannot be compared by ${operator}.`,
        );
      }
      if (!holds) return false;
      before = after;
    }
    return true;
  }

  /** As in Python, the last value that was looked at. */
  #boolean({ operator, values }: ast.BoolOp): Value {
    let value: Value = { kind: 'none' };
    for (const expression of values) {
      value = this.evaluate(expression);
      if (this.#truthOf(value, expression) === (operator === 'or')) return value;
    }
    return value;
  }

  #truth(expression: ast.Expression): boolean {
    return this.#truthOf(this.evaluate(expression), expression);
  }

  #truthOf(value: Value, span: Span): boolean {
    const truth = truthOf(value);
    if (truth !== undefined) return truth;
    const hint = 'Conditions are decided when the program is read; nothing depends on measurements.';
    throw new Refusal(span, `${nameOf(value)} is neither true nor false.`, hint);
  }

  #call(call: ast.Call): Value {
    const name = this.#callee(call.callee);
    const row = Object.hasOwn(LIBRARY, name) ? LIBRARY[name] : undefined;
    if (row === undefined) throw new Refusal(call.callee, `${name} is not called inside of a program.`);
    const given = (expression: ast.Expression): Given => ({
      value: this.evaluate(expression),
      span: expression,
    });
    const keywords = call.keywords.map(({ name, value }) => [name, given(value)] as const);
    const spend = (steps: number) => this.spend(call, steps);
    const all = new Arguments(name, call, call.positional.map(given), new Map(keywords), spend);
    const { circuit } = this.#evaluation;
    const before = circuit.operations;
    try {
      const value = row.call(all, this.#evaluation);
      spend(circuit.operations - before);
      return value;
    } catch (thrown) {
      if (!(thrown instanceof CircuitFault)) throw thrown;
      throw new Refusal(call, `${name}: ${thrown.message}`, undefined, thrown.code);
    }
  }

  #callee(callee: ast.Expression): string {
    if (callee.type === 'Attribute' && callee.name === 'from_terms') {
      const object = this.evaluate(callee.object);
      if (object.kind === 'symbol' && object.name === 'Observable') return 'Observable.from_terms';
    }
    if (callee.type === 'Name') {
      const value = this.#named(callee);
      if (value.kind === 'symbol') return value.name;
    }
    throw new Refusal(callee, 'Only functions of eigen_lang are called.');
  }

  #attribute({ object, name, ...span }: ast.Attribute): Value {
    const value = this.evaluate(object);
    const found = attributeOf(value, name);
    if (found !== undefined) {
      this.spend(span, weightOf(found));
      return found;
    }
    throw new Refusal(span, `${nameOf(value)} has no ${name}.`);
  }

  #subscript({ object, index, ...span }: ast.Subscript): Value {
    const value = this.evaluate(object);
    const key = this.evaluate(index);
    if (value.kind === 'dict') {
      this.spend(index, value.entries.length);
      const found = value.entries.find(([known]) => compare('==', known, key) === true);
      if (found !== undefined) return found[1];
      throw new Refusal(index, 'The dictionary has no such key.');
    }
    const length = lengthOf(value);
    if (length === undefined) throw new Refusal(span, `${nameOf(value)} has no elements.`);
    if (key.kind !== 'number' || typeof key.value !== 'bigint') {
      throw new Refusal(index, 'An index is a whole number.');
    }
    const written = Number(key.value);
    const at = written < 0 ? written + length : written;
    if (at < 0 || at >= length) {
      throw new Refusal(index, `There is no element ${written}; there are ${length}.`);
    }
    return elementOf(value, at);
  }

  #bound(length: number, span: Span): void {
    if (length <= EIGEN_ELEMENTS_MAX) return;
    const message = `There are ${length} elements; at most ${EIGEN_ELEMENTS_MAX} are allowed.`;
    throw new Refusal(span, message, undefined, 'EIGEN_LIMIT');
  }

  /** @throws Refusal, StepsSpent */
  spend(span: Span, steps = 1): void {
    this.#steps += steps;
    if (this.#steps > this.#stepsMax) throw new StepsSpent();
    if (this.#steps <= EIGEN_STEPS_MAX) return;
    const message = `The program takes more than ${EIGEN_STEPS_MAX} steps to read.`;
    throw new Refusal(span, message, 'Repeat less.', 'EIGEN_LIMIT');
  }
}

const isText = (expression: ast.Expression): boolean =>
  expression.type === 'Constant' && typeof expression.value === 'string';

function constantOf(value: ast.Constant['value']): Value {
  if (value === null) return { kind: 'none' };
  if (typeof value === 'string') return { kind: 'string', value };
  return typeof value === 'boolean' ? { kind: 'bool', value } : { kind: 'number', value };
}

function checked(folded: Folded, span: Span): Value {
  if (folded.kind !== 'fault') return folded;
  throw new Refusal(span, folded.message, undefined, folded.isLimit ? 'EIGEN_LIMIT' : undefined);
}

/** How many can be picked by an index; undefined where nothing can. */
function lengthOf(value: Value): number | undefined {
  if (value.kind === 'list' || value.kind === 'tuple') return value.elements.length;
  return value.kind === 'qubits' || value.kind === 'bits' ? value.size : undefined;
}

function elementOf(value: Value, at: number): Value {
  if (value.kind === 'list' || value.kind === 'tuple') return value.elements[at]!;
  const { offset } = value as Extract<Value, { kind: 'qubits' | 'bits' }>;
  return { kind: value.kind === 'qubits' ? 'qubit' : 'bit', index: offset + at };
}

/** What it takes to make a list of tuples with texts. */
function weightOf(value: Value): number {
  if (value.kind === 'string') return value.value.length;
  if (value.kind !== 'list' && value.kind !== 'tuple') return 1;
  return value.elements.reduce((sum, element) => sum + weightOf(element), 1);
}
