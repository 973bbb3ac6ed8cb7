import { readResults } from '@qfs/circuit';
import { type Client, resultsText, stateName } from '@qfs/client';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type ResultsOptions, showResults } from './show-results.ts';
import type { Terminal } from './terminal.ts';

type JobResults = Awaited<ReturnType<Client['results']>>;

/** Shows the results of a job, or says how else it ended; with `json` as REST answers `/results`. */
export async function showJobResults(
  client: Client,
  jobId: string,
  shown: ResultsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const answer = await client.results(jobId);
  const done = answer.resultsJson.byteLength > 0;
  if (shown.json) terminal.out(`${documentOf(answer)}\n`);
  else if (done) showResults(answer.resultsJson, shown, terminal, await unitOf(client, answer));
  if (done) return EXIT.ok;
  return sayEnd(answer, terminal);
}

/** The unit of what the job minimises, if it does and says so. */
async function unitOf(client: Client, { jobId, resultsJson }: JobResults): Promise<string | undefined> {
  const read = readResults(resultsJson);
  const searched = read.ok && read.value.items.some(({ optimization }) => optimization !== undefined);
  return searched ? (await client.job(jobId)).metadata.unit : undefined;
}

function documentOf(answer: JobResults): string {
  // Over gRPC the metadata also name the place of the results; REST has a path for that.
  const { qfs_result_ref: _, ...metadata } = answer.metadata;
  const results = answer.resultsJson.byteLength > 0 ? new TextDecoder().decode(answer.resultsJson) : null;
  return resultsText(answer.jobId, { ...answer, metadata }, results);
}

/** 0 for DONE; any other end is said and has the exit code of a job that is not DONE. */
export function sayEnd(
  ended: Pick<JobResults, 'jobId' | 'state' | 'errorReason' | 'errorSummary'>,
  terminal: Terminal,
): ExitCode {
  const state = stateName(ended.state);
  if (state === 'DONE') return EXIT.ok;
  const reason = ended.errorReason === '' ? '' : ` (${ended.errorReason})`;
  terminal.talk(`eigen-cli: ${ended.jobId} ended in ${state}${reason}. ${ended.errorSummary}`.trimEnd());
  terminal.talk('\n');
  return EXIT.server;
}
