import { QfsError } from '@qfs/core';
import type { TomlTable } from '@qfs/core/toml';
import { timeSpan } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { type ConfigFile, DEFAULT_PROFILE, homeOf, readConfigFile, valueIn } from './config-file.ts';
import { SETTINGS, type Setting, type SettingKey } from './table.ts';

/** What the command line said, by the name that commander gives an option. */
export type SettingFlags = Readonly<Record<string, unknown>>;

/** Where a value came from, the strongest first. */
const LEVELS = ['flag', 'environment', 'profile', 'file', 'default'] as const;
export type Level = (typeof LEVELS)[number];
export const isStronger = (one: Level, other: Level): boolean => LEVELS.indexOf(one) < LEVELS.indexOf(other);

export interface Entry {
  readonly value: string | readonly string[];
  readonly level: Level;
  /** As people are told: `EIGEN_ENDPOINT`, `[lab] in /home/me/.config/eigen/config.toml`. */
  readonly source: string;
}

export interface Settings {
  readonly file: ConfigFile | undefined;
  readonly profile: string;
  readonly entries: ReadonlyMap<SettingKey, Entry>;
}

const camelCase = (key: string): string => key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Merges flags over environment over config.toml over the presets. */
export async function loadSettings(flags: SettingFlags, terminal: Terminal): Promise<Settings> {
  const file = await readConfigFile(terminal);
  const { profile, table } = profileOf(flags, file, terminal);
  const entries = new Map<SettingKey, Entry>();
  for (const setting of SETTINGS as readonly (Setting & { readonly key: SettingKey })[]) {
    const entry = pick(setting, { flags, file, profile, table, terminal });
    if (entry === undefined) continue;
    entries.set(setting.key, { ...entry, value: checked(setting, entry, file, terminal) });
  }
  return { file, profile, entries };
}

function profileOf(flags: SettingFlags, file: ConfigFile | undefined, { env }: Terminal) {
  const profile = (flags.profile as string | undefined) || env.EIGEN_PROFILE || file?.profile;
  const table = file?.profiles.get(profile ?? DEFAULT_PROFILE);
  if (profile === undefined || profile === DEFAULT_PROFILE || table !== undefined) {
    return { profile: profile ?? DEFAULT_PROFILE, table };
  }
  const known = [...(file?.profiles.keys() ?? [])].join(', ');
  const remedy = known === '' ? `make it with "eigen-cli config set"` : `there are ${known}`;
  throw new QfsError(
    'REQUEST_INVALID',
    `There is no profile "${profile}"${file === undefined ? '' : ` in ${file.path}`}; ${remedy}.`,
  );
}

interface Levels {
  readonly flags: SettingFlags;
  readonly file: ConfigFile | undefined;
  readonly profile: string;
  readonly table: TomlTable | undefined;
  readonly terminal: Terminal;
}

function pick(setting: Setting, { flags, file, profile, table, terminal }: Levels): Entry | undefined {
  const flag = setting.flag === undefined ? undefined : flags[camelCase(setting.key)];
  if (typeof flag === 'string') {
    return { value: flag, level: 'flag', source: setting.flag!.split(' ')[0]! };
  }
  for (const name of setting.environment) {
    const value = terminal.env[name];
    if (value) return { value, level: 'environment', source: name };
  }
  const own = valueIn(table, setting);
  if (own !== undefined)
    return { value: own as Entry['value'], level: 'profile', source: `[${profile}] in ${file!.path}` };
  const shared = valueIn(file?.shared, setting);
  if (shared !== undefined) return { value: shared as Entry['value'], level: 'file', source: file!.path };
  return setting.preset === undefined
    ? undefined
    : { value: setting.preset, level: 'default', source: 'default' };
}

/** The value in the form that it is used in. */
function checked(
  setting: Setting,
  { level, source, value }: Entry,
  file: ConfigFile | undefined,
  terminal: Terminal,
): Entry['value'] {
  if (typeof value !== 'string') return value;
  checkValue(setting, value, level === 'flag' ? source : `${setting.key} of ${source}`);
  if (setting.kind === 'address') return addressOf(value, source);
  if (setting.kind !== 'file') return value;
  const home = homeOf(terminal);
  if (value.startsWith('~/') && home !== undefined) return home + value.slice(1);
  const isOfFile = level === 'profile' || level === 'file';
  return isOfFile && !isAbsolute(value) ? file!.path.replace(/[^/]*$/, '') + value : value;
}

/** @throws QfsError REQUEST_INVALID for a text that the setting does not allow */
export function checkValue({ help, kind }: Setting, value: string, place: string): void {
  if (value.trim() === '') throw new QfsError('REQUEST_INVALID', `${place} is empty; give ${help}.`);
  if (kind === 'address') addressOf(value, place);
  if (kind === 'duration') timeSpan(place)(value);
}

/** A value as people may see it: never a secret. */
export function shownValue(key: SettingKey, entry: Entry | undefined): string | null {
  if (entry === undefined) return null;
  const { kind } = SETTINGS.find((setting) => setting.key === key)!;
  if (kind === 'secret') return '(hidden)';
  return typeof entry.value === 'string' ? entry.value : entry.value.join(' ');
}

const isAbsolute = (path: string): boolean => /^(?:[\\/]|[A-Za-z]:)/.test(path);

/** An address with its scheme and without a slash at its end. */
function addressOf(given: string, place: string): string {
  const address = given.includes('://') ? given : `http://${given}`;
  const { hostname, protocol } = URL.parse(address) ?? {};
  if (hostname && (protocol === 'http:' || protocol === 'https:')) return address.replace(/\/+$/, '');
  throw new QfsError(
    'REQUEST_INVALID',
    `${place} is "${given}", which is no address; write http://HOST:PORT.`,
  );
}
