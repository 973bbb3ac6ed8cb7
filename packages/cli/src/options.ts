import { nearestName, QfsError, SEED_MAX, SHOTS_MAX, SHOTS_MIN } from '@qfs/core';
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

export const SHOTS_DEFAULT = 1024;

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

export const OPTIMIZATION_OPTION: OptionRow = {
  flags: '-O, --optimization-level <level>',
  help: 'from 0, as written, to 3, as short as can be; with a target 1 if not given',
  parse: wholeNumber('--optimization-level', 0, 3),
  completes: ['0', '1', '2', '3'],
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
  parse: choice('--dialect', Object.keys(DIALECTS)),
  completes: Object.keys(DIALECTS),
};

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** The longest a timer can wait. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** A parser for `500ms`, `60s`, `5m`, `1h`, `7d`; a number alone counts seconds. In milliseconds. */
export function timeSpan(option: string, mostMs: number = TIMER_MS_MAX): (text: string) => number {
  return (text) => {
    const { digits, unit = 's' } = /^(?<digits>\d{1,9})(?<unit>ms|s|m|h|d)?$/.exec(text)?.groups ?? {};
    const milliseconds = Number(digits) * UNITS_MS[unit]!;
    if (milliseconds > 0 && milliseconds <= mostMs) return milliseconds;
    throw new QfsError(
      'REQUEST_INVALID',
      `${option} is "${text}"; write a time such as 500ms, 60s, 5m or 7d.`,
    );
  };
}

/** A parser for one word of a few. */
export function choice<Word extends string>(option: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    const nearest = nearestName(text, words);
    const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    throw new QfsError('REQUEST_INVALID', `${option} is "${text}"; known are ${words.join(', ')}.${hint}`);
  };
}

/** A parser for an option that may be given more than once: its texts in order. */
export const repeated = (text: string, earlier: unknown = []): readonly string[] => [
  ...(earlier as readonly string[]),
  text,
];

export const TIMEOUT_OPTION: OptionRow = {
  flags: '--timeout <time>',
  help: 'wait no longer than this, for example 60s',
  parse: timeSpan('--timeout'),
};

/** Of commands that follow a job. */
export const PLAIN_OPTION: OptionRow = {
  flags: '--plain',
  help: 'a line for each iteration of a loop, where a terminal shows a plot',
};
