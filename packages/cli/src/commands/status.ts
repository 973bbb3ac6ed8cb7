import { jobJson } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { jobFacts } from '../job-facts.ts';
import { PLAIN_OPTION, TIMEOUT_OPTION } from '../options.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { JOB_ARGUMENT } from './job-argument.ts';
import { type WatchOptions, watchJob } from './watch.ts';

interface StatusOptions extends WatchOptions {
  readonly watch?: boolean;
}

export const status: Command<StatusOptions> = {
  notes: ['While a job waits: its place in the queue, and when its turn may come.'],
  arguments: [JOB_ARGUMENT],
  options: [
    { flags: '--watch', help: 'follow the job to its end, as "watch" does' },
    PLAIN_OPTION,
    TIMEOUT_OPTION,
  ],
  asksServer: true,
  streams: true,
  examples: [
    'status job_0192f0c1a2b37c4d8e5f60718293a4b5',
    'status job_0192f0c1a2b37c4d8e5f60718293a4b5 --watch',
  ],
  run: (invocation) =>
    withServer(invocation, async (client) => {
      const { terminal, arguments: names, options } = invocation;
      if (options.watch || options.jsonl) return watchJob(client, invocation);
      const job = await client.job(names[0]!);
      if (options.json) printJson(jobJson(job), terminal);
      else if (options.quiet) terminal.out(`${job.jobId}\n`);
      else terminal.out(columns(jobFacts(job)));
      return EXIT.ok;
    }),
};
