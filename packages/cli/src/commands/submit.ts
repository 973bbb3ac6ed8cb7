import { acceptedJson, type Client } from '@qfs/client';
import { JOB_NAME_CHARS_MAX, PRIORITY_DEFAULT, PRIORITY_MAX, PRIORITY_MIN, QfsError } from '@qfs/core';
import type { Command, Invocation } from '../command.ts';
import { showDiagnostics } from '../compile.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { followJob } from '../follow-job.ts';
import { INPUT_OPTION } from '../inputs.ts';
import {
  DIALECT_OPTION,
  OPTIMIZATION_OPTION,
  PLAIN_OPTION,
  repeated,
  SEED_OPTION,
  SHOTS_DEFAULT,
  SHOTS_OPTION,
  TIMEOUT_OPTION,
  TOP_OPTION,
  wholeNumber,
} from '../options.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { showJobResults } from '../show-job-results.ts';
import { RESULTS_OPTIONS } from '../show-results.ts';
import { SOURCE_ARGUMENT, type SourceFile } from '../source-file.ts';
import type { ArtifactReader } from '../submission/job-program.ts';
import { DEVICE_OPTION } from '../submission/named-values.ts';
import {
  documentSubmission,
  fileSubmission,
  type Submission,
  type SubmitOptions,
} from '../submission/submission.ts';
import type { Terminal } from '../terminal.ts';

export const submit: Command<SubmitOptions> = {
  notes: [
    'Prints the id of the job; with --wait or --watch its results. Several files are one job, an item each.',
    'What is said here wins over the job.yaml of --job, whose programs are read beside it.',
  ],
  arguments: [{ ...SOURCE_ARGUMENT, name: 'files', optional: true, variadic: true }],
  options: [
    { ...SHOTS_OPTION, preset: undefined, help: `${SHOTS_OPTION.help} (default: ${SHOTS_DEFAULT})` },
    SEED_OPTION,
    INPUT_OPTION,
    { flags: '-f, --job <file>', help: 'a job.yaml instead of programs', completes: 'files' },
    { flags: '--name <text>', help: 'what to call the job (default: the name of the file)' },
    { flags: '--target <device>', help: 'where to run it (default: sim:local)' },
    {
      flags: '--priority <number>',
      help: `from ${PRIORITY_MIN} to ${PRIORITY_MAX}; higher runs first (default: ${PRIORITY_DEFAULT})`,
      parse: wholeNumber('--priority', PRIORITY_MIN, PRIORITY_MAX),
    },
    DEVICE_OPTION,
    OPTIMIZATION_OPTION,
    { flags: '--tag <text>', help: 'to find it by; may be repeated', parse: repeated },
    { flags: '--after <job>', help: 'begin when this job is DONE; may be repeated', parse: repeated },
    { flags: '--reservation <id>', help: 'use the slot that "reserve" holds' },
    {
      flags: '--idempotency-key <text>',
      help: 'the same key is the same job, however often it is submitted',
    },
    { flags: '--wait', help: 'wait for the end and show the results' },
    { flags: '--watch', help: 'the same, and show every event' },
    PLAIN_OPTION,
    TIMEOUT_OPTION,
    ...RESULTS_OPTIONS,
    TOP_OPTION,
    DIALECT_OPTION,
  ],
  asksServer: true,
  streams: true,
  examples: [
    'submit circuit.qasm --shots 1000 --wait',
    'submit examples/*.qasm --name batch --priority 80',
    'submit --job job.yaml --watch',
    'submit - --watch < circuit.qasm',
  ],
  async run(invocation) {
    const { terminal, arguments: files, options } = invocation;
    checkOptions(files, options);
    return withServer(invocation, async (client) => {
      const artifact: ArtifactReader = ({ jobId, name }) => client.artifact(jobId, name);
      const submission =
        options.job === undefined
          ? await fileSubmission(files, options, terminal)
          : await documentSubmission(options.job, options, terminal, artifact);
      return submitAndFollow(client, submission, invocation);
    });
  },
};

function checkOptions(files: readonly string[], options: SubmitOptions): void {
  if ((files.length === 0) === (options.job === undefined)) {
    throw new QfsError(
      'REQUEST_INVALID',
      'Give programs, or a job.yaml with --job; not both and not neither.',
    );
  }
  if (options.name !== undefined && options.name.length > JOB_NAME_CHARS_MAX) {
    throw new QfsError(
      'REQUEST_INVALID',
      `--name has ${options.name.length} characters; at most ${JOB_NAME_CHARS_MAX}.`,
    );
  }
}

async function submitAndFollow(
  client: Client,
  { request, sources }: Submission,
  { options, terminal }: Invocation<SubmitOptions>,
): Promise<ExitCode> {
  const { idempotencyKey } = options;
  const key = idempotencyKey === undefined ? {} : { idempotencyKey };
  const { jobId, status } = await client.submit(request, key).catch((thrown: unknown) => {
    if (!options.json) showRefused(QfsError.from(thrown), sources, terminal);
    throw thrown;
  });
  if (options.wait !== true && options.watch !== true) {
    if (options.json) printJson(acceptedJson({ jobId, createdAt: status?.createdAt }), terminal);
    else terminal.out(`${jobId}\n`);
    return EXIT.ok;
  }
  if (options.quiet) terminal.out(`${jobId}\n`);
  else terminal.note(`${jobId}\n`);
  const events = options.jsonl ? 'jsonl' : options.watch ? 'text' : 'none';
  const { plain = false, timeout } = options;
  const shown = { events, plain, ...(timeout !== undefined && { timeoutMs: timeout }) } as const;
  const followed = await followJob(client, jobId, shown, terminal);
  if ('interrupted' in followed) return EXIT.interrupted;
  const json = options.json === true || options.jsonl === true;
  return showJobResults(client, jobId, { ...options, json }, terminal);
}

/** The findings about the program that was refused; of a batch the item that the server names. */
function showRefused(error: QfsError, sources: readonly SourceFile[], terminal: Terminal): void {
  const [, item = '0'] = /^items\[(\d+)\]/.exec(error.violations[0]?.field ?? '') ?? [];
  const source = sources[Number(item)];
  if (source !== undefined) showDiagnostics(source, error.diagnostics, terminal);
}
