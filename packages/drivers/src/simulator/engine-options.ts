import { QfsError } from '@qfs/core';
import { type EngineOptions, readNoiseModel } from '@qfs/simulator';

/** Execution options that the engine reads, each with its values; the first is the default. */
const ENGINE_OPTION_VALUES = {
  method: ['auto', 'state_vector'],
  precision: ['double', 'single'],
  fast: ['false', 'true'],
} as const satisfies Record<Exclude<keyof EngineOptions, 'noise'>, readonly [string, ...string[]]>;

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

/** Reads the engine's options out of an execution's; other names belong to other devices and are ignored. */
export const engineOptions = (options: Readonly<Record<string, string>>): EngineOptions => ({
  method: choose(options, 'method'),
  precision: choose(options, 'precision'),
  fast: choose(options, 'fast') === 'true',
  ...(options.noise_model === undefined ? {} : { noise: readNoiseModel(options.noise_model) }),
});
