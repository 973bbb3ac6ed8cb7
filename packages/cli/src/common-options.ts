import { QfsError } from '@qfs/core';
import type { Command, OptionRow } from './command.ts';
import { SETTINGS, type Setting } from './settings/table.ts';

const REQUEST_ID = /^[A-Za-z0-9._:@/+=-]{1,128}$/;
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A parser for texts of one form. */
const matching = (option: string, form: RegExp, allowed: string) => (text: string) => {
  if (form.test(text)) return text;
  throw new QfsError('REQUEST_INVALID', `${option} is "${text}"; it must be ${allowed}.`);
};

/** Every command has these. */
const OUTPUT_OPTIONS: readonly OptionRow[] = [
  { flags: '--json', help: 'one JSON document on the standard output, also for a failure' },
  { flags: '-q, --quiet', help: 'ids alone, one per line; no notes and no progress' },
  { flags: '-v, --verbose', help: 'of a failure also its code, the request id and what else is known' },
  { flags: '--debug', help: 'one line per call to the server with its time, and the stack of a failure' },
  { flags: '--no-color', help: 'no colour' },
];

const STREAM_OPTIONS: readonly OptionRow[] = [
  { flags: '--jsonl', help: 'one JSON document per line, as things happen' },
];

/** Every command that calls a server has these, and one for each setting that has a flag. */
const SERVER_OPTIONS: readonly OptionRow[] = [
  { flags: '--profile <name>', help: 'the table of config.toml to use (EIGEN_PROFILE)' },
  ...(SETTINGS as readonly Setting[]).flatMap(({ completes, environment, flag, help }) => {
    if (flag === undefined) return [];
    const names = environment.length === 0 ? '' : ` (${environment.join(', ')})`;
    return [{ flags: flag, help: `${help}${names}`, ...(completes && { completes }) }];
  }),
  {
    flags: '--request-id <text>',
    help: "names the call in the server's answers and logs",
    parse: matching('--request-id', REQUEST_ID, '1 to 128 letters, digits or . _ : @ / + = -'),
  },
  {
    flags: '--traceparent <text>',
    help: 'the trace to which the call belongs (W3C Trace Context)',
    parse: matching('--traceparent', TRACEPARENT, '00-<32 hex digits>-<16 hex digits>-<2 hex digits>'),
  },
];

/** The options beside a command's own, in groups with a heading. */
export const COMMON_OPTIONS = {
  output: { title: 'Every command', rows: OUTPUT_OPTIONS },
  stream: { title: 'Commands that tell things as they happen', rows: STREAM_OPTIONS },
  server: { title: 'Commands that call a server', rows: SERVER_OPTIONS },
} as const;

export type CommonGroup = keyof typeof COMMON_OPTIONS;

/** The groups of COMMON_OPTIONS that a command has. */
export const commonGroupsOf = ({ asksServer = false, streams = false }: Command<never>): CommonGroup[] => [
  'output',
  ...(streams ? (['stream'] as const) : []),
  ...(asksServer ? (['server'] as const) : []),
];

export const commonOptionsOf = (command: Command<never>): OptionRow[] =>
  commonGroupsOf(command).flatMap((group) => COMMON_OPTIONS[group].rows);

/** The long form of an option: `--shots`. */
export const longFlag = ({ flags }: OptionRow): string => /--[\w-]+/.exec(flags)![0];

/** Does a word follow the option? */
export const takesValue = ({ flags }: OptionRow): boolean => flags.includes('<');
