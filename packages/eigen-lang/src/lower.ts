import type { Diagnostic } from '@qfs/core';
import type { HybridPlan, PlanValue } from '@qfs/hybrid';
import type { FunctionDef, Module } from './ast.ts';
import { defaultsOf } from './decorator.ts';
import type { Arguments, Given } from './evaluate/arguments.ts';
import { CircuitBuilder, CircuitFault } from './evaluate/circuit-builder.ts';
import type { HybridProgram, ProgramDefaults } from './evaluate/hybrid-program.ts';
import { Interpreter, StepsSpent } from './evaluate/interpreter.ts';
import { plainOutputs } from './evaluate/plain.ts';
import { Refusal } from './evaluate/refusal.ts';
import { observableOf, type PauliTerm } from './evaluate/value.ts';
import { Findings } from './findings.ts';
import type { Evaluation, MinimisePlan } from './library/library-row.ts';
import { parseInto } from './parse.ts';

export interface LoweredProgram {
  /** Present exactly if there are no diagnostics. */
  readonly program?: HybridProgram;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the text of a program and gives it its meaning: a circuit with parameters, what is measured of it,
 * and the loop that searches the parameters. Equal texts have equal meanings. Never throws on what a user
 * wrote. `entrypoint` is the name that the entry must have; without it the program has one.
 */
export const lowerProgram = (source: string, entrypoint?: string): LoweredProgram =>
  lowerProgramWithin(Number.POSITIVE_INFINITY, source, entrypoint)!;

/** The same, or undefined if it takes more steps. */
export function lowerProgramWithin(
  stepsMax: number,
  source: string,
  entrypoint?: string,
): (LoweredProgram & { readonly steps: number }) | undefined {
  const findings = new Findings();
  const module = parseInto(source, findings);
  const lowering = new Lowering(findings);
  const interpreter = new Interpreter(findings, lowering, stepsMax);
  let program: HybridProgram | undefined;
  try {
    if (!findings.any) program = lowerModule(module, entrypoint, interpreter, lowering, findings);
  } catch (thrown) {
    if (thrown instanceof StepsSpent) return undefined;
    throw thrown;
  }
  const diagnostics = findings.diagnostics(source);
  const { steps } = interpreter;
  return program === undefined || diagnostics.length > 0
    ? { diagnostics, steps }
    : { program, diagnostics, steps };
}

function lowerModule(
  module: Module,
  entrypoint: string | undefined,
  interpreter: Interpreter,
  lowering: Lowering,
  findings: Findings,
): HybridProgram | undefined {
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
  return lowering.finish(entry, defaults, returned, (steps) => interpreter.spend(entry.nameSpan, steps));
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

/** Letters of the observable that are written in one step. */
const LETTERS_A_STEP = 16;

/** What the statements of a program leave behind. */
class Lowering implements Evaluation {
  readonly circuit = new CircuitBuilder();
  readonly #findings: Findings;
  readonly #expectations: { readonly terms: readonly PauliTerm[]; readonly call: Arguments }[] = [];
  #search: MinimisePlan | undefined;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  expect(terms: readonly PauliTerm[], call: Arguments): void {
    this.circuit.complete();
    this.#expectations.push({ terms, call });
  }

  minimise(search: MinimisePlan, call: Arguments): void {
    if (this.#search !== undefined) call.refuse('a program minimises once.');
    this.#search = search;
  }

  finish(
    entry: FunctionDef,
    defaults: ProgramDefaults,
    returned: Given | undefined,
    spend: (steps: number) => void,
  ): HybridProgram | undefined {
    try {
      if (this.circuit.qubits === 0) {
        const hint = 'Declare some with QubitRegister(n).';
        throw new Refusal(entry.nameSpan, 'The program has no qubits.', hint);
      }
      const objective = this.#objective();
      spend(((objective?.length ?? 0) * this.circuit.qubits) / LETTERS_A_STEP);
      // What is measured is counted anyway.
      const isOutput = returned !== undefined && returned.value.kind !== 'outcome';
      const outputs = isOutput ? plainOutputs(returned, objective) : undefined;
      const circuit = this.circuit.build();
      const plan = this.#plan(entry, objective, outputs);
      return { circuit, defaults, ...(plan === undefined ? {} : { plan }) };
    } catch (thrown) {
      if (thrown instanceof Refusal) {
        this.#findings.add(thrown.code, thrown.span, thrown.message, thrown.hint);
      } else if (thrown instanceof CircuitFault) {
        this.#findings.add(thrown.code, entry.nameSpan, thrown.message);
      } else throw thrown;
      return undefined;
    }
  }

  /** What is minimised, or the one expectation that is asked for. */
  #objective(): readonly PauliTerm[] | undefined {
    const [first, second] = this.#expectations;
    if (this.#search === undefined && second !== undefined) {
      second.call.refuse('a program evaluates one expectation; add the terms of its observables.');
    }
    const qubits = this.circuit.qubits;
    for (const { terms, call } of this.#expectations) {
      let highest = -1;
      for (const { paulis } of terms) for (const qubit of paulis.keys()) highest = Math.max(highest, qubit);
      if (highest >= qubits) call.refuse(`The observable names the qubit ${highest}; there are ${qubits}.`);
    }
    return this.#search?.terms ?? first?.terms;
  }

  #plan(
    entry: FunctionDef,
    objective: readonly PauliTerm[] | undefined,
    outputs: PlanValue | undefined,
  ): HybridPlan | undefined {
    const { parameters, qubits } = this.circuit;
    const search = this.#search;
    if (objective === undefined && outputs === undefined && parameters.length === 0) return undefined;
    return {
      entrypoint: entry.name,
      parameters,
      ...(objective === undefined ? {} : { observable: observableOf(objective, qubits) }),
      ...(search === undefined
        ? {}
        : {
            minimisation: {
              method: search.method,
              start: search.start ?? parameters.map(({ initial }) => initial ?? 0),
              ...(search.iterationsMax === undefined ? {} : { iterationsMax: search.iterationsMax }),
              ...(search.tolerance === undefined ? {} : { tolerance: search.tolerance }),
            },
          }),
      ...(outputs === undefined ? {} : { outputs }),
    };
  }
}
