import { jobJson } from '@qfs/client';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { followJob } from '../follow-job.ts';
import { duration } from '../options.ts';
import { printJson } from '../print-json.ts';
import { ENDPOINT_OPTION, type ServerOptions, withServer } from '../server.ts';
import { sayEnd } from '../show-job-results.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

interface WatchOptions extends ServerOptions {
  readonly timeout?: number;
}

export const watch: Command<WatchOptions> = {
  name: 'watch',
  summary: 'Follow a job to its end',
  arguments: [JOB_ARGUMENT],
  options: [
    { flags: '--timeout <time>', help: 'follow no longer than this', parse: duration('--timeout') },
    ENDPOINT_OPTION,
  ],
  examples: ['watch job_0192f0c1a2b37c4d8e5f60718293a4b5 --timeout 5m'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const timeout = options.timeout === undefined ? {} : { timeoutMs: options.timeout };
    return withServer(invocation, async (client) => {
      // Asked first, so that a server that is not there is said at once and not tried again.
      await client.job(names[0]!);
      const followed = await followJob(client, names[0]!, { verbose: true, ...timeout }, terminal);
      if ('interrupted' in followed) return EXIT.interrupted;
      if (options.json) printJson(jobJson(followed.job), terminal);
      return sayEnd(followed.job, terminal);
    });
  },
};
