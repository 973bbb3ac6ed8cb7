import { QfsError } from '@qfs/core';
import { CommanderError, Command as Program } from 'commander';
import type { Command, Invocation, OptionRow } from './command.ts';
import { commandsFor } from './commands/index.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-code.ts';
import { printJson } from './print-json.ts';
import { argumentText } from './reference.ts';
import type { Terminal } from './terminal.ts';

const JSON_OPTION: OptionRow = { flags: '--json', help: 'one JSON document on the standard output' };

const INTRODUCTION = `Quantum circuits from the command line.

  eigen-cli run examples/bell.qasm          run a circuit here, without a server
  eigen-cli draw examples/teleport.qasm     draw it
  eigen-cli submit circuit.qasm --wait      run it on a QFS server and keep everything
`;

const CONVENTIONS = `
In counts the rightmost bit is bit 0; registers stand in reverse order of declaration, one space between them.
Exit codes: ${EXIT.ok} ok, ${EXIT.user} wrong input, ${EXIT.network} server not reached, \
${EXIT.server} server error or job not DONE, ${EXIT.interrupted} Ctrl-C.
EIGEN_ENDPOINT is the server's gRPC address (default http://127.0.0.1:50051). NO_COLOR turns colour off.`;

/** Runs one command line (without the program's own name) and resolves with its exit code. Never rejects. */
export async function runCli(line: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const json = line.includes('--json');
  const commands = await commandsFor(line);
  const program = describe(commands, { terminal, json }, async (command, invocation) => {
    exitCode = await command.run(invocation);
  });
  try {
    await program.parseAsync([...line], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return await fail(thrown, json, terminal);
    // Asking for help is no error; what is wrong with the line was said when it was found.
    if (thrown.exitCode === 0) return EXIT.ok;
    const message = thrown.message.replace(/^error: /, '');
    if (json) await fail(new QfsError('REQUEST_INVALID', message), json, terminal);
    return EXIT.user;
  }
}

type Action = (command: Command<never>, invocation: Invocation<never>) => Promise<void>;

function describe(
  commands: readonly Command<never>[],
  { json, terminal }: { readonly json: boolean; readonly terminal: Terminal },
  action: Action,
): Program {
  const program = new Program('eigen-cli')
    .description(INTRODUCTION)
    .usage('COMMAND [options]')
    .showSuggestionAfterError()
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', CONVENTIONS)
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.talk(text),
      outputError: (text, write) => json || write(text.replace(/^error: /, 'eigen-cli: ')),
      getOutHelpWidth: () => terminal.columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => HELP_COLUMNS,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  for (const command of commands) add(program, command, terminal, action);
  return program;
}

/** Columns of help texts where no terminal says otherwise. */
const HELP_COLUMNS = 100;

function add(program: Program, command: Command<never>, terminal: Terminal, action: Action): void {
  const notes = command.notes === undefined ? '' : `\n${command.notes.join('\n')}\n`;
  const examples = command.examples.map((example) => `  eigen-cli ${example}`).join('\n');
  const entry = program.command(command.name).summary(command.summary).description(`${command.summary}.`);
  entry.copyInheritedSettings(program).addHelpText('after', `${notes}\nExamples:\n${examples}`);
  for (const row of command.arguments) entry.argument(argumentText(row), row.help);
  for (const { flags, help, parse, preset } of [...command.options, JSON_OPTION]) {
    if (parse === undefined) entry.option(flags, help, preset as string | undefined);
    else entry.option(flags, help, parse, preset);
  }
  entry.action(async (...parsed: unknown[]) => {
    const names = parsed.slice(0, command.arguments.length).flat() as string[];
    const options = parsed[command.arguments.length] as never;
    await action(command, { terminal, arguments: names, options });
  });
}

/** One sentence with the remedy; with `--json` the same as a document where the data would have been. */
async function fail(thrown: unknown, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const error = QfsError.from(thrown);
  const exitCode = exitCodeOf(error);
  // Anything but a QfsError is a bug of this program, and its stack is what a report needs.
  const own = error !== thrown;
  const detail = own ? 'Something broke inside; please report the lines below.' : error.message;
  if (json) {
    // Loaded where it is needed: most of the time before the first answer goes into loading rooms.
    const { problemJson } = await import('@qfs/client');
    printJson({ ...problemJson(error, { detail }), exit_code: exitCode }, terminal);
  } else terminal.talk(`eigen-cli: ${detail}\n`);
  if (own && thrown instanceof Error) terminal.talk(`${thrown.stack}\n`);
  return exitCode;
}
