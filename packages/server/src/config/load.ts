import { QfsError } from '@qfs/core';
import { parseToml, type TomlTable } from '@qfs/core/toml';
import { type Configuration, SETTINGS, type Setting, type SettingKey } from './table.ts';

type Value = string | number | boolean | readonly string[] | null;

export interface LoadedConfiguration {
  readonly values: Configuration;
  readonly sources: Readonly<Record<SettingKey, string>>;
}

export interface ConfigurationInput {
  readonly flags: ReadonlyMap<string, string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Contents of `config.toml` and its path, for messages. */
  readonly file?: { readonly path: string; readonly text: string };
}

const settings: readonly Setting[] = SETTINGS;

/** Shown instead of a secret that is set. */
const HIDDEN = '<hidden>';

/** The merged values and where each came from, for `config --print`; of secrets only that they are set. */
export function printable({ values, sources }: LoadedConfiguration): Readonly<Record<string, object>> {
  const rows = settings.map(({ key, secret }) => {
    const value = values[key as SettingKey];
    const from = sources[key as SettingKey];
    return [key, { value: secret === true && value !== null ? HIDDEN : value, from }] as const;
  });
  return Object.fromEntries(rows);
}

/**
 * Merges flags over environment over file over defaults; throws JOB_SPEC-like sentences as REQUEST_INVALID.
 */
export function loadConfiguration(input: ConfigurationInput): LoadedConfiguration {
  const file = readTable(input.file);
  rejectUnknown(file.keys(), input.file?.path ?? '');
  const values: Record<string, Value> = {};
  const sources: Record<string, string> = {};
  for (const setting of settings) {
    const [value, source] = pick(setting, input, file);
    values[setting.key] = value;
    sources[setting.key] = source;
  }
  return { values: values as unknown as Configuration, sources: sources as Record<SettingKey, string> };
}

function readTable(file: ConfigurationInput['file']): TomlTable {
  if (file === undefined) return new Map();
  const parsed = parseToml(file.text, file.path);
  if (parsed.ok) return parsed.value;
  throw parsed.error;
}

function pick(setting: Setting, input: ConfigurationInput, file: TomlTable): readonly [Value, string] {
  const flag = input.flags.get(setting.flag);
  if (flag !== undefined) return [convert(setting, flag, setting.flag), `flag ${setting.flag}`];
  for (const name of [setting.env, ...(setting.aliases ?? [])]) {
    const text = input.environment[name];
    if (text !== undefined && text !== '') return [convert(setting, text, name), `environment ${name}`];
  }
  const fromFile = file.get(setting.key);
  if (fromFile !== undefined) {
    const place = `${setting.key} in ${input.file?.path}`;
    if (fromFile instanceof Map) throw invalid(`${place} is a table; it must be a value.`);
    return [convert(setting, Array.isArray(fromFile) ? fromFile.join(',') : String(fromFile), place), place];
  }
  return [setting.default, 'default'];
}

function rejectUnknown(keys: Iterable<string>, path: string): void {
  for (const key of keys) {
    if (!settings.some((setting) => setting.key === key)) {
      throw invalid(
        `${path} has the key "${key}", which is not a setting. "npm start -- --help" lists them.`,
      );
    }
  }
}

const invalid = (message: string): QfsError => new QfsError('REQUEST_INVALID', message);

function convert(setting: Setting, text: string, place: string): Value {
  switch (setting.type) {
    case 'integer':
      return convertInteger(setting, text, place);
    case 'boolean':
      if (text !== 'true' && text !== 'false')
        throw invalid(`${place} is "${text}"; it must be true or false.`);
      return text === 'true';
    case 'list': {
      const items = text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
      for (const item of items) requireChoice(setting, item, place);
      return items;
    }
    case 'string':
      requireChoice(setting, text, place);
      return text;
  }
}

function convertInteger(setting: Setting, text: string, place: string): number {
  const value = /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = setting;
  if (!(value >= min && value <= max)) {
    throw invalid(`${place} is "${text}"; it must be a whole number from ${min} to ${max}.`);
  }
  return value;
}

function requireChoice(setting: Setting, text: string, place: string): void {
  if (setting.choices !== undefined && !setting.choices.includes(text)) {
    throw invalid(`${place} is "${text}"; it must be one of ${setting.choices.join(', ')}.`);
  }
}
