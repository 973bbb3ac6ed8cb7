import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

export interface ArgumentRow {
  readonly name: string;
  readonly help: string;
  readonly variadic?: boolean;
}

export interface OptionRow {
  /** As commander reads it: `--shots <number>`. */
  readonly flags: string;
  readonly help: string;
  readonly preset?: unknown;
  /** Turns the text into the value; throws a QfsError that names the option and what it allows. */
  readonly parse?: (text: string, earlier?: unknown) => unknown;
}

export interface Invocation<Options> {
  readonly terminal: Terminal;
  readonly arguments: readonly string[];
  readonly options: Options & CommonOptions;
}

/** Options that every command has. */
interface CommonOptions {
  readonly json?: boolean;
}

/** One command: what the help says about it and what it does. */
export interface Command<Options = object> {
  readonly name: string;
  readonly summary: string;
  /** Further facts for the command's own help. */
  readonly notes?: readonly string[];
  readonly arguments: readonly ArgumentRow[];
  readonly options: readonly OptionRow[];
  readonly examples: readonly string[];
  run(invocation: Invocation<Options>): Promise<ExitCode>;
}
