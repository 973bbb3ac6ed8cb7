import { columns } from './columns.ts';
import type { Command, OptionRow } from './command.ts';
import { COMMANDS, FAMILIES, PARTS } from './commands/index.ts';
import { COMMON_OPTIONS, commonOptionsOf, longFlag } from './common-options.ts';
import { EXIT } from './exit-code.ts';

const INTRODUCTION = `Quantum circuits from the command line.

  eigen-cli run examples/bell.qasm          run a circuit here, without a server
  eigen-cli draw examples/teleport.qasm     draw it
  eigen-cli submit circuit.qasm --wait      run it on a QFS server and keep everything

Usage: eigen-cli COMMAND [options]
`;

const CONVENTIONS = `
"eigen-cli help COMMAND" says more, "eigen-cli help options" lists the options that many commands share.
In counts the rightmost bit is bit 0; registers stand in reverse order of declaration.
Exit codes: ${EXIT.ok} ok, ${EXIT.user} wrong input, ${EXIT.network} server not reached, \
${EXIT.server} server error or job not DONE, ${EXIT.interrupted} Ctrl-C.
`;

const indented = (rows: readonly (readonly string[])[]): string => columns(rows).replace(/^(?=.)/gm, '  ');

const familyOf = (name: string): string | undefined => (name.includes(' ') ? name.split(' ')[0] : undefined);

/** The commands of a family: `log status` and so on. */
const membersOf = (family: string): readonly string[] =>
  Object.keys(COMMANDS).filter((name) => familyOf(name) === family);

/** The help without a topic: every command in a line, families in one. */
export function overview(): string {
  const parts = Object.entries(PARTS).map(([part, title]) => {
    const names = Object.keys(COMMANDS).filter((name) => COMMANDS[name]!.part === part);
    const rows = new Map(
      names.map((name) => {
        const family = familyOf(name);
        if (family === undefined || !Object.hasOwn(FAMILIES, family)) return [name, COMMANDS[name]!.summary];
        const seconds = membersOf(family).map((member) => member.slice(family.length + 1));
        return [`${family} ${seconds.join('|')}`, FAMILIES[family]!];
      }),
    );
    return [title, rows] as const;
  });
  const width = Math.max(...parts.flatMap(([, rows]) => [...rows.keys()].map((name) => name.length)));
  const sections = parts.map(
    ([title, rows]) =>
      `\n${title}:\n${indented([...rows].map(([name, what]) => [name.padEnd(width), what]))}`,
  );
  return `${INTRODUCTION}${sections.join('')}${CONVENTIONS}`;
}

/** The help of a family: its commands. */
export function familyHelp(family: string): string {
  const rows = membersOf(family).map((name) => [name, COMMANDS[name]!.summary]);
  return `${FAMILIES[family]}.\n\n${indented(rows)}\n"eigen-cli help ${family} COMMAND" says more.\n`;
}

/** The options that many commands share. */
export function optionsHelp(): string {
  const sections = Object.values(COMMON_OPTIONS).map(
    ({ rows, title }) => `${title}:\n${indented(rows.map(({ flags, help }) => [flags, help]))}`,
  );
  return `${sections.join('\n')}\nWhat is said here wins over the environment, the environment over config.toml.\n`;
}

/** What stands below the options in the help of one command. */
export function afterOptions(command: Command<never>): string {
  const notes = command.notes === undefined ? '' : `\n${command.notes.join('\n')}\n`;
  const shared = commonOptionsOf(command).map((option: OptionRow) => longFlag(option));
  const examples = command.examples.map((example) => `  eigen-cli ${example}\n`).join('');
  const more = `${shared.slice(0, MENTIONED_MAX).join(' ')}${shared.length > MENTIONED_MAX ? ' ...' : ''}`;
  return `${notes}\nFurther options: ${more} (eigen-cli help options)\n\nExamples:\n${examples}`.trimEnd();
}

/** Shared options that the help of a command names. */
const MENTIONED_MAX = 8;
