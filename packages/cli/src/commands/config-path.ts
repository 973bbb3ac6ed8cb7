import { QfsError } from '@qfs/core';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { configPath } from '../settings/config-file.ts';
import type { Terminal } from '../terminal.ts';

/** @throws QfsError REQUEST_INVALID where there is no place for settings */
export function requiredPath(terminal: Terminal): string {
  const path = configPath(terminal);
  if (path !== undefined) return path;
  throw new QfsError('REQUEST_INVALID', 'There is no place for config.toml; set HOME or XDG_CONFIG_HOME.');
}

export const configPathCommand: Command = {
  notes: ['$XDG_CONFIG_HOME/eigen/config.toml, by default in ~/.config. The file need not be there.'],
  arguments: [],
  options: [],
  examples: ['config path'],
  async run({ options, terminal }) {
    const path = requiredPath(terminal);
    if (options.json) printJson({ path }, terminal);
    else terminal.out(`${path}\n`);
    return EXIT.ok;
  },
};
