import type { Command } from '../command.ts';
import { TOP_OPTION } from '../options.ts';
import { withServer } from '../server.ts';
import { showJobResults } from '../show-job-results.ts';
import { RESULTS_OPTIONS, type ResultsOptions } from '../show-results.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

export const results: Command<ResultsOptions> = {
  notes: [
    'Of a hybrid job also the energy with its error, the parameters, and how the search ended.',
    'With --json: what REST answers under /results, with its state and, if it is not DONE, its error.',
  ],
  arguments: [JOB_ARGUMENT],
  options: [...RESULTS_OPTIONS, TOP_OPTION],
  asksServer: true,
  examples: [
    'results job_0192f0c1a2b37c4d8e5f60718293a4b5 --sort value_desc --top 8',
    'results job_0192f0c1a2b37c4d8e5f60718293a4b5 --csv > counts.csv',
  ],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    return withServer(invocation, (client) => showJobResults(client, names[0]!, options, terminal));
  },
};
