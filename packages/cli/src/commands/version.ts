import { ENGINE_VERSION } from '@qfs/simulator';
import manifest from '../../package.json' with { type: 'json' };
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';

export const version: Command = {
  name: 'version',
  summary: 'Say which version this is',
  arguments: [],
  options: [],
  examples: ['version --json'],
  async run({ terminal, options }) {
    const document = {
      version: manifest.version,
      engine_version: ENGINE_VERSION,
      node_version: process.versions.node,
    };
    const sentence = `eigen-cli ${manifest.version}, simulator ${ENGINE_VERSION}, Node ${process.versions.node}\n`;
    if (options.json) printJson(document, terminal);
    else terminal.out(sentence);
    return EXIT.ok;
  },
};
