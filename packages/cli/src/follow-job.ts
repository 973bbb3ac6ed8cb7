import { type Client, stateName, TERMINAL_STATES, timeJson } from '@qfs/client';
import { QfsError } from '@qfs/core';
import type { Job } from './job-facts.ts';
import type { Terminal } from './terminal.ts';

type Update = Client['updates'] extends (...parameters: never[]) => AsyncIterable<infer U> ? U : never;

export interface FollowOptions {
  /** Show every event, not only that the command waits. */
  readonly verbose: boolean;
  readonly timeoutMs?: number;
}

/** How waiting ended: with the job, or with Ctrl-C. */
export type Followed = { readonly job: Job } | { readonly interrupted: true };

/** Waits for a job's end. The job does not notice that somebody waits, or stops waiting. */
export async function followJob(
  client: Client,
  jobId: string,
  { timeoutMs, verbose }: FollowOptions,
  terminal: Terminal,
): Promise<Followed> {
  const interrupt = new AbortController();
  const stopListening = terminal.onInterrupt(() => interrupt.abort());
  const expiry = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const signal = expiry === undefined ? interrupt.signal : AbortSignal.any([interrupt.signal, expiry]);
  const later = `it goes on; ask later with "eigen-cli status ${jobId}"`;
  try {
    for await (const update of client.updates(jobId, { signal })) {
      showUpdate(update, verbose, terminal);
      if (TERMINAL_STATES.has(update.state)) break;
    }
  } catch (thrown) {
    if (interrupt.signal.aborted) {
      terminal.talk(`\n${jobId} was not cancelled: ${later}.\n`);
      return { interrupted: true };
    }
    if (expiry?.aborted !== true) throw thrown;
    throw new QfsError('DEADLINE_EXCEEDED', `${jobId} has not ended within ${timeoutMs} ms; ${later}.`);
  } finally {
    stopListening();
  }
  return { job: await client.job(jobId) };
}

/** On a terminal one line rewrites itself; elsewhere only who asked for events gets them. */
function showUpdate(update: Update, verbose: boolean, terminal: Terminal): void {
  const { message, state, stage, timestamp } = update;
  const detail = message || stage;
  if (verbose) {
    terminal.talk(`${timeJson(timestamp) ?? ''}  ${stateName(state).padEnd(9)}  ${detail}`.trimEnd());
    terminal.talk('\n');
  } else if (terminal.interactive) {
    terminal.talk(`\r\u001b[K${TERMINAL_STATES.has(state) ? '' : `${stateName(state)} ${detail}`}`);
  }
}
