import { acceptedJson } from '@qfs/client';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

export const redrive: Command = {
  notes: ['Prints the id of the new job; its inputs and its seed are those of the old one.'],
  arguments: [JOB_ARGUMENT],
  options: [],
  asksServer: true,
  examples: ['redrive job_0192f0c1a2b37c4d8e5f60718293a4b5'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const { jobId, status } = await withServer(invocation, (client) => client.redrive(names[0]!));
    if (options.json) printJson(acceptedJson({ jobId, createdAt: status?.createdAt }, names[0]), terminal);
    else terminal.out(`${jobId}\n`);
    return EXIT.ok;
  },
};
