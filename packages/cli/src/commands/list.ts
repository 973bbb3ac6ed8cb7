import { type Client, jobJson, jobStateOf, STATE_NAMES, stateName, timeJson } from '@qfs/client';
import { JOBS_PAGE_MAX, nearestName, QfsError } from '@qfs/core';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { wholeNumber } from '../options.ts';
import { printJson } from '../print-json.ts';
import { ENDPOINT_OPTION, type ServerOptions, withServer } from '../server.ts';

type Filter = NonNullable<Parameters<Client['list']>[0]>;

interface ListOptions extends ServerOptions {
  readonly cursor?: string;
  readonly limit: number;
  readonly state?: Filter['states'];
}

function statesOf(text: string): Filter['states'] {
  return text.split(',').map((name) => {
    const state = jobStateOf(name.trim());
    if (state !== undefined) return state;
    const nearest = nearestName(name.trim(), STATE_NAMES);
    const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    throw new QfsError(
      'REQUEST_INVALID',
      `--state is "${name}"; states are ${STATE_NAMES.join(', ')}.${hint}`,
    );
  });
}

export const list: Command<ListOptions> = {
  name: 'list',
  summary: 'List jobs, newest first',
  arguments: [],
  options: [
    { flags: '--state <names>', help: 'only jobs in these states, separated by commas', parse: statesOf },
    {
      flags: '--limit <number>',
      help: 'how many',
      preset: 20,
      parse: wholeNumber('--limit', 1, JOBS_PAGE_MAX),
    },
    { flags: '--cursor <text>', help: 'where the page before ended' },
    ENDPOINT_OPTION,
  ],
  examples: ['list --state RUNNING,QUEUED', 'list --limit 100 --json'],
  async run(invocation) {
    const { terminal, options } = invocation;
    const { cursor, limit, state } = options;
    const filter: Filter = { limit, ...(cursor && { cursor }), ...(state && { states: state }) };
    const { jobs, nextCursor } = await withServer(invocation, (client) => client.list(filter));
    if (options.json) {
      printJson({ jobs: jobs.map(jobJson), next_cursor: nextCursor === '' ? null : nextCursor }, terminal);
      return EXIT.ok;
    }
    const rows = jobs.map((job) => [
      job.jobId,
      stateName(job.state),
      timeJson(job.createdAt) ?? '',
      job.name,
    ]);
    terminal.out(columns([['JOB', 'STATE', 'CREATED', 'NAME'], ...rows]));
    if (nextCursor !== '') terminal.talk(`More with --cursor ${nextCursor}\n`);
    return EXIT.ok;
  },
};
