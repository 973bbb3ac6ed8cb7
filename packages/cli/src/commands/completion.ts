import { QfsError } from '@qfs/core';
import type { Command } from '../command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { type CompletionModel, completionModel } from '../completion/model.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';

const SHELLS: Readonly<Record<string, (model: CompletionModel) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export const completion: Command = {
  notes: [
    'bash: source <(eigen-cli completion bash), in ~/.bashrc for ever.',
    'zsh:  source <(eigen-cli completion zsh), in ~/.zshrc for ever, behind compinit.',
    'fish: eigen-cli completion fish > ~/.config/fish/completions/eigen-cli.fish',
  ],
  arguments: [{ name: 'shell', help: Object.keys(SHELLS).join(', '), completes: Object.keys(SHELLS) }],
  options: [],
  examples: ['completion bash', 'completion fish'],
  async run({ arguments: [shell], options, terminal }) {
    if (!Object.hasOwn(SHELLS, shell!)) {
      const known = Object.keys(SHELLS).join(', ');
      throw new QfsError('REQUEST_INVALID', `There is no completion for "${shell}"; there is for ${known}.`);
    }
    const script = SHELLS[shell!]!(await completionModel());
    if (options.json) printJson({ shell, script }, terminal);
    else terminal.out(script);
    return EXIT.ok;
  },
};
