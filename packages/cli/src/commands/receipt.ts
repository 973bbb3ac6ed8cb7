import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { ENDPOINT_OPTION, type ServerOptions, withServer } from '../server.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

export const receipt: Command<ServerOptions> = {
  name: 'receipt',
  summary: 'Write the receipt of a job that has ended to the standard output, byte for byte',
  notes: ['Every byte counts. Check it with "verify", or without this program: docs/guides/receipts.md.'],
  arguments: [JOB_ARGUMENT],
  options: [ENDPOINT_OPTION],
  examples: ['receipt job_0192f0c1a2b37c4d8e5f60718293a4b5 > r.json'],
  async run(invocation) {
    const { terminal, arguments: names } = invocation;
    terminal.out(await withServer(invocation, (client) => client.receipt(names[0]!)));
    return EXIT.ok;
  },
};
