import { QfsError } from '@qfs/core';
import { SETTINGS, type Setting } from './table.ts';

export interface CommandLine {
  readonly command: 'serve' | 'help' | 'version' | 'config';
  readonly flags: ReadonlyMap<string, string>;
  readonly configPath: string | undefined;
}

const settings: readonly Setting[] = SETTINGS;
const fail = (message: string): QfsError => new QfsError('REQUEST_INVALID', message);

/** Reads `--flag value`, `--flag=value`, `--config FILE`, `--help`, `--version` and `config --print`. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const flags = new Map<string, string>();
  let command: CommandLine['command'] = 'serve';
  let configPath: string | undefined;
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--help' || word === '-h') command = 'help';
    else if (word === '--version') command = 'version';
    else if (word === 'config' || word === '--print') command = 'config';
    else {
      const [flag, inline] = splitFlag(word);
      const value = inline ?? rest.shift();
      if (value === undefined) throw fail(`${flag} needs a value, for example "${flag} VALUE".`);
      if (flag === '--config') configPath = value;
      else flags.set(flag, value);
    }
  }
  return { command, flags, configPath };
}

function splitFlag(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=');
  const flag = at < 0 ? word : word.slice(0, at);
  if (flag !== '--config' && !settings.some((setting) => setting.flag === flag)) {
    throw fail(`"${word}" is not an option. "npm start -- --help" lists them.`);
  }
  return [flag, at < 0 ? undefined : word.slice(at + 1)];
}

const shown = (setting: Setting): string =>
  setting.default === null
    ? ''
    : Array.isArray(setting.default)
      ? setting.default.join(',')
      : String(setting.default);

/** The help screen, from the table; further commands of the server are given as lines. */
export function helpText(commands: readonly string[] = []): string {
  const rows = settings.map((setting) => {
    const name = `  ${setting.flag} ${setting.type.toUpperCase()}`;
    const more = shown(setting) === '' ? '' : ` [${shown(setting)}]`;
    return `${name.padEnd(28)} ${setting.help}${more}\n${''.padEnd(29)}${[setting.env, ...(setting.aliases ?? [])].join(', ')}`;
  });
  return [
    'Usage: npm start -- [options]',
    '       npm start -- config --print    shows the merged settings and where each came from',
    '',
    'Commands on the data directory, whether a server runs on it or not:',
    ...commands,
    '',
    'Options, each also as an environment variable or as a line of config.toml (--config FILE);',
    'a flag wins over the environment, the environment over the file, the file over the default:',
    '',
    ...rows,
    '',
  ].join('\n');
}

/** `docs/reference/configuration.md`, from the table. */
export function configurationReference(): string {
  const rows = settings.map((setting) => {
    const names = [setting.env, ...(setting.aliases ?? [])].map((name) => `\`${name}\``).join(', ');
    return `| ${names} | \`${setting.flag}\` | \`${setting.key}\` | ${shown(setting)} | ${setting.help} |`;
  });
  return [
    '# Configuration',
    '',
    'Flags win over the environment, the environment over `config.toml` (`--config FILE`), the file over the default.',
    '`npm start -- config --print` shows the merged values and where each came from.',
    '',
    '| environment | flag | file | default | meaning |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
