import { acceptedJson } from '@qfs/client';
import { JOB_NAME_CHARS_MAX, PRIORITY_DEFAULT, PRIORITY_MAX, PRIORITY_MIN, QfsError } from '@qfs/core';
import type { Command, Invocation } from '../command.ts';
import { showDiagnostics } from '../compile.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { followJob } from '../follow-job.ts';
import { INPUT_OPTION, type Inputs, inputMessages } from '../inputs.ts';
import {
  DIALECT_OPTION,
  type DialectOptions,
  duration,
  SEED_OPTION,
  SHOTS_OPTION,
  TOP_OPTION,
  wholeNumber,
} from '../options.ts';
import { printJson } from '../print-json.ts';
import { ENDPOINT_OPTION, type ServerOptions, withServer } from '../server.ts';
import { showJobResults } from '../show-job-results.ts';
import { readSource, SOURCE_ARGUMENT } from '../source-file.ts';

interface SubmitOptions extends ServerOptions, DialectOptions {
  readonly input?: Inputs;
  readonly idempotencyKey?: string;
  readonly name?: string;
  readonly priority: number;
  readonly seed?: number;
  readonly shots: number;
  readonly target: string;
  readonly timeout?: number;
  readonly top: number;
  readonly wait?: boolean;
  readonly watch?: boolean;
}

export const submit: Command<SubmitOptions> = {
  name: 'submit',
  summary: 'Hand a circuit to a server, which keeps it and its results',
  notes: ['Prints the id of the job; with --wait or --watch its results.'],
  arguments: [SOURCE_ARGUMENT],
  options: [
    SHOTS_OPTION,
    SEED_OPTION,
    INPUT_OPTION,
    { flags: '--name <text>', help: 'what to call the job (default: the name of the file)' },
    { flags: '--target <device>', help: 'where to run it', preset: 'sim:local' },
    {
      flags: '--priority <number>',
      help: `from ${PRIORITY_MIN} to ${PRIORITY_MAX}; higher runs first`,
      preset: PRIORITY_DEFAULT,
      parse: wholeNumber('--priority', PRIORITY_MIN, PRIORITY_MAX),
    },
    {
      flags: '--idempotency-key <text>',
      help: 'the same key is the same job, however often it is submitted',
    },
    { flags: '--wait', help: 'wait for the end and show the results' },
    { flags: '--watch', help: 'the same, and show every event' },
    {
      flags: '--timeout <time>',
      help: 'wait no longer than this, for example 60s',
      parse: duration('--timeout'),
    },
    TOP_OPTION,
    DIALECT_OPTION,
    ENDPOINT_OPTION,
  ],
  examples: [
    'submit circuit.qasm --shots 1000 --wait',
    'submit circuit.qasm --name bell --priority 80',
    'submit - --watch < circuit.qasm',
  ],
  run: submitAndFollow,
};

async function submitAndFollow(invocation: Invocation<SubmitOptions>): Promise<ExitCode> {
  const { terminal, arguments: names, options } = invocation;
  const source = await readSource(names[0]!, terminal, options.dialect);
  const name = options.name ?? (names[0] === '-' ? 'stdin' : fileName(names[0]!));
  if (name.length > JOB_NAME_CHARS_MAX) {
    throw new QfsError(
      'REQUEST_INVALID',
      `--name has ${name.length} characters; at most ${JOB_NAME_CHARS_MAX}.`,
    );
  }
  const item = {
    language: source.language,
    program: new TextEncoder().encode(source.text),
    shots: options.shots,
    inputs: inputMessages(options.input ?? new Map()),
  };
  const { idempotencyKey, seed } = options;
  return withServer(invocation, async (client) => {
    const { jobId, status } = await client
      .submit(
        {
          name,
          target: options.target,
          priority: options.priority,
          items: [item],
          ...(seed === undefined ? {} : { seed: BigInt(seed) }),
        },
        idempotencyKey === undefined ? {} : { idempotencyKey },
      )
      .catch((thrown: unknown) => {
        if (!options.json) showDiagnostics(source, QfsError.from(thrown).diagnostics, terminal);
        throw thrown;
      });
    if (options.wait !== true && options.watch !== true) {
      if (options.json) printJson(acceptedJson({ jobId, createdAt: status?.createdAt }), terminal);
      else terminal.out(`${jobId}\n`);
      return EXIT.ok;
    }
    terminal.talk(`${jobId}\n`);
    const verbose = options.watch === true;
    const timeout = options.timeout === undefined ? {} : { timeoutMs: options.timeout };
    const followed = await followJob(client, jobId, { verbose, ...timeout }, terminal);
    if ('interrupted' in followed) return EXIT.interrupted;
    const shown = { json: options.json === true, top: options.top };
    return showJobResults(await client.results(jobId), shown, terminal);
  });
}

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
