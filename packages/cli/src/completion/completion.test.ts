import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { CHECKOUT } from '../testing/recording-terminal.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { completionModel } from './model.ts';
import { zshCompletion } from './zsh.ts';

const model = await completionModel();
const SCRIPTS = { bash: bashCompletion(model), zsh: zshCompletion(model), fish: fishCompletion(model) };

for (const [shell, script] of Object.entries(SCRIPTS)) {
  test(`the completion of ${shell} is that of the table`, () => {
    const golden = new URL(`../golden/completion.${shell}`, import.meta.url);
    if (process.env.QFS_UPDATE_GOLDEN === '1') writeFileSync(golden, script);
    assert.equal(script, existsSync(golden) ? readFileSync(golden, 'utf8') : '');
  });
}

/** What is offered behind a line; a blank at its end asks for the next word. */
const OFFERED: readonly (readonly [line: string, offered: string])[] = [
  ['eigen-cli st', 'status'],
  ['eigen-cli log ', 'replay status tail verify'],
  ['eigen-cli --profile lab token ', 'create list revoke whoami'],
  ['eigen-cli run --s', '--seed --shots --sort'],
  ['eigen-cli run --sort v', 'value value_desc'],
  ['eigen-cli run --seed 7 --sort h', 'hamming'],
  ['eigen-cli run examples/bell.q', 'examples/bell.qasm'],
  ['eigen-cli results job_1 --ca-file LIC', 'LICENSE'],
  ['eigen-cli result --cs', '--csv'],
  ['eigen-cli config set e', 'endpoint'],
  ['eigen-cli watch --json', '--json --jsonl'],
  ['eigen-cli draw --json', '--json'],
  ['eigen-cli help dr', 'draw'],
];

/** Each prints what its shell would offer, a word per line. */
const ASK = {
  bash: `read -r -a COMP_WORDS <<< "$1"; [[ $1 == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _eigen_cli; printf '%s\\n' "\${COMPREPLY[@]}"`,
  fish: 'complete -C $argv[1] | string split -f1 \\t',
  // The functions that a script calls, without the line editor: they print what they are to offer.
  zsh: `words=(\${=1}); [[ $1 == *' ' ]] && words+=(''); CURRENT=$#words
    _describe() { local row; for row in "\${(@P)4}"; do print -r -- \${row%%:*}; done | grep -- "^\${words[CURRENT]}" }
    compadd() { shift; print -l -- "$@" | grep -- "^\${words[CURRENT]}" }
    _files() { print -l -- \${words[CURRENT]}*(N) }
    _eigen_cli`,
} as const;

function offeredBy(shell: keyof typeof ASK, line: string): string {
  const before = shell === 'zsh' ? 'compdef() { : }\n' : '';
  const script = `${before}${SCRIPTS[shell]}\n${ASK[shell]}\n`;
  const plain = { bash: ['--norc'], zsh: ['-f'], fish: ['--no-config'] }[shell];
  const word = shell === 'fish' ? [line] : [shell, line];
  const asked = spawnSync(shell, [...plain, '-c', script, ...word], { cwd: CHECKOUT, encoding: 'utf8' });
  assert.equal(asked.stderr, '', line);
  return [...new Set(asked.stdout.split('\n').filter(Boolean))].sort().join(' ');
}

for (const shell of ['bash', 'zsh', 'fish'] as const) {
  const isInstalled = spawnSync(shell, ['-c', 'true']).status === 0;
  test(`${shell} offers commands, options, their words, and files`, { skip: !isInstalled }, () => {
    for (const [line, offered] of OFFERED) assert.equal(offeredBy(shell, line), offered, line);
  });
}
