import type { ArgumentRow, Command, OptionRow } from './command.ts';
import { ALIASES, COMMANDS } from './commands/index.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { EXIT } from './exit-code.ts';
import { SETTINGS, type Setting } from './settings/table.ts';

const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'It worked.',
  user: 'What was typed, or the program, is wrong. It stays wrong until it is changed.',
  network: 'The server cannot be reached, or did not answer in time.',
  server: 'The server failed, or the job did not end in DONE.',
  interrupted: 'Ctrl-C. A job that was submitted goes on.',
};

export const argumentText = ({ name, optional = false, variadic = false }: ArgumentRow): string => {
  const text = variadic ? `${name}...` : name;
  return optional ? `[${text}]` : `<${text}>`;
};

const presetText = ({ preset, presetText: text }: OptionRow): string =>
  preset === undefined ? '' : ` (default: ${text ?? preset})`;

const optionLine = (row: OptionRow): string => `| \`${row.flags}\` | ${row.help}${presetText(row)} |\n`;

function section(name: string, summary: string, command: Command<never>): string {
  const usage = ['eigen-cli', name, '[options]', ...command.arguments.map(argumentText)].join(' ');
  const inputs = command.arguments.map((row) => `| \`${argumentText(row)}\` | ${row.help} |\n`);
  const rows = [...inputs, ...command.options.map(optionLine)].join('');
  const table = rows === '' ? '' : `| | |\n|---|---|\n${rows}\n`;
  const notes = command.notes === undefined ? '' : ` ${command.notes.join(' ')}`;
  const aliases = Object.keys(ALIASES).filter((alias) => ALIASES[alias] === name);
  const also = aliases.length === 0 ? '' : ` Also \`${aliases.join('`, `')}\`.`;
  const shared = [
    command.streams && '`--jsonl`',
    command.asksServer && '[those for a server](#options)',
  ].filter(Boolean);
  const further = shared.length === 0 ? '' : `Further options: ${shared.join(', ')}.\n\n`;
  const examples = command.examples.map((example) => `    eigen-cli ${example}\n`).join('');
  return `## ${name}\n\n${summary}.${notes}${also}\n\n    ${usage}\n\n${table}${further}Examples:\n\n${examples}`;
}

function settingLine({ environment, flag, help, key, preset }: Setting): string {
  const names = environment.map((name) => `\`${name}\``).join(', ');
  const shown = flag === undefined ? '' : `\`${flag.split(' ')[0]}\``;
  return `| \`${key}\` | ${names} | ${shown} | ${preset ?? ''} | ${help} |\n`;
}

/** The reference page of the command line, as Markdown. */
export async function commandsReference(): Promise<string> {
  const sections = await Promise.all(
    Object.entries(COMMANDS).map(async ([name, { load, summary }]) => section(name, summary, await load())),
  );
  const exits = Object.entries(EXIT).map(
    ([name, code]) => `| ${code} | ${EXIT_MEANINGS[name as keyof typeof EXIT]} |\n`,
  );
  const options = Object.values(COMMON_OPTIONS).map(
    ({ rows, title }) => `**${title}**\n\n| | |\n|---|---|\n${rows.map(optionLine).join('')}`,
  );
  return `# eigen-cli

Data goes to the standard output, talk to the standard error. Every command has \`--json\`: one document on the
standard output, also for a failure. In counts the rightmost bit is bit 0; registers stand in reverse order of
declaration. A guide: [the command line](../guides/cli.md).

| exit code | meaning |
|---|---|
${exits.join('')}
## Settings

A flag wins over the environment, the environment over the profile in \`config.toml\`, the profile over what the file
says before its first table, that over the default. The file is \`$XDG_CONFIG_HOME/eigen/config.toml\`, by default in
\`~/.config\`; each of its tables is a profile, chosen by \`--profile\`, \`EIGEN_PROFILE\` or the key \`profile\`.

| in config.toml | environment | flag | default | meaning |
|---|---|---|---|---|
${(SETTINGS as readonly Setting[]).map(settingLine).join('')}
\`NO_COLOR\` turns colour off.

## Options

${options.join('\n')}
${sections.join('\n')}`;
}
