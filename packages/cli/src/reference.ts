import type { ArgumentRow, Command, OptionRow } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { EXIT } from './exit-code.ts';

const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'It worked.',
  user: 'What was typed, or the program, is wrong. It stays wrong until it is changed.',
  network: 'The server cannot be reached, or did not answer in time.',
  server: 'The server failed, or the job did not end in DONE.',
  interrupted: 'Ctrl-C. A job that was submitted goes on.',
};

export const argumentText = ({ name, variadic = false }: ArgumentRow): string =>
  variadic ? `<${name}...>` : `<${name}>`;

const optionLine = ({ flags, help, preset }: OptionRow): string =>
  `| \`${flags}\` | ${help}${preset === undefined ? '' : ` (default: ${preset})`} |\n`;

function section(command: Command<never>): string {
  const usage = ['eigen-cli', command.name, '[options]', ...command.arguments.map(argumentText)].join(' ');
  const inputs = command.arguments.map((row) => `| \`${argumentText(row)}\` | ${row.help} |\n`);
  const rows = [...inputs, ...command.options.map(optionLine)].join('');
  const table = rows === '' ? '' : `| | |\n|---|---|\n${rows}\n`;
  const notes = command.notes === undefined ? '' : ` ${command.notes.join(' ')}`;
  const examples = command.examples.map((example) => `    eigen-cli ${example}\n`).join('');
  return `## ${command.name}\n\n${command.summary}.${notes}\n\n    ${usage}\n\n${table}Examples:\n\n${examples}`;
}

/** The reference page of the command line, as Markdown. */
export async function commandsReference(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const exits = Object.entries(EXIT).map(
    ([name, code]) => `| ${code} | ${EXIT_MEANINGS[name as keyof typeof EXIT]} |\n`,
  );
  return `# eigen-cli

Data goes to the standard output, talk to the standard error. Every command has \`--json\`: one document on the
standard output, also for a failure. In counts the rightmost bit is bit 0; registers stand in reverse order of
declaration.

| variable | meaning |
|---|---|
| \`EIGEN_ENDPOINT\` | the server's gRPC address, by default \`http://127.0.0.1:50051\`; \`--endpoint\` wins |
| \`EIGEN_TOKEN\` | access token, where the server asks for one |
| \`NO_COLOR\` | no colour |

| exit code | meaning |
|---|---|
${exits.join('')}
${commands.map(section).join('\n')}`;
}
