import { readFileSync } from 'node:fs';
import { QfsError } from '@qfs/core';
import type { PluginManifest, PluginSetting, SettingValue } from './manifest.ts';

/** What a driver is configured with, and what must never be shown of it. */
export interface PluginConfig {
  readonly values: Readonly<Record<string, SettingValue>>;
  readonly secrets: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /^(?<kind>env|file):(?<target>.+)$/;

/**
 * The settings of a driver out of its section of `drivers.toml`. Texts `env:NAME` and `file:PATH` stand for what is
 * there.
 * @throws QfsError REQUEST_INVALID that names the setting and never its value
 */
export function pluginConfig(
  { name, configSchema }: Pick<PluginManifest, 'name' | 'configSchema'>,
  given: Readonly<Record<string, unknown>>,
  environment: Environment,
): PluginConfig {
  const unknown = Object.keys(given).find((key) => !configSchema.has(key));
  if (unknown !== undefined) {
    const known = [...configSchema.keys()].join(', ') || 'none';
    throw invalid(`Driver ${name} has no setting "${unknown}"; its settings: ${known}.`);
  }
  const values: Record<string, SettingValue> = {};
  const secrets: string[] = [];
  for (const [key, setting] of configSchema) {
    const value = settingValue(`${name}.${key}`, setting, given[key], environment);
    if (value === undefined) continue;
    values[key] = value;
    if (setting.secret === true) secrets.push(String(value));
  }
  return { values, secrets };
}

function settingValue(
  place: string,
  setting: PluginSetting,
  given: unknown,
  environment: Environment,
): SettingValue | undefined {
  if (given === undefined) {
    if (setting.required === true) throw invalid(`${place} is missing: ${setting.help}`);
    return setting.default;
  }
  const reference = typeof given === 'string' ? REFERENCE.exec(given)?.groups : undefined;
  if (setting.secret === true && reference === undefined) {
    throw invalid(`${place} is a secret; give it as env:NAME or file:PATH, not as it is.`);
  }
  const value = reference === undefined ? given : referred(place, reference, environment);
  if (typeof value === setting.type) return value as SettingValue;
  const converted =
    typeof value === 'string' && reference !== undefined ? convert(setting.type, value) : undefined;
  if (converted === undefined) throw invalid(`${place} must be a ${setting.type}: ${setting.help}`);
  return converted;
}

function referred(
  place: string,
  { kind, target = '' }: Readonly<Record<string, string | undefined>>,
  environment: Environment,
): string {
  if (kind === 'env') {
    const value = environment[target];
    if (value !== undefined && value !== '') return value;
    throw invalid(`${place} refers to the environment variable ${target}, which is not set.`);
  }
  try {
    return readFileSync(target, 'utf8').trim();
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw invalid(
      `${place} refers to the file ${target}, which cannot be read (${code ?? 'unknown reason'}).`,
    );
  }
}

function convert(type: PluginSetting['type'], value: string): SettingValue | undefined {
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : undefined;
  const number = Number(value);
  return type === 'number' && value !== '' && Number.isFinite(number) ? number : undefined;
}

const invalid = (message: string): QfsError => new QfsError('REQUEST_INVALID', message);
