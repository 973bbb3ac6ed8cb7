import { nearestName, QfsError } from '@qfs/core';
import { parseToml, type TomlTable, type TomlValue } from '@qfs/core/toml';
import { readFile } from '../read-file.ts';
import type { Terminal } from '../terminal.ts';
import { SETTINGS, type Setting } from './table.ts';

/** A config.toml as it was read: settings for every profile, and those of each by its name. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  /** The profile that is used where none is named. */
  readonly profile: string | undefined;
  readonly shared: TomlTable;
  readonly profiles: ReadonlyMap<string, TomlTable>;
}

export const DEFAULT_PROFILE = 'default';
const CONFIG_BYTES_MAX = 64 * 1024;
/** Others than their owner may read a file of this mode. */
const OTHERS = 0o077;
const settings: readonly Setting[] = SETTINGS;

export const homeOf = ({ env }: Pick<Terminal, 'env'>): string | undefined => env.HOME || env.USERPROFILE;

/** Where the settings of this person lie (XDG Base Directory Specification); nowhere without a home. */
export function configPath(terminal: Terminal): string | undefined {
  const home = homeOf(terminal);
  const folder = terminal.env.XDG_CONFIG_HOME || (home && `${home}/.config`);
  return folder && `${folder}/eigen/config.toml`;
}

/**
 * Reads config.toml, if there is one.
 * @throws QfsError REQUEST_INVALID with the line or the key that is wrong
 */
export async function readConfigFile(terminal: Terminal): Promise<ConfigFile | undefined> {
  const path = configPath(terminal);
  if (path === undefined) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path, 'a file of settings', CONFIG_BYTES_MAX, terminal);
  } catch (thrown) {
    const { code } = ((thrown as Error).cause ?? {}) as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw thrown;
  }
  return configFileOf(path, new TextDecoder().decode(bytes));
}

export function configFileOf(path: string, text: string): ConfigFile {
  const parsed = parseToml(text, path);
  if (!parsed.ok) throw parsed.error;
  const shared = new Map<string, TomlValue>();
  const profiles = new Map<string, TomlTable>();
  for (const [key, value] of parsed.value) {
    if (value instanceof Map) profiles.set(key, checkedTable(value as TomlTable, `${path}, [${key}]`));
    else if (key !== 'profile') shared.set(key, value);
  }
  const profile = parsed.value.get('profile');
  if (profile !== undefined && typeof profile !== 'string' && !(profile instanceof Map)) {
    throw new QfsError('REQUEST_INVALID', `${path}: profile must be the name of a profile, as a text.`);
  }
  return {
    path,
    text,
    profile: typeof profile === 'string' ? profile : undefined,
    shared: checkedTable(shared, path),
    profiles,
  };
}

function checkedTable(table: TomlTable, place: string): TomlTable {
  for (const [key, value] of table) {
    const { kind } = settingOf(key, place);
    const isList = Array.isArray(value) && value.every((word) => typeof word === 'string');
    if (kind === 'words' ? isList && value.length > 0 : typeof value === 'string') continue;
    const form = kind === 'words' ? 'a list of texts' : 'a text in quotation marks';
    throw new QfsError('REQUEST_INVALID', `${place}: ${key} must be ${form}.`);
  }
  return table;
}

const isNamed = ({ key, keyAliases = [] }: Setting, name: string): boolean =>
  key === name || keyAliases.includes(name);

/** The setting of a name, in a file or on the command line. */
export function settingOf(name: string, place: string): Setting {
  const setting = settings.find((row) => isNamed(row, name));
  if (setting !== undefined) return setting;
  const names = settings.map(({ key }) => key);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? `Settings are ${names.join(', ')}.` : `Did you mean ${nearest}?`;
  throw new QfsError('REQUEST_INVALID', `${place}: "${name}" is not a setting. ${hint}`);
}

/** The value of a setting in one table, by any of its names. */
export const valueIn = (table: TomlTable | undefined, setting: Setting): TomlValue | undefined =>
  [...(table ?? [])].find(([name]) => isNamed(setting, name))?.[1];

/** Says how to close a file that holds a secret and that others may read. */
export async function warnIfOpen(path: string, terminal: Terminal): Promise<void> {
  const mode = await terminal.mode(path);
  if (mode === undefined || (mode & OTHERS) === 0) return;
  terminal.talk(`eigen-cli: others can read ${path}, which holds a token; do: chmod 600 ${path}\n`);
}
