import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { configPath } from '../settings/config-file.ts';
import { loadSettings, shownValue } from '../settings/load.ts';
import { SETTINGS } from '../settings/table.ts';

export const configShow: Command = {
  notes: [
    'Flags win over the environment, the environment over the profile in config.toml, the profile over what the file',
    'says for all profiles. A token is never shown.',
  ],
  arguments: [],
  options: [],
  asksServer: true,
  examples: ['config show', 'config --profile default --json'],
  async run({ options, terminal }) {
    const { entries, file, profile } = await loadSettings(
      options as Readonly<Record<string, unknown>>,
      terminal,
    );
    const rows = SETTINGS.map(({ key }) => {
      const entry = entries.get(key);
      return { key, value: shownValue(key, entry), source: entry?.source ?? 'not set' };
    });
    if (options.json) {
      const settings = Object.fromEntries(
        rows.map(({ key, value, source }) => [key, { value, source }] as const),
      );
      printJson(
        { path: configPath(terminal) ?? null, exists: file !== undefined, profile, settings },
        terminal,
      );
      return EXIT.ok;
    }
    terminal.out(
      columns([
        ['SETTING', 'VALUE', 'FROM'],
        ['profile', profile, file === undefined ? 'no config.toml' : file.path],
        ...rows.map(({ key, source, value }) => [key, value ?? '', source]),
      ]),
    );
    return EXIT.ok;
  },
};
