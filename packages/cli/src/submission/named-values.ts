import { QfsError } from '@qfs/core';
import type { OptionRow } from '../command.ts';

/** A parser for an option `name=value` that may be given once for each name. */
const namedValues =
  (option: string) =>
  (text: string, earlier: unknown = new Map()): ReadonlyMap<string, string> => {
    const { name, value } = /^(?<name>[^=\s]+)=(?<value>.+)$/s.exec(text)?.groups ?? {};
    if (name === undefined || value === undefined) {
      throw new QfsError('REQUEST_INVALID', `${option} is "${text}"; write NAME=VALUE.`);
    }
    return new Map([...(earlier as ReadonlyMap<string, string>), [name, value]]);
  };

export const DEVICE_OPTION: OptionRow = {
  flags: '-o, --option <name=value>',
  help: 'an option of the device, as noise_model=depolarizing:0.01; once for each',
  parse: namedValues('--option'),
};
