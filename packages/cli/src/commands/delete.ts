import { QfsError } from '@qfs/core';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

interface DeleteOptions {
  readonly yes?: boolean;
}

export const deleteJob: Command<DeleteOptions> = {
  notes: ['The log keeps that the job was there: its id answers "deleted" from then on, never "not found".'],
  arguments: [JOB_ARGUMENT],
  options: [{ flags: '--yes', help: 'needed, because there is no way back' }],
  asksServer: true,
  examples: ['delete job_0192f0c1a2b37c4d8e5f60718293a4b5 --yes'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const jobId = names[0]!;
    if (options.yes !== true) {
      throw new QfsError('REQUEST_INVALID', `${jobId} would be gone for ever; say so with --yes.`);
    }
    const index = await withServer(invocation, (client) => client.delete(jobId));
    if (options.json) printJson({ job_id: jobId, log_index: Number(index) }, terminal);
    else terminal.out(options.quiet ? `${jobId}\n` : `${jobId} is deleted by entry ${index}.\n`);
    return EXIT.ok;
  },
};
