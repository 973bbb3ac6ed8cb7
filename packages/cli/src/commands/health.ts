import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';

export const health: Command = {
  notes: [
    'Ends with 0 when everything that the server depends on is ready, with 4 when not, with 3 when nobody answers.',
  ],
  arguments: [],
  options: [],
  asksServer: true,
  examples: ['health', 'health --json --endpoint https://lab.example:50051'],
  async run(invocation) {
    const { terminal, options } = invocation;
    const { serving } = await withServer(invocation, (client) => client.health());
    const status = serving ? 'SERVING' : 'NOT_SERVING';
    if (options.json) printJson({ status }, terminal);
    else terminal.out(`${status}\n`);
    return serving ? EXIT.ok : EXIT.server;
  },
};
