import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { changeConfig } from '../settings/change-config.ts';
import { settingOf } from '../settings/config-file.ts';
import { KEY_ARGUMENT, PROFILE_OPTION, type ProfileOptions } from '../settings/table.ts';

export const configUnset: Command<ProfileOptions> = {
  arguments: [KEY_ARGUMENT],
  options: [PROFILE_OPTION],
  examples: ['config unset token --profile lab'],
  async run({ arguments: [name], options, terminal }) {
    const setting = settingOf(name!, 'config unset');
    const path = await changeConfig(options.profile, setting, undefined, terminal);
    if (options.json) printJson({ path, key: setting.key }, terminal);
    else terminal.note(`${setting.key} is not set in ${path}\n`);
    return EXIT.ok;
  },
};
