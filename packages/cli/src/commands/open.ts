import type { Client } from '@qfs/client';
import { QfsError } from '@qfs/core';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import type { Settings } from '../settings/load.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

/** Where a server has its page unless it was told otherwise. */
const PAGE_PORT = '8000';

export const open: Command = {
  notes: ['The page is at port 8000 of the host of the endpoint, unless --web or EIGEN_WEB says otherwise.'],
  arguments: [JOB_ARGUMENT],
  options: [],
  asksServer: true,
  examples: ['open job_0192f0c1a2b37c4d8e5f60718293a4b5'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const url = await withServer(invocation, (client, settings) => pageOf(client, settings, names[0]!));
    if (options.json) printJson({ job_id: names[0], url }, terminal);
    else terminal.out(`${url}\n`);
    return EXIT.ok;
  },
};

/** The server is asked first: an address of a job that is not there would show an error page later. */
async function pageOf(client: Client, { entries }: Settings, jobId: string): Promise<string> {
  await client.job(jobId);
  const given = entries.get('web')?.value as string | undefined;
  if (given !== undefined) return `${given}/#/jobs/${jobId}`;
  const page = URL.parse(entries.get('endpoint')!.value as string);
  if (page === null) throw new QfsError('REQUEST_INVALID', 'Name the address of the page with --web.');
  page.port = PAGE_PORT;
  return `${page.origin}/#/jobs/${jobId}`;
}
