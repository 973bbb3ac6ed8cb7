import { randomInt } from 'node:crypto';
import { ENGINE_OPTION_NAMES, readEngineOptions } from '@qfs/simulator';
import type { Command } from '../command.ts';
import { compile } from '../compile.ts';
import { EXIT } from '../exit-code.ts';
import { INPUT_OPTION } from '../inputs.ts';
import { LoopPlot } from '../loop/loop-view.ts';
import { choice, DIALECT_OPTION, SEED_OPTION, SHOTS_DEFAULT, SHOTS_OPTION, TOP_OPTION } from '../options.ts';
import { notesOf, type ProgramDefaults } from '../replay/notes-of.ts';
import { runItems } from '../replay/run-items.ts';
import { RESULTS_OPTIONS, showResults } from '../show-results.ts';
import { SOURCE_ARGUMENT } from '../source-file.ts';
import { DEVICE_OPTION } from '../submission/named-values.ts';
import { JOB_FILE_OPTION } from '../submission/program-of.ts';
import { HERE, itemHere, type RunOptions, workOf } from '../submission/work.ts';

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
    if (work.target !== HERE) terminal.note(`note: it runs on the simulator here, not on ${work.target}\n`);
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
    const notes = notesOf(defaults, work.metadata);
    const results = runItems(items, engine, notes, (iteration) => plot?.add(iteration));
    plot?.rest();
    showResults(results, options, terminal, notes.unit);
    return EXIT.ok;
  },
};
