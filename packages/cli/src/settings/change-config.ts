import { QfsError } from '@qfs/core';
import { requiredPath } from '../commands/config-path.ts';
import type { Terminal } from '../terminal.ts';
import { configFileOf, DEFAULT_PROFILE, readConfigFile, valueIn } from './config-file.ts';
import { withKey } from './edit.ts';
import type { Setting } from './table.ts';

/**
 * Sets one key of config.toml, or removes it, and writes the file so that nobody else can read it.
 * @param profile its table; undefined for what holds for every profile
 * @returns the path
 */
export async function changeConfig(
  profile: string | undefined,
  setting: Setting,
  value: string | readonly string[] | undefined,
  terminal: Terminal,
): Promise<string> {
  const path = requiredPath(terminal);
  const file = await readConfigFile(terminal);
  const table = profile === undefined ? file?.shared : file?.profiles.get(profile);
  // A file of another version may call it by another name.
  const name = setting.keyAliases?.find((alias) => table?.has(alias)) ?? setting.key;
  if (value === undefined && valueIn(table, setting) === undefined) {
    const where = profile === undefined ? path : `[${profile}] of ${path}`;
    throw new QfsError(
      'REQUEST_INVALID',
      `${setting.key} is not set in ${where}; there is nothing to remove.`,
    );
  }
  const text = withKey(file?.text ?? '', profile ?? DEFAULT_PROFILE, name, value);
  configFileOf(path, text);
  try {
    await terminal.writePrivate(path, text);
  } catch (cause) {
    throw new QfsError('REQUEST_INVALID', `${path} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  }
  return path;
}
