import type { ProgramNode, Statement, StatementNode } from '@qfs/qasm';
import { parseSource } from '@qfs/qasm';
import { integerOf } from './conversions.ts';
import { Scope, type Shot } from './environment.ts';
import { evaluate, resolveType } from './expressions.ts';
import { type Place, variable } from './places.ts';
import { type Decide, QuantumState } from './quantum-state.ts';
import { EndOfShot, runBody } from './statements.ts';
import { STDGATES } from './stdgates.ts';
import { textOf, type Value } from './values.ts';

/** What one shot leaves behind, in the form of results (docs/spec/results.md). */
export interface Outcome {
  /** The key of the shot. */
  readonly key: string;
  /** Outputs that are no bits, by name. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The shot takes more statements than this interpreter has patience for. */
export class TooLong extends Error {}

const STATEMENTS_MAX = 20_000;

const LIBRARY = parseSource(STDGATES).ast.statements;

/** A variable that results show. */
interface Shown {
  readonly name: string;
  readonly place: Place;
  /** A bit without a size. */
  readonly isLoose: boolean;
  readonly isOutput: boolean;
}

/**
 * Runs one shot of a program from its syntax tree. Slow and simple on purpose: it exists to be compared with.
 * It shares no code with the compiler and the engine but the parser and the elementary functions.
 */
export function interpret(
  program: ProgramNode,
  decide: Decide,
  inputs: ReadonlyMap<string, Value> = new Map(),
): Outcome {
  let statements = 0;
  const shot: Shot = {
    state: new QuantumState(qubitsIn(program), decide),
    step() {
      statements += 1;
      if (statements > STATEMENTS_MAX) throw new TooLong();
    },
  };
  const globals = new Globals(shot, inputs);
  let hasEnded = false;
  for (const statement of program.statements) {
    try {
      // Variables that the shot did not get to are shown as well.
      if (!hasEnded) globals.run(statement);
      else if (statement.kind === 'declaration')
        globals.run({ ...statement, initial: undefined } as unknown as StatementNode);
    } catch (thrown) {
      if (!(thrown instanceof EndOfShot)) throw thrown;
      hasEnded = true;
    }
  }
  return outcomeOf(program, globals.shown);
}

/** Sizes of registers are constants, which are evaluated again when the program runs. */
function qubitsIn(program: ProgramNode): number {
  const nothing: Shot = { state: new QuantumState(0, () => false), step: () => undefined };
  const scope = new Scope();
  let total = 0;
  for (const statement of program.statements) {
    if (statement.kind === 'const') runBody([statement], scope, nothing);
    if (statement.kind === 'qubits') total += sizeOf(statement, scope, nothing);
  }
  return total;
}

const sizeOf = ({ type }: Statement<'qubits'>, scope: Scope, shot: Shot): number =>
  type.designator === undefined ? 1 : Number(integerOf(evaluate(type.designator, scope, shot)));

/** Runs the statements of the top level, where there are qubits, inputs and outputs. */
class Globals {
  readonly shown: Shown[] = [];
  readonly #scope = new Scope();
  readonly #shot: Shot;
  readonly #inputs: ReadonlyMap<string, Value>;
  #qubits = 0;

  constructor(shot: Shot, inputs: ReadonlyMap<string, Value>) {
    this.#shot = shot;
    this.#inputs = inputs;
  }

  run(statement: StatementNode): void {
    if (statement.kind === 'include') runBody(LIBRARY, this.#scope, this.#shot);
    else if (statement.kind === 'qubits') this.#declareQubits(statement);
    else if (statement.kind === 'io') this.#declarePort(statement);
    else {
      runBody([statement], this.#scope, this.#shot);
      if (statement.kind !== 'declaration') return;
      const meaning = this.#scope.lookUp(statement.name.name);
      if (meaning.kind === 'place') this.#show(statement, meaning.place, false);
    }
  }

  #declareQubits(node: Statement<'qubits'>): void {
    const size = sizeOf(node, this.#scope, this.#shot);
    const qubits = Array.from({ length: size }, (_, at) => this.#qubits + at);
    const isSingle = node.type.designator === undefined;
    this.#scope.declare(node.name.name, { kind: 'qubits', qubits, isSingle });
    this.#qubits += size;
  }

  #declarePort(node: Statement<'io'>): void {
    const type = resolveType(node.type, this.#scope, this.#shot);
    const { name } = node.name;
    const place = variable(type, node.direction === 'input' ? this.#inputs.get(name) : undefined);
    this.#scope.declare(name, { kind: 'place', place });
    if (node.direction === 'output') this.#show(node, place, true);
  }

  #show(node: Statement<'declaration' | 'io'>, place: Place, isOutput: boolean): void {
    const { type } = node;
    const isLoose = type.kind === 'scalarType' && type.name === 'bit' && type.designator === undefined;
    this.shown.push({ name: node.name.name, place, isLoose, isOutput });
  }
}

/** RESULT-3: only outputs if there are any; the first register rightmost; loose bits side by side. */
function outcomeOf(program: ProgramNode, shown: readonly Shown[]): Outcome {
  const hasOutputs = program.statements.some(
    (statement) => statement.kind === 'io' && statement.direction === 'output',
  );
  const visible = shown.filter(({ isOutput }) => isOutput || !hasOutputs);
  let key = '';
  let wasLoose = false;
  for (const { place, isLoose } of visible.filter(({ place }) => place.type.kind === 'bit')) {
    const joint = key === '' || (isLoose && wasLoose) ? '' : ' ';
    key = textOf(place.read()) + joint + key;
    wasLoose = isLoose;
  }
  const others = visible.filter(({ place, isOutput }) => isOutput && place.type.kind !== 'bit');
  return {
    key,
    outputs: Object.fromEntries(others.map(({ name, place }) => [name, textOf(place.read())])),
  };
}
