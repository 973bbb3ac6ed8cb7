import { QfsError } from '@qfs/core';
import type { EngineOptions } from './engine-contract.ts';
import { readNoiseModel } from './noise/noise-model.ts';

/** Execution options that the engine reads, each with its values; the first is the default. */
const ENGINE_OPTION_VALUES = {
  method: ['auto', 'state_vector', 'density'],
  precision: ['double', 'single'],
  fast: ['false', 'true'],
} as const satisfies Record<Exclude<keyof EngineOptions, 'noise'>, readonly [string, ...string[]]>;

/** The names of all options. */
export const ENGINE_OPTION_NAMES: readonly string[] = [...Object.keys(ENGINE_OPTION_VALUES), 'noise_model'];

type EngineOptionName = keyof typeof ENGINE_OPTION_VALUES;

function choose<Name extends EngineOptionName>(
  options: Readonly<Record<string, string>>,
  name: Name,
): (typeof ENGINE_OPTION_VALUES)[Name][number] {
  const values: readonly (typeof ENGINE_OPTION_VALUES)[Name][number][] = ENGINE_OPTION_VALUES[name];
  const given = options[name];
  const chosen = given === undefined ? values[0] : values.find((value) => value === given);
  if (chosen === undefined) {
    throw new QfsError('JOB_SPEC_INVALID', `${name} is "${given}"; it can be ${values.join(' or ')}.`);
  }
  return chosen;
}

/**
 * Reads the engine's options out of an execution's; other names belong to other devices and are ignored.
 * @throws QfsError JOB_SPEC_INVALID with the option and what it can be
 */
export const readEngineOptions = (options: Readonly<Record<string, string>>): EngineOptions => ({
  method: choose(options, 'method'),
  precision: choose(options, 'precision'),
  fast: choose(options, 'fast') === 'true',
  ...(options.noise_model === undefined ? {} : { noise: readNoiseModel(options.noise_model) }),
});
