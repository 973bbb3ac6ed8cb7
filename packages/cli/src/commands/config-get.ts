import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { settingOf } from '../settings/config-file.ts';
import { loadSettings, shownValue } from '../settings/load.ts';
import { KEY_ARGUMENT, type SettingKey } from '../settings/table.ts';

export const configGet: Command = {
  notes: ['Prints the value alone, or nothing where there is none. A token is never shown.'],
  arguments: [KEY_ARGUMENT],
  options: [],
  asksServer: true,
  examples: ['config get endpoint'],
  async run({ arguments: [name], options, terminal }) {
    const key = settingOf(name!, 'config get').key as SettingKey;
    const { entries } = await loadSettings(options as Readonly<Record<string, unknown>>, terminal);
    const entry = entries.get(key);
    const value = shownValue(key, entry);
    if (options.json) printJson({ key, value, source: entry?.source ?? null }, terminal);
    else if (value !== null) terminal.out(`${value}\n`);
    return EXIT.ok;
  },
};
