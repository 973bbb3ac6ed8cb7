import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

export const cancel: Command = {
  arguments: [JOB_ARGUMENT],
  options: [],
  asksServer: true,
  examples: ['cancel job_0192f0c1a2b37c4d8e5f60718293a4b5'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const { accepted, outcome } = await withServer(invocation, (client) => client.cancel(names[0]!));
    if (options.json) printJson({ job_id: names[0], accepted, outcome }, terminal);
    else terminal.out(options.quiet ? `${names[0]}\n` : `${names[0]}: ${outcome}\n`);
    return EXIT.ok;
  },
};
