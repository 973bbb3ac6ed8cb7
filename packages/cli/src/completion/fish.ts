import type { Completion } from '../command.ts';
import type { CommonGroup } from '../common-options.ts';
import {
  type CompletedCommand,
  type CompletedOption,
  type CompletionModel,
  valuedFlags,
  wordsOf,
} from './model.ts';

/** Completion for fish 3.4 and newer, with what every command and option is for. */
export function fishCompletion(model: CompletionModel): string {
  const firsts = model.firsts.map(([word, what]) => offered('', word, what));
  const seconds = [...model.seconds].flatMap(([first, rows]) =>
    rows.map(([word, what]) => offered(first, word, what)),
  );
  const groups = Object.entries(model.groups).flatMap(([group, options]) => {
    const names = model.commands.filter((command) => command.groups.includes(group as CommonGroup));
    const when = `__eigen_cli_is ${names.map(({ name }) => quote(name)).join(' ')}`;
    return options.map((option) => `complete -c eigen-cli -n ${quote(when)} ${optionText(option)}\n`);
  });
  return `# Completion of eigen-cli for fish: eigen-cli completion fish > ~/.config/fish/completions/eigen-cli.fish
function __eigen_cli_is --description 'whether the command so far, in one word or two, is one of these'
    set -l found
    set -l skip no
    for word in (commandline -opc)[2..-1]
        if test $skip = yes
            set skip no
            continue
        end
        switch $word
            case ${valuedFlags(model).join(' ')}
                set skip yes
            case '-*'
            case '*'
                set -a found $word
        end
    end
    set -l command "$found[1]"
    if contains -- "$command" ${[...model.seconds.keys()].join(' ')}; and set -q found[2]
        set command "$found[1] $found[2]"
    end
    contains -- "$command" $argv
end
complete -c eigen-cli -f
${firsts.join('')}${seconds.join('')}${model.commands.map(commandLines).join('')}${groups.join('')}`;
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const whenIs = (name: string): string => quote(`__eigen_cli_is ${quote(name)}`);

const offered = (behind: string, word: string, what: string): string =>
  `complete -c eigen-cli -n ${whenIs(behind)} -a ${word} -d ${quote(what)}\n`;

function commandLines({ argument, name, options }: CompletedCommand): string {
  const rows = [...(argument === undefined ? [] : [values(argument)]), ...options.map(optionText)];
  return rows.map((row) => `complete -c eigen-cli -n ${whenIs(name)} ${row}\n`).join('');
}

function optionText({ help, long, short, value }: CompletedOption): string {
  const flags = `-l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}`;
  const after = value === undefined ? '' : value === 'text' ? ' -x' : ` -r ${values(value)}`;
  return `${flags}${after} -d ${quote(help)}`;
}

const values = (what: Completion): string =>
  what === 'files' ? '-F' : `-a ${quote(wordsOf(what).join(' '))}`;
