import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { endOf } from '../follow-job.ts';
import { jobDocument } from '../job-document.ts';
import { TOP_OPTION } from '../options.ts';
import { ENDPOINT_OPTION, type ServerOptions, withServer } from '../server.ts';
import { showResults } from '../show-results.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

interface ResultsOptions extends ServerOptions {
  readonly top: number;
}

export const results: Command<ResultsOptions> = {
  name: 'results',
  summary: 'Show the counts of a job that is DONE',
  notes: ['With --json: the bytes of results.json.'],
  arguments: [JOB_ARGUMENT],
  options: [TOP_OPTION, ENDPOINT_OPTION],
  examples: ['results job_0192f0c1a2b37c4d8e5f60718293a4b5 --json'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const json = options.json === true;
    return withServer(invocation, async (client) => {
      // Refused before the end of the job, so what follows is about a job that ended.
      const { resultsJson } = await client.results(names[0]!);
      if (resultsJson.byteLength > 0) {
        showResults(resultsJson, { json, top: options.top }, terminal);
        return EXIT.ok;
      }
      const job = await client.job(names[0]!);
      if (json) terminal.out(`${JSON.stringify(jobDocument(job), null, 2)}\n`);
      return endOf(job, terminal);
    });
  },
};
