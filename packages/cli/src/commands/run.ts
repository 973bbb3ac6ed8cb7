import { randomInt } from 'node:crypto';
import { QfsError } from '@qfs/core';
import { readLoopWishes } from '@qfs/hybrid';
import { ENGINE_OPTION_NAMES, readEngineOptions } from '@qfs/simulator';
import type { Command } from '../command.ts';
import { type CompiledHere, compile } from '../compile.ts';
import { EXIT } from '../exit-code.ts';
import { INPUT_OPTION, type Inputs } from '../inputs.ts';
import { LoopPlot } from '../loop/loop-view.ts';
import {
  choice,
  DIALECT_OPTION,
  type DialectOptions,
  SEED_OPTION,
  SHOTS_DEFAULT,
  SHOTS_OPTION,
  TOP_OPTION,
} from '../options.ts';
import { type ItemHere, runItems } from '../replay/run-items.ts';
import { RESULTS_OPTIONS, type ResultsOptions, showResults } from '../show-results.ts';
import { SOURCE_ARGUMENT, type SourceFile } from '../source-file.ts';
import { readJobFile } from '../submission/job-file.ts';
import { DEVICE_OPTION } from '../submission/named-values.ts';
import { type Said, settle } from '../submission/precedence.ts';
import { JOB_FILE_OPTION, programOf } from '../submission/program-of.ts';
import { saidBy, saidByDocument, saidByItem } from '../submission/submission.ts';
import type { Terminal } from '../terminal.ts';

interface RunOptions extends DialectOptions, ResultsOptions {
  readonly input?: Inputs;
  readonly option?: ReadonlyMap<string, string>;
  readonly shots?: number;
  readonly seed?: number;
  readonly job?: string;
}

/** Seeds that are drawn stay short enough to be copied by hand. */
const DRAWN_SEED_END = 1_000_000_000;

export const run: Command<RunOptions> = {
  notes: ['The counts of a server are the same for the same circuit, shots and seed.'],
  arguments: [{ ...SOURCE_ARGUMENT, optional: true }],
  options: [
    { ...SHOTS_OPTION, preset: undefined, help: `${SHOTS_OPTION.help} (default: ${SHOTS_DEFAULT})` },
    SEED_OPTION,
    INPUT_OPTION,
    { ...JOB_FILE_OPTION, help: 'run the job of this job.yaml' },
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
    'run --job examples/vqe_h2/job.yaml',
    'run - < bell.qasm',
  ],
  async run({ terminal, arguments: [file], options }) {
    const { json = false } = options;
    const work = await workOf(file, options, terminal);
    for (const name of Object.keys(work.said.options ?? {})) {
      choice(options.option?.has(name) ? '--option' : 'A name in spec.options', ENGINE_OPTION_NAMES)(name);
    }
    const compiled = work.items.map(({ source }) => compile(source, terminal, json));
    const defaults = Object.assign(
      {},
      ...compiled.toReversed().map((one) => one.defaults),
    ) as ProgramDefaults;
    const seed = work.said.seed ?? defaults.seed ?? randomInt(DRAWN_SEED_END);
    const items = work.items.map((item, at) => itemHere(item, compiled[at]!, seed));
    const noise = defaults.noiseModel;
    const engine = readEngineOptions({ ...(noise && { noise_model: noise }), ...work.said.options });
    const plot = terminal.interactive ? new LoopPlot(terminal) : undefined;
    const notes = { ...textsOf(defaults.metadata), ...work.metadata };
    const results = runItems(items, engine, readLoopWishes(notes), (iteration) => plot?.add(iteration));
    plot?.rest();
    showResults(results, options, terminal, notes.unit);
    return EXIT.ok;
  },
};

type ProgramDefaults = CompiledHere['defaults'];

/** What is to be run, with everything that was said of it. */
interface Work {
  readonly said: Said;
  readonly metadata: Readonly<Record<string, string>>;
  readonly items: readonly {
    readonly source: SourceFile;
    readonly said: Said;
    readonly parameters: ItemHere['parameters'];
    readonly observables: ItemHere['observables'];
    readonly memory: boolean;
  }[];
}

/** A program, or the job of a job.yaml as far as flags do not say otherwise. */
async function workOf(file: string | undefined, options: RunOptions, terminal: Terminal): Promise<Work> {
  const { dialect, job, json = false } = options;
  const flags = saidBy(options);
  if (job === undefined || file !== undefined) {
    const source = await programOf({ file, job, dialect }, terminal);
    const item = { source, said: flags, parameters: [], observables: [], memory: false };
    return { said: flags, metadata: {}, items: [item] };
  }
  const { document, items } = await readJobFile(job, terminal, { json });
  if (document.target !== HERE)
    terminal.note(`note: it runs on the simulator here, not on ${document.target}\n`);
  return {
    said: settle(flags, saidByDocument(document)),
    metadata: document.metadata,
    items: items.map((loaded) => ({
      ...loaded.item,
      source: loaded.source,
      said: settle(flags, saidByItem(loaded)),
    })),
  };
}

/** The device of a server that runs circuits as they are run here. */
const HERE = 'sim:local';

function itemHere({ said, ...item }: Work['items'][number], compiled: CompiledHere, seed: number): ItemHere {
  if (compiled.plan !== undefined) checkNumbers(said.inputs);
  const shots = said.shots ?? compiled.defaults.shots;
  return {
    ...item,
    compiled,
    inputs: said.inputs ?? new Map(),
    shots: shots ?? SHOTS_DEFAULT,
    shotsGiven: shots !== undefined,
    seed,
  };
}

/** The parameters of a hybrid program are numbers. */
function checkNumbers(inputs: Inputs = new Map()): void {
  for (const [name, value] of inputs) {
    if (typeof value === 'number') continue;
    throw new QfsError('REQUEST_INVALID', `--input ${name} is ${value}; a parameter is a number.`);
  }
}

/** The notes of a program that are text. */
const textsOf = (notes: ProgramDefaults['metadata']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(notes ?? {}).map(([name, value]) => [name, String(value)]));
