import type { Command } from '../command.ts';
import { TOP_OPTION } from '../options.ts';
import { ENDPOINT_OPTION, type ServerOptions, withServer } from '../server.ts';
import { showJobResults } from '../show-job-results.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

interface ResultsOptions extends ServerOptions {
  readonly top: number;
}

export const results: Command<ResultsOptions> = {
  name: 'results',
  summary: 'Show the counts of a job that is DONE',
  notes: ['With --json: what REST answers under /results, with its state and, if it is not DONE, its error.'],
  arguments: [JOB_ARGUMENT],
  options: [TOP_OPTION, ENDPOINT_OPTION],
  examples: ['results job_0192f0c1a2b37c4d8e5f60718293a4b5 --json'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const shown = { json: options.json === true, top: options.top };
    const answer = await withServer(invocation, (client) => client.results(names[0]!));
    return showJobResults(answer, shown, terminal);
  },
};
