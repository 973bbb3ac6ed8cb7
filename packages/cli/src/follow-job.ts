import {
  type Client,
  type Job,
  type JobUpdate,
  stateName,
  TERMINAL_STATES,
  timeJson,
  updateJson,
} from '@qfs/client';
import { QfsError } from '@qfs/core';
import { iterationText, LoopPlot } from './loop/loop-view.ts';
import { printJson } from './print-json.ts';
import { startProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { inAbout } from './time-span.ts';

export interface FollowOptions {
  /** What becomes of every event: a line for people, a line of JSON, or nothing. */
  readonly events: 'text' | 'jsonl' | 'none';
  /** A line for each iteration of a loop, where a terminal would show a plot. */
  readonly plain?: boolean;
  readonly timeoutMs?: number;
}

/** How waiting ended: with the job, or with Ctrl-C. */
export type Followed = { readonly job: Job } | { readonly interrupted: true };

/** How often the place in the queue is asked for while somebody watches. */
const POSITION_MS = 2000;

/** Waits for a job's end. The job does not notice that somebody waits, or stops waiting. */
export async function followJob(
  client: Client,
  jobId: string,
  { events, plain = false, timeoutMs }: FollowOptions,
  terminal: Terminal,
): Promise<Followed> {
  const interrupt = new AbortController();
  const stopListening = terminal.onInterrupt(() => interrupt.abort());
  const expiry = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const signal = expiry === undefined ? interrupt.signal : AbortSignal.any([interrupt.signal, expiry]);
  const later = `it goes on; ask later with "eigen-cli status ${jobId}"`;
  const view = startView(client, jobId, { events, plain }, terminal);
  try {
    for await (const update of client.updates(jobId, { signal })) {
      view.update(update);
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
    view.end();
    stopListening();
  }
  return { job: await client.job(jobId) };
}

function eventLine(update: JobUpdate): string {
  const { state, timestamp } = update;
  return `${`${timeJson(timestamp) ?? ''}  ${stateName(state).padEnd(9)}  ${eventText(update)}`.trimEnd()}\n`;
}

const eventText = ({ iteration, message, stage }: JobUpdate): string =>
  iteration === undefined ? message || stage : iterationText(iteration);

/**
 * What is seen of the events: each as a line or as JSON if that was asked for, and on a terminal the newest
 * one, the place in the queue while the job is QUEUED, and the iterations of a loop as a plot.
 */
function startView(client: Client, jobId: string, { events, plain }: FollowOptions, terminal: Terminal) {
  const progress = startProgress(terminal);
  const plot = events === 'text' && terminal.interactive && !plain ? new LoopPlot(terminal) : undefined;
  let newest = '';
  let queued = false;
  const ask = async (): Promise<void> => {
    if (!queued) return;
    const place = queuePlace(await client.job(jobId));
    if (queued && place !== '') progress.say(`${newest} ${place}`);
  };
  // A question that fails is asked again; what matters is told by the stream.
  const timer = terminal.interactive
    ? setInterval(() => void ask().catch(() => undefined), POSITION_MS)
    : undefined;
  timer?.unref();
  return {
    update(update: JobUpdate): void {
      const state = stateName(update.state);
      newest = `${state} ${eventText(update)}`.trimEnd();
      queued = state === 'QUEUED';
      if (events === 'jsonl') printJson(updateJson(update), terminal);
      if (events === 'text') progress.pause();
      if (plot !== undefined && update.iteration !== undefined) {
        plot.add(update.iteration);
        return;
      }
      plot?.rest();
      if (events === 'text') terminal.note(eventLine(update));
      progress.say(newest);
    },
    end(): void {
      queued = false;
      clearInterval(timer);
      plot?.rest();
      progress.end();
    },
  };
}

/** `place 3 of the queue, starts in about 12 s`; empty for a job that does not wait. */
export function queuePlace(job: Job, nowMs = Date.now()): string {
  if (job.positionInQueue === 0) return '';
  const place = `place ${job.positionInQueue} of the queue`;
  const start = job.estimatedStartTime;
  if (start === undefined) return place;
  const waitMs = Number(start.seconds) * 1000 - nowMs;
  return `${place}, starts ${inAbout(waitMs)}`;
}
