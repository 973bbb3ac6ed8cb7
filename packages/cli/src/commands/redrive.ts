import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { ENDPOINT_OPTION, type ServerOptions, withServer } from '../server.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

export const redrive: Command<ServerOptions> = {
  name: 'redrive',
  summary: 'Submit a job again whose every attempt failed',
  notes: ['Prints the id of the new job; its inputs and its seed are those of the old one.'],
  arguments: [JOB_ARGUMENT],
  options: [ENDPOINT_OPTION],
  examples: ['redrive job_0192f0c1a2b37c4d8e5f60718293a4b5'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const jobId = await withServer(invocation, (client) => client.redrive(names[0]!));
    const document = { job_id: jobId, parent_job_id: names[0] };
    terminal.out(options.json ? `${JSON.stringify(document, null, 2)}\n` : `${jobId}\n`);
    return EXIT.ok;
  },
};
