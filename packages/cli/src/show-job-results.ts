import { readResults } from '@qfs/circuit';
import { type Client, resultsText, stateName } from '@qfs/client';
import { benchmarkText } from './benchmark-text.ts';
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
  else if (done) await showDone(client, answer, shown, terminal);
  if (done) return EXIT.ok;
  return sayEnd(answer, terminal);
}

/** The results, with what only the notes of the job tell of them. */
async function showDone(
  client: Client,
  { jobId, resultsJson }: JobResults,
  shown: ResultsOptions,
  terminal: Terminal,
): Promise<void> {
  const read = readResults(resultsJson);
  const items = read.ok ? read.value.items : [];
  const isNoted = items.length > 1 || items.some(({ optimization }) => optimization !== undefined);
  const { unit, workload } = isNoted ? (await client.job(jobId)).metadata : {};
  showResults(resultsJson, shown, terminal, unit);
  if (workload === 'BenchmarkJob' && !shown.csv) terminal.out(benchmarkText(items));
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
