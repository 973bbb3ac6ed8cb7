import { QfsError } from '@qfs/core';
import { type ExitCode, exitCodeOf } from './exit-code.ts';
import { printJson } from './print-json.ts';
import { requestIdOf } from './request-id.ts';
import type { Terminal } from './terminal.ts';

/** How failures are told. */
export interface Failure {
  readonly terminal: Terminal;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly debug?: boolean;
}

/** One sentence with the remedy; with `--json` the same as a document where the data would have been. */
export async function fail(thrown: unknown, { terminal, json, verbose, debug }: Failure): Promise<ExitCode> {
  const error = QfsError.from(thrown);
  const exitCode = exitCodeOf(error);
  // Anything but a QfsError is a bug of this program, and its stack is what a report needs.
  const own = error !== thrown;
  const detail = own ? 'Something broke inside; please report the lines below.' : error.message;
  const requestId = requestIdOf(error);
  if (json) {
    // Loaded where it is needed: most of the time before the first answer goes into loading rooms.
    const { problemJson } = await import('@qfs/client');
    const problem = problemJson(error, { detail, ...(requestId !== undefined && { requestId }) });
    printJson({ ...problem, exit_code: exitCode }, terminal);
  } else terminal.talk(`eigen-cli: ${detail}\n${verbose ? details(error, requestId) : ''}`);
  if (debug || own) terminal.talk(`${(thrown as Error).stack}\n`);
  return exitCode;
}

/** What else is known of a failure, a fact per line. */
function details(error: QfsError, requestId: string | undefined): string {
  const { grpc, http, retryable, title } = error.row;
  const facts = [
    ['code', `${error.code} (${grpc}, HTTP ${http}): ${title}`],
    ['retry', retryable ? 'the same may succeed later' : 'the same will fail again'],
    ...(error.retryAfterMs === undefined ? [] : [['wait', `${error.retryAfterMs} ms`]]),
    ...(requestId === undefined ? [] : [['request', requestId]]),
    ...error.violations.map(({ field, description }) => ['place', `${field}: ${description}`]),
    ...Object.entries(error.metadata).map(([name, value]) => [name, value]),
    // An error that came over the wire has itself as its cause.
    ...(error.cause instanceof Error && !error.cause.message.endsWith(error.message)
      ? [['cause', error.cause.message]]
      : []),
  ];
  return facts.map(([name, value]) => `  ${name!.padEnd(7)} ${value}\n`).join('');
}
