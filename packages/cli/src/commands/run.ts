import { randomInt } from 'node:crypto';
import { writeResults } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import { ENGINE_OPTION_NAMES, type EngineOptions, readEngineOptions, simulate } from '@qfs/simulator';
import type { Command } from '../command.ts';
import { type CompiledHere, compile } from '../compile.ts';
import { EXIT } from '../exit-code.ts';
import { INPUT_OPTION, type Inputs } from '../inputs.ts';
import { LoopPlot } from '../loop/loop-view.ts';
import { runLoop } from '../loop/run-loop.ts';
import {
  choice,
  DIALECT_OPTION,
  type DialectOptions,
  SEED_OPTION,
  SHOTS_DEFAULT,
  SHOTS_OPTION,
  TOP_OPTION,
} from '../options.ts';
import { RESULTS_OPTIONS, type ResultsOptions, showResults } from '../show-results.ts';
import { readSource, SOURCE_ARGUMENT } from '../source-file.ts';
import { DEVICE_OPTION } from '../submission/named-values.ts';
import type { Terminal } from '../terminal.ts';

interface RunOptions extends DialectOptions, ResultsOptions {
  readonly input?: Inputs;
  readonly option?: ReadonlyMap<string, string>;
  readonly shots?: number;
  readonly seed?: number;
}

/** Seeds that are drawn stay short enough to be copied by hand. */
const DRAWN_SEED_END = 1_000_000_000;

export const run: Command<RunOptions> = {
  notes: ['The counts of a server are the same for the same circuit, shots and seed.'],
  arguments: [SOURCE_ARGUMENT],
  options: [
    { ...SHOTS_OPTION, preset: undefined, help: `${SHOTS_OPTION.help} (default: ${SHOTS_DEFAULT})` },
    SEED_OPTION,
    INPUT_OPTION,
    DEVICE_OPTION,
    ...RESULTS_OPTIONS,
    TOP_OPTION,
    DIALECT_OPTION,
  ],
  examples: [
    'run examples/bell.qasm',
    'run examples/qft.qasm --shots 100 --seed 7 --json',
    'run examples/ghz.qasm --option noise_model=depolarizing:0.01',
    'run examples/vqe_h2/program.eigen.py',
    'run - < bell.qasm',
  ],
  async run({ terminal, arguments: [file], options }) {
    const { dialect, input = new Map(), json = false, option = new Map() } = options;
    for (const name of option.keys()) choice('--option', ENGINE_OPTION_NAMES)(name);
    const source = await readSource(file!, terminal, dialect);
    const compiled = compile(source, terminal, json);
    const { defaults } = compiled;
    const shotsGiven = options.shots ?? defaults.shots;
    const terms = {
      shots: shotsGiven ?? SHOTS_DEFAULT,
      shotsGiven: shotsGiven !== undefined,
      seed: options.seed ?? defaults.seed ?? randomInt(DRAWN_SEED_END),
      input,
    };
    const noise = defaults.noiseModel === undefined ? {} : { noise_model: defaults.noiseModel };
    const engine = readEngineOptions({ ...noise, ...Object.fromEntries(option) });
    const results = await runHere(compiled, terms, engine, terminal);
    const { unit } = defaults.metadata ?? {};
    showResults(results, options, terminal, typeof unit === 'string' ? unit : undefined);
    return EXIT.ok;
  },
};

interface Terms {
  readonly shots: number;
  /** Did somebody ask for them? */
  readonly shotsGiven: boolean;
  readonly seed: number;
  readonly input: Inputs;
}

/** The results document of a circuit, or of a hybrid program, whose loop is shown on a terminal. */
async function runHere(
  { aqo, plan }: CompiledHere,
  { input, ...terms }: Terms,
  engine: EngineOptions,
  terminal: Terminal,
): Promise<Uint8Array> {
  if (plan === undefined) {
    const { seed, shots } = terms;
    return simulate([{ aqo, parameters: [input], shots, seed, observables: [], memory: false }], engine);
  }
  const parameters = input.size === 0 ? [] : [numbersOf(input)];
  const plot = terminal.interactive ? new LoopPlot(terminal) : undefined;
  const item = await runLoop({
    ...{ aqo, engine, plan },
    terms: { ...terms, parameters, wishes: {}, observables: [] },
    onIteration: (iteration) => plot?.add(iteration),
  });
  plot?.rest();
  return writeResults({ items: [item] });
}

/** The parameters of a hybrid program are numbers. */
function numbersOf(input: Inputs): Readonly<Record<string, number>> {
  for (const [name, value] of input) {
    if (typeof value === 'number') continue;
    throw new QfsError('REQUEST_INVALID', `--input ${name} is ${value}; a parameter is a number.`);
  }
  return Object.fromEntries(input) as Readonly<Record<string, number>>;
}
