import type { Completion, OptionRow } from '../command.ts';
import { ALIASES, COMMANDS, FAMILIES } from '../commands/index.ts';
import { COMMON_OPTIONS, type CommonGroup, commonGroupsOf, longFlag, takesValue } from '../common-options.ts';

export interface CompletedOption {
  /** `--shots` */
  readonly long: string;
  /** `-n` */
  readonly short: string | undefined;
  readonly help: string;
  /** What follows: words or files; `text` for what only a person knows; nothing for a switch. */
  readonly value: Completion | 'text' | undefined;
}

/** What a shell may offer behind one command. */
export interface CompletedCommand {
  /** One word or two. */
  readonly name: string;
  readonly summary: string;
  /** Its own; those that it shares with others are in the groups. */
  readonly options: readonly CompletedOption[];
  readonly groups: readonly CommonGroup[];
  readonly argument: Completion | undefined;
}

export interface CompletionModel {
  readonly groups: Readonly<Record<CommonGroup, readonly CompletedOption[]>>;
  readonly commands: readonly CompletedCommand[];
  /** First words with what they stand for, for who has typed nothing yet. */
  readonly firsts: readonly (readonly [word: string, summary: string])[];
  /** Second words of each family. */
  readonly seconds: ReadonlyMap<string, readonly (readonly [word: string, summary: string])[]>;
}

const optionOf = (row: OptionRow): CompletedOption => ({
  long: longFlag(row),
  short: /^-\w\b/.exec(row.flags)?.[0],
  help: row.help,
  value: takesValue(row) ? (row.completes ?? 'text') : undefined,
});

const HELP: CompletedOption = {
  long: '--help',
  short: '-h',
  help: 'what the command does',
  value: undefined,
};

const HELP_SUMMARY = 'Say more about a command';

/** Everything that a shell may offer, from the table of commands. */
export async function completionModel(): Promise<CompletionModel> {
  const commands: CompletedCommand[] = [];
  const firsts = new Map<string, string>();
  const seconds = new Map<string, (readonly [string, string])[]>();
  for (const [name, { load, summary }] of Object.entries(COMMANDS)) {
    const command = await load();
    const options = [...command.options.map(optionOf), HELP];
    const argument = command.arguments[0]?.completes;
    commands.push({ name, summary, options, groups: commonGroupsOf(command), argument });
    const [first = '', second] = name.split(' ');
    if (second === undefined) firsts.set(first, summary);
    else {
      seconds.set(first, [...(seconds.get(first) ?? []), [second, summary]]);
      firsts.set(first, FAMILIES[first] ?? summary);
    }
  }
  for (const [alias, name] of Object.entries(ALIASES)) {
    if (alias.includes(' ') || firsts.has(alias)) continue;
    const command = commands.find((known) => known.name === name)!;
    commands.push({ ...command, name: alias });
    firsts.set(alias, command.summary);
  }
  const topics = [...Object.keys(COMMANDS), 'options'];
  commands.push({ name: 'help', summary: HELP_SUMMARY, options: [], groups: [], argument: topics });
  firsts.set('help', HELP_SUMMARY);
  return { groups: groupsOf(), commands, firsts: [...firsts], seconds };
}

const groupsOf = (): CompletionModel['groups'] => {
  const names = Object.keys(COMMON_OPTIONS) as CommonGroup[];
  const rows = names.map((name) => [name, COMMON_OPTIONS[name].rows.map(optionOf)] as const);
  return Object.fromEntries(rows) as Record<CommonGroup, CompletedOption[]>;
};

export const flagsOf = ({ long, short }: CompletedOption): readonly string[] =>
  short === undefined ? [long] : [short, long];

/** Options that a word follows, of any command: that word is no command. */
export const valuedFlags = ({ commands, groups }: CompletionModel): readonly string[] => {
  const options = [...Object.values(groups).flat(), ...commands.flatMap((command) => command.options)];
  return [...new Set(options.filter(({ value }) => value !== undefined).flatMap(flagsOf))];
};

/** Of topics of two words the first is offered. */
export const wordsOf = (words: readonly string[]): readonly string[] => [
  ...new Set(words.map((word) => word.split(' ')[0]!)),
];
