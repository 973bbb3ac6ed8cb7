import { type CircuitResult, readResults } from '@qfs/circuit';
import { type Compiled, compileSource } from '@qfs/compiler';
import { QfsError } from '@qfs/core';
import { Prng } from '@qfs/core/math';
import { type ProgramNode, parseSource, printProgram } from '@qfs/qasm';
import { simulate } from '@qfs/simulator';
import { courses, deviation, TooMany } from './reference/distribution.ts';
import { drawingAlways } from './reference/drawing.ts';
import { boundInputs, type Given } from './reference/inputs.ts';
import { interpret, type Outcome, TooLong } from './reference/interpreter.ts';
import type { Decide } from './reference/quantum-state.ts';
import { shrunk } from './reference/shrink.ts';
import { Fault } from './reference/values.ts';

/** What became of a program: `equal` and `skipped` are fine, the others want to be looked at. */
export interface Verdict {
  readonly kind: 'equal' | 'skipped' | 'unsupported' | 'refused' | 'different';
  /** Programs that differ for the same reason mostly have the same one. */
  readonly reason: string;
  readonly detail?: string;
}

const SHOTS = 6;
const DISTRIBUTION_SHOTS = 2000;
const COURSES_MAX = 64;
/** χ² is far less probable than one in a million beyond it, for few as for many values. */
const DEVIATION_MAX = 20;

/** Draws nearer to the probability than this may fall on either side of it, by rounding. */
const TIE = 1e-9;
class Tie extends Error {}

/**
 * Runs a program through the interpreter of its syntax tree and through compiler and engine. Both draw the
 * outcomes of measurements from the same random numbers, so every shot must leave the same behind.
 */
export function compare(source: string, given: Given, seed: number): Verdict {
  const parsed = parseSource(source);
  if (parsed.diagnostics.some(({ severity }) => severity === 'error'))
    return { kind: 'refused', reason: `syntax: ${parsed.diagnostics[0]!.message}` };
  const ast = drawingAlways(parsed.ast);
  const expected = reference(ast, given, seed);
  const compiled = compileSource({ language: 'openqasm3', source: printProgram(ast) });
  if (!compiled.ok) return refusal(compiled.error.diagnostics ?? [], expected);
  if (typeof expected === 'string' && expected.startsWith('skipped'))
    return { kind: 'skipped', reason: expected };
  const actual = engine(compiled.value.aqo, ast, given, seed);
  if (typeof expected === 'string' || typeof actual === 'string') {
    if (typeof expected === 'string' && typeof actual === 'string') return { kind: 'equal', reason: 'fault' };
    const said = (side: unknown): string => (typeof side === 'string' ? side : 'runs');
    return different('only one of them faults', `reference: ${said(expected)}; engine: ${said(actual)}`);
  }
  const found = difference(expected, actual);
  return found.kind === 'equal' ? roundTrip(compiled.value) : found;
}

/** The compiled circuit as text must compile to the same circuit. */
function roundTrip({ qasm, aqoDigest }: Compiled): Verdict {
  const again = compileSource({ language: 'openqasm3', source: qasm });
  if (!again.ok) return different('compiled.qasm is refused', again.error.message);
  return again.value.aqoDigest === aqoDigest
    ? { kind: 'equal', reason: 'values' }
    : different('compiled.qasm is another circuit', qasm);
}

/** The first error of a program that was not compiled. */
function refusal(
  diagnostics: readonly { readonly code: string; readonly message: string; readonly severity: string }[],
  expected: readonly Outcome[] | string,
): Verdict {
  const error = diagnostics.find(({ severity }) => severity === 'error');
  const code = error?.code ?? 'none';
  if (code === 'QASM_UNSUPPORTED') return { kind: 'unsupported', reason: error!.message };
  // What is known to fail is refused before it runs.
  if (typeof expected === 'string') return { kind: 'equal', reason: 'refused' };
  return { kind: 'refused', reason: `${code}: ${error?.message}` };
}

function reference(ast: ProgramNode, given: Given, seed: number): readonly Outcome[] | string {
  try {
    return Array.from({ length: SHOTS }, (_, shot) => {
      const random = new Prng(seed, 'trajectory', shot);
      const decide: Decide = (probability) => {
        const uniform = random.uniform();
        if (Math.abs(uniform - probability) < TIE) throw new Tie();
        return uniform < probability;
      };
      return interpret(ast, decide, boundInputs(ast, given));
    });
  } catch (thrown) {
    if (thrown instanceof Fault) return `fault: ${thrown.message}`;
    if (thrown instanceof Tie) return 'skipped: a draw at the very probability';
    if (thrown instanceof TooLong) return 'skipped: too many statements';
    throw thrown;
  }
}

