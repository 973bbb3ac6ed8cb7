import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';

export const release: Command = {
  arguments: [{ name: 'reservation', help: 'id of the reservation' }],
  options: [],
  asksServer: true,
  examples: ['release res_5k5a2fto4usr2sbocybtwtxxu4'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    await withServer(invocation, (client) => client.release(names[0]!));
    if (options.json) printJson({ reservation_id: names[0] }, terminal);
    else terminal.out(options.quiet ? `${names[0]}\n` : `${names[0]} is given back.\n`);
    return EXIT.ok;
  },
};
