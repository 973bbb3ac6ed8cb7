import type { Completion } from '../command.ts';
import {
  type CompletedCommand,
  type CompletedOption,
  type CompletionModel,
  flagsOf,
  valuedFlags,
  wordsOf,
} from './model.ts';

/** Completion for zsh, with what every command and option is for. */
export function zshCompletion(model: CompletionModel): string {
  const families = [...model.seconds].map(
    ([first, seconds]) =>
      `    ${first}) if [[ -z $second ]]; then _eigen_cli_describe commands ${rows(seconds)}; return; fi\n` +
      '      command="$first $second" ;;\n',
  );
  const groups = Object.entries(model.groups).map(
    ([name, options]) => `  local -a ${name}; ${name}=(${optionRows(options)})\n`,
  );
  const values = [
    ...model.commands.flatMap(({ name, options }) => valueCases(`${name} `, options)),
    ...Object.values(model.groups).flatMap((options) => valueCases('*', options)),
  ];
  return `#compdef eigen-cli
# Completion of eigen-cli for zsh. In ~/.zshrc, behind compinit: source <(eigen-cli completion zsh)
_eigen_cli_describe() {
  local -a offered; offered=("\${@:2}")
  _describe -t $1 $1 offered
}
_eigen_cli() {
  local first='' second='' command='' skip='' word
${groups.join('')}  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n $skip ]]; then skip=''; continue; fi
    case $word in
      ${valuedFlags(model).join('|')}) skip=yes ;;
      -*) ;;
      *) if [[ -z $first ]]; then first=$word; elif [[ -z $second ]]; then second=$word; fi ;;
    esac
  done
  case $first in
    '') _eigen_cli_describe commands ${rows(model.firsts)}; return ;;
${families.join('')}    *) command=$first ;;
  esac
  if [[ -n $skip ]]; then
    case "$command \${words[CURRENT-1]}" in
${values.join('')}    esac
  elif [[ \${words[CURRENT]} == -* ]]; then
    case $command in
${model.commands.map(optionCase).join('')}    esac
  else
    case $command in
${model.commands.flatMap(argumentCase).join('')}    esac
  fi
}
if [[ \${funcstack[1]} == _eigen-cli ]]; then _eigen_cli "$@"; else compdef _eigen_cli eigen-cli; fi
`;
}

const rows = (offered: readonly (readonly [word: string, what: string])[]): string =>
  offered.map(([word, what]) => `'${word}:${what.replaceAll("'", "'\\''")}'`).join(' ');

const optionRows = (options: readonly CompletedOption[]): string =>
  rows(options.flatMap((option) => flagsOf(option).map((flag) => [flag, option.help] as const)));

const offer = (what: Completion): string =>
  what === 'files' ? '_files' : `compadd -- ${wordsOf(what).join(' ')}`;

function valueCases(before: string, options: readonly CompletedOption[]): string[] {
  return options.flatMap((option) => {
    const { value } = option;
    if (value === undefined || value === 'text') return [];
    const patterns = flagsOf(option).map((flag) => (before === '*' ? `*' ${flag}'` : `'${before}${flag}'`));
    return [`      ${patterns.join('|')}) ${offer(value)} ;;\n`];
  });
}

function optionCase({ groups, name, options }: CompletedCommand): string {
  const shared = groups.map((group) => ` "\${(@)${group}}"`).join('');
  return `      '${name}') _eigen_cli_describe options ${optionRows(options)}${shared} ;;\n`;
}

const argumentCase = ({ argument, name }: CompletedCommand): string[] =>
  argument === undefined ? [] : [`      '${name}') ${offer(argument)} ;;\n`];
