import { nearestName } from '@qfs/core';
import { ALIASES, COMMANDS, FAMILIES } from './commands/index.ts';
import { COMMON_OPTIONS, longFlag, takesValue } from './common-options.ts';

/** What a command line asks for, before the options of its command are read. */
export type Asked =
  | { readonly kind: 'command'; readonly name: string; readonly words: readonly string[] }
  /** The help of a command, a family, or of the whole without a topic. */
  | { readonly kind: 'help'; readonly topic: string | undefined }
  /** A family without its second word, or nothing at all. */
  | { readonly kind: 'incomplete'; readonly topic: string | undefined }
  | { readonly kind: 'unknown'; readonly name: string; readonly nearest: string | undefined };

const HELP_FLAGS = new Set(['-h', '--help']);
export const OPTIONS_TOPIC = 'options';

/** Finds the command; options that stand before it count as if they stood behind. */
export function readCommandLine(line: readonly string[]): Asked {
  const { before, rest } = splitBefore(line);
  if (rest.length === 0) {
    if (before.some((word) => HELP_FLAGS.has(word))) return { kind: 'help', topic: undefined };
    if (before.includes('--version') || before.includes('-V'))
      return { kind: 'command', name: 'version', words: [] };
    return before.length === 0
      ? { kind: 'incomplete', topic: undefined }
      : { kind: 'unknown', name: before[0]!, nearest: undefined };
  }
  if (rest[0] === 'help') return helpOf(rest.slice(1).filter((word) => !word.startsWith('-')));
  const found = findCommand(rest);
  if (found !== undefined) return { kind: 'command', name: found.name, words: [...before, ...found.words] };
  const family = familyOf(rest);
  if (family === undefined) return unknown(rest);
  const asksHelp = rest.length > 1 || before.some((word) => HELP_FLAGS.has(word));
  return { kind: asksHelp ? 'help' : 'incomplete', topic: family };
}

function helpOf(words: readonly string[]): Asked {
  if (words.length === 0) return { kind: 'help', topic: undefined };
  const topic = findCommand(words)?.name ?? familyOf(words);
  if (words[0] === OPTIONS_TOPIC || topic !== undefined)
    return { kind: 'help', topic: topic ?? OPTIONS_TOPIC };
  return unknown(words);
}

/** The first word alone, when it is a family and no second one says which of its commands. */
function familyOf([first = '', second]: readonly string[]): string | undefined {
  const isFamily = Object.hasOwn(FAMILIES, first);
  return isFamily && (second === undefined || HELP_FLAGS.has(second)) ? first : undefined;
}

function findCommand(words: readonly string[]) {
  for (const length of [2, 1]) {
    const said = words.slice(0, length).join(' ');
    // `config set` must not be read as `config` with a word behind it.
    if (length === 1 && Object.hasOwn(FAMILIES, said) && words[1]?.startsWith('-') === false) continue;
    const name = Object.hasOwn(ALIASES, said) ? ALIASES[said]! : said;
    if (Object.hasOwn(COMMANDS, name)) return { name, words: words.slice(length) };
  }
  return undefined;
}

function unknown([first = '', second = '']: readonly string[]): Asked {
  if (Object.hasOwn(FAMILIES, first)) {
    const members = Object.keys(COMMANDS).filter((name) => name.startsWith(`${first} `));
    const nearest = nearestName(
      second,
      members.map((name) => name.slice(first.length + 1)),
    );
    return {
      kind: 'unknown',
      name: `${first} ${second}`,
      nearest: nearest === undefined ? undefined : `${first} ${nearest}`,
    };
  }
  const names = [...Object.keys(COMMANDS), ...Object.keys(ALIASES), ...Object.keys(FAMILIES)];
  return { kind: 'unknown', name: first, nearest: nearestName(first, names) };
}

const VALUED = new Set(
  Object.values(COMMON_OPTIONS)
    .flatMap(({ rows }) => rows)
    .filter(takesValue)
    .map(longFlag),
);

/** Options before the command, each with its value, and the rest of the line. */
function splitBefore(line: readonly string[]) {
  let at = 0;
  while (at < line.length && line[at]!.startsWith('-')) at += VALUED.has(line[at]!) ? 2 : 1;
  return { before: line.slice(0, at), rest: line.slice(at) };
}
