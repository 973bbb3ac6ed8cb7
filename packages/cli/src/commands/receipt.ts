import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { withServer } from '../server.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

export const receipt: Command = {
  notes: ['Every byte counts. Check it with "verify", or without this program: docs/guides/receipts.md.'],
  arguments: [JOB_ARGUMENT],
  options: [],
  asksServer: true,
  examples: ['receipt job_0192f0c1a2b37c4d8e5f60718293a4b5 > r.json'],
  async run(invocation) {
    const { terminal, arguments: names } = invocation;
    terminal.out(await withServer(invocation, (client) => client.receipt(names[0]!)));
    return EXIT.ok;
  },
};
