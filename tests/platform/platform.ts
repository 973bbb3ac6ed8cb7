import { type Role, startRoles } from './roles.ts';
import { FREE_PORTS, type RunningServer, startServer } from './server.ts';

export { temporaryDirectory } from './server.ts';

/** The ready line of a started platform (decisions: configuration). */
interface Ready {
  readonly rest: string;
  readonly grpc: string;
  readonly admin: string;
  readonly data_dir: string;
  readonly node_id: string;
}

export interface Platform {
  readonly ready: Ready;
  /** The process that has the role: one for all roles, or one for each. */
  of(role: Role): RunningServer;
  /** What the processes wrote to stderr so far. */
  stderr(): string;
  /** Sends the signal to every process and resolves with exit code or signal name. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

export interface StartOptions {
  readonly dataDir: string;
  readonly args?: readonly string[];
  /** Options of node itself. */
  readonly nodeArgs?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command put in front of node, for example `['strace', '-f', '-o', 'trace']`. */
  readonly under?: readonly string[];
}

/** Set: every role is a process of its own, and processes show each other certificates. */
export const AS_PROCESSES = process.env.QFS_TEST_PROCESSES === '1';

/** Starts a real platform, in one process or one for each role, and waits until it is ready. */
export const startPlatform = (options: StartOptions): Promise<Platform> =>
  AS_PROCESSES ? startRoles(options) : startInOne(options);

/** Starts a platform whose roles are all in one process. */
async function startInOne(options: StartOptions): Promise<Platform> {
  const server = await startServer({
    ...options,
    args: ['--data-dir', options.dataDir, ...FREE_PORTS, ...(options.args ?? [])],
  });
  return {
    ready: server.ready as Ready,
    of: () => server,
    stderr: server.stderr,
    end: server.end,
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

/** One REST call; a body is sent as JSON unless it is a string already. */
export async function call(url: string, method = 'GET', body?: unknown, headers = {}): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: <T>() => JSON.parse(text) as T };
}

/** Polls until `probe` gives a value; fails with `what` after `limitMs`. */
export async function until<T>(
  what: string,
  limitMs: number,
  probe: () => Promise<T | undefined>,
): Promise<T> {
  for (const deadline = Date.now() + limitMs; ; ) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const TERMINAL = ['DONE', 'ERROR', 'CANCELLED', 'TIMEOUT'];

export interface Job {
  readonly job_id: string;
  readonly state: string;
  readonly [key: string]: unknown;
}

/** Waits for a terminal state of a job over REST. */
export const terminalJob = (rest: string, jobId: string, limitMs = 60_000): Promise<Job> =>
  until(`a terminal state of ${jobId}`, limitMs, async () => {
    const job = await jobNow(rest, jobId);
    return TERMINAL.includes(job.state) ? job : undefined;
  });

/** Sends a job to the REST door; `fields` are those of `POST /api/v1/jobs`. Fails unless it was accepted. */
export async function submit(rest: string, fields: Readonly<Record<string, unknown>>): Promise<string> {
  const language = 'items' in fields ? {} : { language: 'openqasm3' };
  const answer = await call(`${rest}/api/v1/jobs`, 'POST', { ...language, ...fields });
  if (answer.status !== 202) throw new Error(`the job was not accepted: ${answer.text}`);
  return answer.json<Job>().job_id;
}

/** The job as it is now. */
export const jobNow = async (rest: string, jobId: string): Promise<Job> =>
  (await call(`${rest}/api/v1/jobs/${jobId}`)).json<Job>();

/** Waits until a job has got to one of the states. */
export const jobIn = (rest: string, jobId: string, ...states: readonly string[]): Promise<Job> =>
  until(`${states.join(' or ')} of ${jobId}`, 60_000, async () => {
    const job = await jobNow(rest, jobId);
    if (TERMINAL.includes(job.state) && !states.includes(job.state)) {
      throw new Error(`${jobId} ended: ${JSON.stringify(job)}`);
    }
    return states.includes(job.state) ? job : undefined;
  });
