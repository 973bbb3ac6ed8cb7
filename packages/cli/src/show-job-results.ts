import { type Client, resultsText, stateName } from '@qfs/client';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type ResultsOptions, showResults } from './show-results.ts';
import type { Terminal } from './terminal.ts';

type JobResults = Awaited<ReturnType<Client['results']>>;

/** Shows results, or says how else the job ended; with `json` as REST answers `/results`. */
export function showJobResults(answer: JobResults, shown: ResultsOptions, terminal: Terminal): ExitCode {
  const done = answer.resultsJson.byteLength > 0;
  if (shown.json) terminal.out(`${documentOf(answer)}\n`);
  else if (done) showResults(answer.resultsJson, shown, terminal);
  if (done) return EXIT.ok;
  return sayEnd(answer, terminal);
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
