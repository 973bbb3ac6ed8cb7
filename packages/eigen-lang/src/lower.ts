import { type Diagnostic, SEED_MAX, SHOTS_MAX } from '@qfs/core';
import type { Expression, FunctionDef, Module } from './ast.ts';
import { Arguments, type Given } from './evaluate/arguments.ts';
import { CircuitBuilder } from './evaluate/circuit-builder.ts';
import type { HybridProgram, ProgramDefaults } from './evaluate/hybrid-program.ts';
import { Interpreter } from './evaluate/interpreter.ts';
import { plainValue } from './evaluate/plain.ts';
import { Refusal } from './evaluate/refusal.ts';
import type { Evaluation, MinimisePlan } from './evaluate/stdlib.ts';
import { observableOf, type PauliTerm } from './evaluate/value.ts';
import { Findings } from './findings.ts';
import { parseInto } from './parse.ts';

export interface LoweredProgram {
  /** Present exactly if there are no diagnostics. */
  readonly program?: HybridProgram;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the text of a program and gives it its meaning: a circuit with parameters, what is measured of
 * it, and the
 * loop that searches the parameters. Equal texts have equal meanings. Never throws on what a user wrote.
 */
export function lowerProgram(source: string, entrypoint?: string): LoweredProgram {
  const findings = new Findings();
  const module = parseInto(source, findings);
  const lowered = findings.any ? undefined : lowerModule(module, entrypoint, findings);
  const diagnostics = findings.diagnostics(source);
  return lowered === undefined || diagnostics.length > 0
    ? { diagnostics }
    : { program: lowered, diagnostics };
}

function lowerModule(
  module: Module,
  entrypoint: string | undefined,
  findings: Findings,
): HybridProgram | undefined {
  const lowering = new Lowering(findings);
  const interpreter = new Interpreter(findings, lowering);
  const entry = entryOf(module, entrypoint, findings);
  // What stands beside the program: imports, constants and a text that describes it.
  const others = module.body.filter((statement) => statement !== entry);
  for (const statement of others) {
    if (statement.type === 'ImportFrom' || statement.type === 'Assign') continue;
    if (statement.type === 'Expr' && statement.value.type === 'Constant') continue;
    const span = statement.type === 'FunctionDef' ? statement.nameSpan : statement;
    const message = 'Beside the program stand imports and constants alone.';
    findings.add('EIGEN_FORBIDDEN', span, message, 'Move it into the function of the program.');
  }
  if (findings.any || entry === undefined) return undefined;
  interpreter.run(others);
  const defaults = defaultsOf(entry, interpreter, findings);
  const returned = interpreter.run(entry.body);
  if (findings.any) return undefined;
  return lowering.finish(entry, defaults, returned);
}

/** The one function with the decorator. */
function entryOf(module: Module, wanted: string | undefined, findings: Findings): FunctionDef | undefined {
  const functions = module.body.filter((statement) => statement.type === 'FunctionDef');
  const entries = functions.filter(({ decorators }) => decorators.length > 0);
  const [entry, second] = entries;
  const whole = { start: 0, end: 0 };
  if (entry === undefined) {
    const hint = 'Write "@hybrid_program" before the function of the program.';
    findings.add('EIGEN_MEANING', functions[0]?.nameSpan ?? whole, 'The program has no entry.', hint);
  } else if (second !== undefined) {
    findings.add('EIGEN_MEANING', second.nameSpan, 'The program has two entries; it has one.');
  } else if (wanted !== undefined && wanted !== entry.name) {
    const message = `The entry is ${entry.name}, and ${wanted.slice(0, 64)} is asked for.`;
    findings.add('EIGEN_MEANING', entry.nameSpan, message);
  } else return entry;
  return undefined;
}

function defaultsOf(entry: FunctionDef, interpreter: Interpreter, findings: Findings): ProgramDefaults {
  try {
    const [decorator, other] = entry.decorators;
    if (other !== undefined) throw new Refusal(other, 'A program has one decorator, hybrid_program.');
    const call = decorator!.type === 'Call' ? decorator! : undefined;
    const named = call?.callee ?? decorator!;
    const symbol = interpreter.evaluate(named);
    if (symbol.kind !== 'symbol' || symbol.name !== 'hybrid_program') {
      throw new Refusal(named, 'The decorator of a program is hybrid_program.', undefined, 'EIGEN_FORBIDDEN');
    }
    return call === undefined ? {} : readDefaults(call, interpreter);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    findings.add(thrown.code, thrown.span, thrown.message, thrown.hint);
    return {};
  }
}

const LEVEL_MAX = 3;

function readDefaults(
  call: Extract<Expression, { type: 'Call' }>,
  interpreter: Interpreter,
): ProgramDefaults {
  const given = (value: Expression): Given => ({ value: interpreter.evaluate(value), span: value });
  const keywords = new Map(call.keywords.map(({ name, value }) => [name, given(value)]));
  const all = new Arguments('hybrid_program', call, call.positional.map(given), keywords);
  const read = <T>(name: string, as: (value: Given) => T): T | undefined => {
    const value = all.takeNamed(name);
    return value === undefined || value.value.kind === 'none' ? undefined : as(value);
  };
  const found = {
    compiler: read('compiler', (value) => all.text(value)),
    target: read('target', (value) => all.text(value)),
    shots: read('shots', (value) => all.whole(value, 1, SHOTS_MAX)),
    optimizationLevel: read('optimization_level', (value) => all.whole(value, 0, LEVEL_MAX)),
    seed: read('seed', (value) => all.whole(value, 0, SEED_MAX)),
    noiseModel: read('noise_model', (value) => all.text(value)),
    metadata: read('metadata', plainValue),
  };
  all.finish();
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** What the statements of a program leave behind. */
class Lowering implements Evaluation {
  readonly circuit = new CircuitBuilder();
  readonly #findings: Findings;
  #terms: readonly PauliTerm[] | undefined;
  #plan: MinimisePlan | undefined;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  expect(terms: readonly PauliTerm[]): void {
    this.#terms = terms;
  }

  minimise(plan: MinimisePlan, call: Arguments): void {
    if (this.#plan !== undefined) call.refuse('a program minimises once.');
    this.#plan = plan;
  }

  finish(
    entry: FunctionDef,
    defaults: ProgramDefaults,
    returned: Given | undefined,
  ): HybridProgram | undefined {
    const { circuit } = this;
    const refuse = (message: string, hint?: string): undefined => {
      this.#findings.add('EIGEN_MEANING', entry.nameSpan, message, hint);
      return undefined;
    };
    try {
      const outputs = returned === undefined ? undefined : plainValue(returned);
      if (circuit.qubits === 0)
        return refuse('The program has no qubits.', 'Declare some with QubitRegister(n).');
      const highest = Math.max(-1, ...[...(this.#terms ?? [])].flatMap(({ paulis }) => [...paulis.keys()]));
      if (highest >= circuit.qubits) {
        return refuse(`The observable names the qubit ${highest}; there are ${circuit.qubits}.`);
      }
      const observable = this.#terms === undefined ? undefined : observableOf(this.#terms, circuit.qubits);
      const measuredByDefault = !circuit.measures;
      const minimisation = this.#minimisation();
      return {
        entrypoint: entry.name,
        circuit: circuit.build(),
        parameters: circuit.parameters,
        ...{ measuredByDefault, defaults, observable, minimisation, outputs },
      };
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      this.#findings.add(thrown.code, thrown.span, thrown.message, thrown.hint);
      return undefined;
    }
  }

  #minimisation(): HybridProgram['minimisation'] {
    if (this.#plan === undefined) return undefined;
    const { terms, method, start, iterationsMax, tolerance } = this.#plan;
    const { parameters, qubits } = this.circuit;
    const begin = start.length > 0 ? start : parameters.map(({ initial }) => initial ?? 0);
    return { observable: observableOf(terms, qubits), method, start: begin, iterationsMax, tolerance };
  }
}
