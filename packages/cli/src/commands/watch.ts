import { type Client, jobJson } from '@qfs/client';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { followJob } from '../follow-job.ts';
import { PLAIN_OPTION, TIMEOUT_OPTION } from '../options.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { sayEnd } from '../show-job-results.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

export interface WatchOptions {
  readonly plain?: boolean;
  readonly timeout?: number;
}

export const watch: Command<WatchOptions> = {
  notes: [
    'Every event is a line: of text on the standard error, with --jsonl of JSON on the standard output.',
    'Of a hybrid job the energy of each iteration is shown, on a terminal as a plot.',
  ],
  arguments: [JOB_ARGUMENT],
  options: [PLAIN_OPTION, TIMEOUT_OPTION],
  asksServer: true,
  streams: true,
  examples: [
    'watch job_0192f0c1a2b37c4d8e5f60718293a4b5 --timeout 5m',
    'watch job_0192f0c1a2b37c4d8e5f60718293a4b5 --jsonl',
  ],
  run: (invocation) => withServer(invocation, (client) => watchJob(client, invocation)),
};

/** Follows the job that is named to its end, showing every event. */
export async function watchJob(
  client: Client,
  { arguments: [jobId], options, terminal }: Invocation<WatchOptions>,
): Promise<ExitCode> {
  // Asked first, so that a server that is not there is said at once and not tried again.
  await client.job(jobId!);
  const events = options.jsonl ? 'jsonl' : 'text';
  const { plain = false, timeout } = options;
  const shown = { events, plain, ...(timeout !== undefined && { timeoutMs: timeout }) } as const;
  const followed = await followJob(client, jobId!, shown, terminal);
  if ('interrupted' in followed) return EXIT.interrupted;
  if (options.json && !options.jsonl) printJson(jobJson(followed.job), terminal);
  else if (options.quiet) terminal.out(`${jobId}\n`);
  return sayEnd(followed.job, terminal);
}
