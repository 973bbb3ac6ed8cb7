import { jobJson } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { jobFacts } from '../job-facts.ts';
import { printJson } from '../print-json.ts';
import { ENDPOINT_OPTION, type ServerOptions, withServer } from '../server.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

export const status: Command<ServerOptions> = {
  name: 'status',
  summary: 'Say where a job is',
  arguments: [JOB_ARGUMENT],
  options: [ENDPOINT_OPTION],
  examples: ['status job_0192f0c1a2b37c4d8e5f60718293a4b5'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const job = await withServer(invocation, (client) => client.job(names[0]!));
    if (options.json) printJson(jobJson(job), terminal);
    else terminal.out(columns(jobFacts(job)));
    return EXIT.ok;
  },
};
