import type { OptionRow } from '../command.ts';
import { wholeNumber } from '../options.ts';

export interface FromOptions {
  readonly from?: number;
}

export const FROM_OPTION: OptionRow = {
  flags: '--from <index>',
  help: 'the first entry; 0 for the beginning',
  parse: wholeNumber('--from', 0, Number.MAX_SAFE_INTEGER),
};
