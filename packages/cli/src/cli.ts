import { nearestName, QfsError } from '@qfs/core';
import { CommanderError, Option, Command as Program } from 'commander';
import type { Command, CommonOptions, Invocation } from './command.ts';
import { type Asked, OPTIONS_TOPIC, readCommandLine } from './command-line.ts';
import { COMMANDS, FAMILIES } from './commands/index.ts';
import { commonOptionsOf, longFlag } from './common-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type Failure, fail } from './fail.ts';
import { afterOptions, familyHelp, optionsHelp, overview } from './help.ts';
import { argumentText } from './reference.ts';
import { limited, type Terminal } from './terminal.ts';

/** Runs one command line (without the program's own name) and resolves with its exit code. Never rejects. */
export async function runCli(line: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const asked = readCommandLine(line);
  const failure: Failure = {
    terminal,
    json: line.includes('--json') || line.includes('--jsonl'),
    verbose: line.includes('--verbose') || line.includes('-v'),
    debug: line.includes('--debug'),
  };
  if (asked.kind === 'unknown') {
    const hint = asked.nearest === undefined ? 'See "eigen-cli help".' : `Did you mean ${asked.nearest}?`;
    return fail(new QfsError('REQUEST_INVALID', `There is no command "${asked.name}". ${hint}`), failure);
  }
  if (asked.kind === 'help') return help(asked.topic, terminal);
  if (asked.kind === 'incomplete') {
    terminal.talk(asked.topic === undefined ? overview() : familyHelp(asked.topic));
    return EXIT.user;
  }
  return runCommand(asked, failure);
}

async function help(topic: string | undefined, terminal: Terminal): Promise<ExitCode> {
  if (topic === undefined) terminal.out(overview());
  else if (topic === OPTIONS_TOPIC) terminal.out(optionsHelp());
  else if (Object.hasOwn(FAMILIES, topic) && !Object.hasOwn(COMMANDS, topic)) terminal.out(familyHelp(topic));
  else await runCommand({ kind: 'command', name: topic, words: ['--help'] }, { terminal });
  return EXIT.ok;
}

async function runCommand(
  { name, words }: Extract<Asked, { kind: 'command' }>,
  failure: Failure,
): Promise<ExitCode> {
  const command = await COMMANDS[name]!.load();
  let exitCode: ExitCode = EXIT.ok;
  const program = describe(name, command, failure, async (invocation) => {
    exitCode = await command.run(invocation as Invocation<never>);
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return fail(thrown, failure);
    // Asking for help is no error.
    return thrown.exitCode === 0 ? EXIT.ok : fail(misused(thrown, name, command), failure);
  }
}

/** What is wrong with the line, in the words of this program. */
function misused({ code, message }: CommanderError, name: string, command: Command<never>): QfsError {
  const [, option] = code === 'commander.unknownOption' ? (/'([^']*)'/.exec(message) ?? []) : [];
  const remedy = `See "eigen-cli help ${name}".`;
  if (option === undefined) {
    const said = message.replace(/^error: /, '').replace(/\.$/, '');
    return new QfsError('REQUEST_INVALID', `${name}: ${said}. ${remedy}`);
  }
  const rows = [...command.options, ...commonOptionsOf(command)];
  const nearest = nearestName(option, rows.map(longFlag));
  const hint = nearest === undefined ? remedy : `Did you mean ${nearest}?`;
  return new QfsError('REQUEST_INVALID', `${name} has no option ${option}. ${hint}`);
}

/** Columns of help texts where no terminal says otherwise. */
const HELP_COLUMNS = 100;

function describe(
  name: string,
  command: Command<never>,
  { terminal }: Failure,
  action: (invocation: Invocation<object>) => Promise<void>,
): Program {
  const program = new Program(`eigen-cli ${name}`)
    .description(`${COMMANDS[name]!.summary}.`)
    .addHelpText('after', afterOptions(command))
    .helpOption('-h, --help', 'this text')
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.talk(text),
      outputError: () => undefined,
      getOutHelpWidth: () => terminal.columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => HELP_COLUMNS,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  for (const row of command.arguments) program.argument(argumentText(row), row.help);
  const common = commonOptionsOf(command);
  for (const row of [...command.options, ...common]) {
    const option = new Option(row.flags, row.help).hideHelp(common.includes(row));
    if (row.preset !== undefined) option.default(row.preset, row.presetText ?? `${row.preset}`);
    if (row.parse !== undefined) option.argParser(row.parse);
    program.addOption(option);
  }
  program.action(async (...parsed: unknown[]) => {
    const words = parsed.slice(0, command.arguments.length).flat();
    const options = parsed[command.arguments.length] as CommonOptions;
    const shown = limited(terminal, { color: options.color, quiet: options.quiet === true });
    await action({
      terminal: shown,
      arguments: words.filter((word) => word !== undefined) as string[],
      options,
    });
  });
  return program;
}