function engine(
  aqo: Uint8Array,
  ast: ProgramNode,
  given: Given,
  seed: number,
  shots = SHOTS,
): CircuitResult | string {
  const names = ast.statements.flatMap((statement) =>
    statement.kind === 'io' && statement.direction === 'input' ? [statement.name.name] : [],
  );
  const parameters = [new Map(names.map((name) => [name, given[name]!]))];
  try {
    const results = readResults(simulate([{ aqo, parameters, observables: [], shots, seed, memory: true }]));
    if (!results.ok) throw results.error;
    return results.value.items[0]!.results[0]!;
  } catch (thrown) {
    if (thrown instanceof QfsError && thrown.code === 'PROGRAM_FAULT') return `fault: ${thrown.message}`;
    throw thrown;
  }
}

function difference(expected: readonly Outcome[], { memory, outputs }: CircuitResult): Verdict {
  for (const [shot, { key }] of expected.entries()) {
    // Without a written bit there are no keys.
    if (memory === undefined) break;
    if (memory[shot] !== key)
      return different('keys', `shot ${shot}: reference ${key}, engine ${memory[shot]}`);
  }
  for (const name of Object.keys(expected[0]!.outputs)) {
    const tally = new Map<string, number>();
    for (const { outputs: values } of expected) tally.set(values[name]!, (tally.get(values[name]!) ?? 0) + 1);
    const [ours, theirs] = [inOrder(tally), inOrder(outputs.get(name) ?? new Map())];
    if (ours !== theirs) return different('outputs', `${name}: reference ${ours}, engine ${theirs}`);
  }
  return { kind: 'equal', reason: 'values' };
}

const different = (reason: string, detail: string): Verdict => ({ kind: 'different', reason, detail });

const inOrder = (tally: ReadonlyMap<string, number>): string =>
  JSON.stringify([...tally].sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * Compares the counts of an engine that chooses by itself how to sample with the exact probabilities of every
 * course that the program can take.
 */
export function compareDistribution(source: string, given: Given, seed: number): Verdict {
  const { ast } = parseSource(source);
  const compiled = compileSource({ language: 'openqasm3', source });
  if (!compiled.ok) return { kind: 'skipped', reason: 'not compiled' };
  let possible: ReturnType<typeof courses>;
  try {
    possible = courses(ast, boundInputs(ast, given), COURSES_MAX);
  } catch (thrown) {
    if (thrown instanceof TooMany || thrown instanceof TooLong || thrown instanceof Fault)
      return { kind: 'skipped', reason: thrown.constructor.name };
    throw thrown;
  }
  const actual = engine(compiled.value.aqo, ast, given, seed, DISTRIBUTION_SHOTS);
  if (typeof actual === 'string') return different('only the engine faults', actual);
  const tables: [string, ReadonlyMap<string, number>, (outcome: Outcome) => string][] = [
    ...actual.outputs,
  ].map(([name, counts]) => [name, counts, ({ outputs }) => outputs[name]!]);
  if (actual.counts.size > 0) tables.push(['counts', actual.counts, ({ key }) => key]);
  for (const [name, counts, shownBy] of tables) {
    const probabilities = new Map<string, number>();
    for (const [outcome, weight] of possible)
      probabilities.set(shownBy(outcome), (probabilities.get(shownBy(outcome)) ?? 0) + weight);
    const far = deviation(counts, probabilities);
    if (far > DEVIATION_MAX)
      return different(
        'distribution',
        `${name}: ${far} deviations; expected ${inOrder(probabilities)}, got ${inOrder(counts)}`,
      );
  }
  return { kind: 'equal', reason: possible.length === 1 ? 'one course' : 'distribution' };
}

/** Refusals of what cannot be computed, although it may stand where no shot gets to. */
const KNOWN_TO_FAIL = /^QASM_(?:VALUE|INDEX_OUT_OF_RANGE|DUPLICATE_QUBIT)\b/;

/** Does this verdict want to be looked at? */
export const isBad = ({ kind, reason }: Verdict): boolean =>
  kind === 'different' || (kind === 'refused' && !KNOWN_TO_FAIL.test(reason));

/** The smallest program found that differs for the same reason. */
export function smallest(source: string, given: Given, seed: number, comparison: typeof compare): string {
  const sought = comparison(source, given, seed);
  return shrunk(source, (candidate) => {
    const { kind, reason } = comparison(candidate, given, seed);
    return kind === sought.kind && reason === sought.reason;
  });
}
