import { randomInt } from 'node:crypto';
import { ENGINE_OPTION_NAMES, readEngineOptions, simulate } from '@qfs/simulator';
import type { Command } from '../command.ts';
import { compile } from '../compile.ts';
import { EXIT } from '../exit-code.ts';
import { INPUT_OPTION, type Inputs } from '../inputs.ts';
import {
  choice,
  DIALECT_OPTION,
  type DialectOptions,
  SEED_OPTION,
  SHOTS_OPTION,
  TOP_OPTION,
} from '../options.ts';
import { RESULTS_OPTIONS, type ResultsOptions, showResults } from '../show-results.ts';
import { readSource, SOURCE_ARGUMENT } from '../source-file.ts';
import { DEVICE_OPTION } from '../submission/named-values.ts';

interface RunOptions extends DialectOptions, ResultsOptions {
  readonly input?: Inputs;
  readonly option?: ReadonlyMap<string, string>;
  readonly shots: number;
  readonly seed?: number;
}

/** Seeds that are drawn stay short enough to be copied by hand. */
const DRAWN_SEED_END = 1_000_000_000;

export const run: Command<RunOptions> = {
  notes: ['The counts of a server are the same for the same circuit, shots and seed.'],
  arguments: [SOURCE_ARGUMENT],
  options: [
    SHOTS_OPTION,
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
    'run - < bell.qasm',
  ],
  async run({ terminal, arguments: [file], options }) {
    const { dialect, input = new Map(), json = false, option = new Map(), shots } = options;
    const { seed = randomInt(DRAWN_SEED_END) } = options;
    const source = await readSource(file!, terminal, dialect);
    const { aqo } = compile(source, terminal, json);
    const item = { aqo, parameters: [input], shots, seed, observables: [], memory: false };
    for (const name of option.keys()) choice('--option', ENGINE_OPTION_NAMES)(name);
    const results = simulate([item], readEngineOptions(Object.fromEntries(option)));
    showResults(results, options, terminal);
    return EXIT.ok;
  },
};
