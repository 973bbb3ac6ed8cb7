import { QfsError, SEED_MAX, SHOTS_MAX, SHOTS_MIN } from '@qfs/core';
import type { OptionRow } from './command.ts';

/** A parser for whole numbers within bounds, both included. */
export function wholeNumber(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,16}$/.test(text) && value >= least && value <= most) return value;
    throw new QfsError(
      'REQUEST_INVALID',
      `${option} is "${text}"; it must be a whole number from ${least} to ${most}.`,
    );
  };
}

const SHOTS_DEFAULT = 1024;

export const SHOTS_OPTION: OptionRow = {
  flags: '-n, --shots <number>',
  help: 'how often the circuit is run',
  preset: SHOTS_DEFAULT,
  parse: wholeNumber('--shots', SHOTS_MIN, SHOTS_MAX),
};

export const SEED_OPTION: OptionRow = {
  flags: '--seed <number>',
  help: 'equal seeds give equal counts; drawn if not given',
  parse: wholeNumber('--seed', 0, SEED_MAX),
};

export const TOP_OPTION: OptionRow = {
  flags: '--top <number>',
  help: 'outcomes to show, most frequent first; the others are summed up',
  preset: 16,
  parse: wholeNumber('--top', 1, SHOTS_MAX),
};

/** Dialects of OpenQASM 3, by the language that a request names for each. */
const DIALECTS = { braket: 'openqasm3-braket' } as const;
export type Dialect = keyof typeof DIALECTS;
export const languageOfDialect = (dialect: Dialect): (typeof DIALECTS)[Dialect] => DIALECTS[dialect];

export interface DialectOptions {
  readonly dialect?: Dialect;
}

export const DIALECT_OPTION: OptionRow = {
  flags: '--dialect <name>',
  help: 'braket: OpenQASM 3 with the gates of Amazon Braket',
  parse: (text) => {
    if (Object.hasOwn(DIALECTS, text)) return text;
    const known = Object.keys(DIALECTS).join(', ');
    throw new QfsError('REQUEST_INVALID', `--dialect is "${text}"; known are ${known}.`);
  },
};

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** The longest a timer can wait. */
const DURATION_MS_MAX = 2 ** 31 - 1;

/** A parser for `500ms`, `60s`, `5m`, `1h`; a number alone counts seconds. */
export function duration(option: string): (text: string) => number {
  return (text) => {
    const { digits, unit = 's' } = /^(?<digits>\d{1,9})(?<unit>ms|s|m|h)?$/.exec(text)?.groups ?? {};
    const milliseconds = Number(digits) * UNITS_MS[unit]!;
    if (milliseconds > 0 && milliseconds <= DURATION_MS_MAX) return milliseconds;
    throw new QfsError('REQUEST_INVALID', `${option} is "${text}"; write a time such as 500ms, 60s or 5m.`);
  };
}
