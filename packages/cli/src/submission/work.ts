import { QfsError } from '@qfs/core';
import type { CompiledHere } from '../compile.ts';
import type { Inputs } from '../inputs.ts';
import { type DialectOptions, SHOTS_DEFAULT } from '../options.ts';
import type { ItemHere } from '../replay/run-items.ts';
import type { ResultsOptions } from '../show-results.ts';
import type { SourceFile } from '../source-file.ts';
import type { Terminal } from '../terminal.ts';
import { type JobFileItem, readJobFile } from './job-file.ts';
import { type Said, settle } from './precedence.ts';
import { programOf } from './program-of.ts';
import { saidBy, saidByDocument, saidByItem } from './submission.ts';

export interface RunOptions extends DialectOptions, ResultsOptions {
  readonly input?: Inputs;
  readonly job?: string;
  readonly option?: ReadonlyMap<string, string>;
  readonly shots?: number;
  readonly seed?: number;
}

/** A circuit that is to be run, with what was said of it. */
interface WorkItem {
  readonly source: SourceFile;
  readonly said: Said;
  readonly parameters: ItemHere['parameters'];
  readonly observables: ItemHere['observables'];
  readonly memory: boolean;
}

/** What is to be run in this process. */
interface Work {
  readonly target: string;
  readonly said: Said;
  readonly metadata: Readonly<Record<string, string>>;
  readonly items: readonly WorkItem[];
}

/** The device of a server that runs circuits as they are run here. */
export const HERE = 'sim:local';

/** A program, or the job of a job.yaml as far as flags do not say otherwise. */
export async function workOf(
  file: string | undefined,
  options: RunOptions,
  terminal: Terminal,
): Promise<Work> {
  const { dialect, job, json = false } = options;
  const flags = saidBy(options);
  if (job === undefined || file !== undefined) {
    const source = await programOf({ file, job, dialect }, terminal);
    const item = { source, said: flags, parameters: [], observables: [], memory: false };
    return { target: HERE, said: flags, metadata: {}, items: [item] };
  }
  const { document, items } = await readJobFile(job, terminal, { json });
  return {
    target: document.target,
    said: settle(flags, saidByDocument(document)),
    metadata: document.metadata,
    items: items.map((loaded) => workItem(loaded, flags)),
  };
}

/** An item of a job.yaml as far as the command line does not say otherwise. */
export const workItem = (loaded: JobFileItem, flags: Said = {}): WorkItem => ({
  ...loaded.item,
  source: loaded.source,
  said: settle(flags, saidByItem(loaded)),
});

/** The circuit with everything that it is run with; the last word has what the program says of itself. */
export function itemHere({ said, ...item }: WorkItem, compiled: CompiledHere, seed: number): ItemHere {
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
