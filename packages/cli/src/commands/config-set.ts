import { QfsError } from '@qfs/core';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { readFile } from '../read-file.ts';
import { changeConfig } from '../settings/change-config.ts';
import { settingOf } from '../settings/config-file.ts';
import { checkValue } from '../settings/load.ts';
import { KEY_ARGUMENT, PROFILE_OPTION, type ProfileOptions, type Setting } from '../settings/table.ts';
import type { Terminal } from '../terminal.ts';

const TOKEN_BYTES_MAX = 16 * 1024;

export const configSet: Command<ProfileOptions> = {
  notes: [
    'Comments and other settings stay as they are. Without --profile it is said for every profile.',
    'The value - is read from the standard input, so that a token is not kept by the shell.',
  ],
  arguments: [
    KEY_ARGUMENT,
    { name: 'value', help: 'of token_command: the words of the command', variadic: true },
  ],
  options: [PROFILE_OPTION],
  examples: [
    'config set endpoint https://lab.example:50051 --profile lab',
    'config set token - --profile lab < lab.token',
    'config set token_command pass show qfs',
  ],
  async run({ arguments: [name, ...words], options, terminal }) {
    const setting = settingOf(name!, 'config set');
    const value = await givenValue(setting, words, terminal);
    const path = await changeConfig(options.profile, setting, value, terminal);
    if (options.json) printJson({ path, key: setting.key }, terminal);
    else terminal.note(`${setting.key} is set in ${path}\n`);
    return EXIT.ok;
  },
};

async function givenValue(
  setting: Setting,
  words: readonly string[],
  terminal: Terminal,
): Promise<string | readonly string[]> {
  if (setting.kind === 'words') return words;
  if (words.length > 1) {
    throw new QfsError('REQUEST_INVALID', `${setting.key} takes one value; write it in quotation marks.`);
  }
  const [word] = words;
  const text =
    word === '-'
      ? new TextDecoder().decode(await readFile('-', 'a setting', TOKEN_BYTES_MAX, terminal)).trim()
      : word!;
  checkValue(setting, text, setting.key);
  return text;
}
