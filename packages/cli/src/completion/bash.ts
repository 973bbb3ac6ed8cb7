import type { Completion } from '../command.ts';
import {
  type CompletedCommand,
  type CompletedOption,
  type CompletionModel,
  flagsOf,
  valuedFlags,
  wordsOf,
} from './model.ts';

/** Completion for bash 3.2 and newer. */
export function bashCompletion(model: CompletionModel): string {
  const families = [...model.seconds].map(([first, seconds]) => {
    const words = seconds.map(([second]) => second).join(' ');
    return `    ${first}) if [[ -z $second ]]; then words='${words}'; else command="$first $second"; fi ;;\n`;
  });
  const groups = Object.entries(model.groups).map(
    ([name, options]) => `  local ${name}='${options.flatMap(flagsOf).join(' ')}'\n`,
  );
  const values = [
    ...model.commands.flatMap(({ name, options }) => valueCases(`${name} `, options)),
    ...Object.values(model.groups).flatMap((options) => valueCases('*', options)),
  ];
  return `# Completion of eigen-cli for bash. In ~/.bashrc: source <(eigen-cli completion bash)
_eigen_cli() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  local first='' second='' command='' words='' options='' files='' skip='' word index
${groups.join('')}  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ -n $skip ]]; then skip=''; continue; fi
    case $word in
      ${valuedFlags(model).join('|')}) skip=yes ;;
      -*) ;;
      *) if [[ -z $first ]]; then first=$word; elif [[ -z $second ]]; then second=$word; fi ;;
    esac
  done
  case $first in
    '') words='${model.firsts.map(([first]) => first).join(' ')}' ;;
${families.join('')}    *) command=$first ;;
  esac
  case $command in
${model.commands.map(commandCase).join('')}  esac
  if [[ -n $skip ]]; then
    words='' files=''
    case "$command $previous" in
${values.join('')}    esac
  elif [[ $current == -* ]]; then words=$options files=''
  fi
  local IFS=$'\n'
  if [[ -n $files ]]; then
    compopt -o filenames 2> /dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(IFS=' '; compgen -W "$words" -- "$current"))
  fi
}
complete -F _eigen_cli eigen-cli
`;
}

const offer = (what: Completion): string =>
  what === 'files' ? 'files=yes' : `words='${wordsOf(what).join(' ')}'`;

function commandCase({ argument, groups, name, options }: CompletedCommand): string {
  const shared = groups.map((group) => `$${group}`);
  const offered = argument === undefined ? '' : ` ${offer(argument)}`;
  return `    '${name}') options="${[...options.flatMap(flagsOf), ...shared].join(' ')}"${offered} ;;\n`;
}

function valueCases(before: string, options: readonly CompletedOption[]): string[] {
  return options.flatMap((option) => {
    const { value } = option;
    if (value === undefined || value === 'text') return [];
    const patterns = flagsOf(option).map((flag) => (before === '*' ? `*' ${flag}'` : `'${before}${flag}'`));
    return [`      ${patterns.join(' | ')}) ${offer(value)} ;;\n`];
  });
}
