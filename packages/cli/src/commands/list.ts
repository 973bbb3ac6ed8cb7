import {
  type Client,
  type Job,
  jobJson,
  jobStateOf,
  STATE_NAMES,
  stateName,
  timeJson,
  timestampFromMs,
} from '@qfs/client';
import { JOBS_PAGE_MAX, nearestName, QfsError } from '@qfs/core';
import { columns } from '../columns.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { repeated, timeSpan, wholeNumber } from '../options.ts';
import { printJson } from '../print-json.ts';
import { startProgress } from '../progress.ts';
import { withServer } from '../server.ts';

type Filter = NonNullable<Parameters<Client['list']>[0]>;

interface ListOptions {
  readonly all?: boolean;
  readonly cursor?: string;
  readonly deleted?: boolean;
  readonly limit: number;
  readonly name?: string;
  readonly parent?: string;
  readonly since?: number;
  readonly state?: Filter['states'];
  readonly tag?: readonly string[];
  readonly target?: string;
}

const SINCE_MS_MAX = 100 * 365 * 86_400_000;

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

/** How long ago, or a moment as RFC 3339 writes it; as a moment in milliseconds. */
function momentOf(text: string): number {
  const momentMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(momentMs) ? Date.now() - timeSpan('--since', SINCE_MS_MAX)(text) : momentMs;
}

export const list: Command<ListOptions> = {
  arguments: [],
  options: [
    {
      flags: '--state <names>',
      help: 'only jobs in these states, separated by commas',
      parse: statesOf,
      completes: STATE_NAMES,
    },
    {
      flags: '--since <time>',
      help: 'only jobs that were accepted so long ago at most, as 1d, or since 2026-01-31',
      parse: momentOf,
    },
    { flags: '--name <text>', help: 'only jobs of this name' },
    { flags: '--tag <text>', help: 'only jobs with this tag; may be repeated', parse: repeated },
    { flags: '--target <device>', help: 'only jobs for this device' },
    { flags: '--parent <job>', help: 'only jobs that were made of this one' },
    { flags: '--deleted', help: 'the ids of deleted jobs' },
    {
      flags: '--limit <number>',
      help: 'how many',
      preset: 20,
      parse: wholeNumber('--limit', 1, JOBS_PAGE_MAX),
    },
    { flags: '--all', help: 'all of them, page after page' },
    { flags: '--cursor <text>', help: 'where the page before ended' },
  ],
  asksServer: true,
  streams: true,
  examples: ['list --state RUNNING,QUEUED', 'list --since 1d --all', 'list --limit 100 --json'],
  run: (invocation) => withServer(invocation, (client) => showJobs(client, invocation)),
};

function filterOf({ all, deleted, limit, name, parent, since, state, tag, target }: ListOptions): Filter {
  return {
    limit: all ? JOBS_PAGE_MAX : limit,
    ...(state && { states: state }),
    ...(since !== undefined && { since: timestampFromMs(since) }),
    ...(name !== undefined && { name }),
    ...(tag !== undefined && { tags: [...tag] }),
    ...(target !== undefined && { target }),
    ...(parent !== undefined && { parentJobId: parent }),
    ...(deleted && { deleted }),
  };
}

async function showJobs(client: Client, { options, terminal }: Invocation<ListOptions>): Promise<ExitCode> {
  const filter = filterOf(options);
  const progress = startProgress(terminal);
  const found: Job[] = [];
  let cursor = options.cursor ?? '';
  do {
    const page = await client.list({ ...filter, ...(cursor !== '' && { cursor }) });
    if (options.jsonl) for (const job of page.jobs) printJson(jobJson(job), terminal);
    else found.push(...page.jobs);
    cursor = page.nextCursor;
    progress.say(`${found.length} jobs`);
  } while (options.all && cursor !== '');
  progress.end();
  if (options.jsonl) return EXIT.ok;
  if (options.json) {
    printJson({ jobs: found.map(jobJson), next_cursor: cursor === '' ? null : cursor }, terminal);
  } else if (options.quiet) terminal.out(found.map(({ jobId }) => `${jobId}\n`).join(''));
  else terminal.out(tableOf(found));
  if (cursor !== '' && !options.json) terminal.note(`More with --all, or --cursor ${cursor}\n`);
  return EXIT.ok;
}

function tableOf(jobs: readonly Job[]): string {
  const rows = jobs.map((job) => [job.jobId, stateName(job.state), timeJson(job.createdAt) ?? '', job.name]);
  return columns([['JOB', 'STATE', 'CREATED', 'NAME'], ...rows]);
}
