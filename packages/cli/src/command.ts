import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** What a shell may offer in a place: fixed words, or the names of files. */
export type Completion = readonly string[] | 'files';

export interface ArgumentRow {
  readonly name: string;
  readonly help: string;
  readonly optional?: boolean;
  readonly variadic?: boolean;
  readonly completes?: Completion;
}

export interface OptionRow {
  /** As commander reads it: `-n, --shots <number>`. */
  readonly flags: string;
  readonly help: string;
  readonly preset?: unknown;
  /** How help shows the preset, where its value is not what people type. */
  readonly presetText?: string;
  /** Turns the text into the value; throws a QfsError that names the option and what it allows. */
  readonly parse?: (text: string, earlier?: unknown) => unknown;
  readonly completes?: Completion;
}

export interface Invocation<Options> {
  readonly terminal: Terminal;
  readonly arguments: readonly string[];
  readonly options: Options & CommonOptions;
}

/** Options that every command has. */
export interface CommonOptions {
  /** One JSON document; with `jsonl` one per line as things happen. */
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly debug?: boolean;
  readonly color: boolean;
}

/** What a command does and how its help describes it; name and summary stand in the table of commands. */
export interface Command<Options = object> {
  /** Further facts for the command's own help. */
  readonly notes?: readonly string[];
  readonly arguments: readonly ArgumentRow[];
  readonly options: readonly OptionRow[];
  /** Does it call a server? Then it has the options for that. */
  readonly asksServer?: boolean;
  /** Does it tell things as they happen, so that it has `--jsonl`? */
  readonly streams?: boolean;
  /** Command lines without `eigen-cli`. */
  readonly examples: readonly string[];
  run(invocation: Invocation<Options>): Promise<ExitCode>;
}
