import { type Client, rationaleJson } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command, Invocation } from '../command.ts';
import { compile } from '../compile.ts';
import { reportJson, reportText } from '../compile-report.ts';
import { compileWishes, TARGET_OPTIONS, type TargetOptions } from '../device/target.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { DIALECT_OPTION, type DialectOptions } from '../options.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { JOB_FILE_OPTION, programOf } from '../submission/program-of.ts';

interface ExplainOptions extends DialectOptions, TargetOptions {
  readonly job?: string;
}

const JOB_ID = /^job_[0-9a-f]{32}$/;

export const explain: Command<ExplainOptions> = {
  notes: [
    'Of a job: the rules that put it there, the facts they looked at, and what the compiler did.',
    'Of a program, without a server: what each pass does to its depth and its gates.',
  ],
  arguments: [
    {
      name: 'what',
      help: 'id of the job, or a program as for "compile"',
      optional: true,
      completes: 'files',
    },
  ],
  options: [JOB_FILE_OPTION, ...TARGET_OPTIONS, DIALECT_OPTION],
  asksServer: true,
  examples: [
    'explain job_0192f0c1a2b37c4d8e5f60718293a4b5',
    'explain examples/qft.qasm -O 3 --target heavy-hex-27',
  ],
  async run(invocation) {
    const {
      terminal,
      arguments: [what],
      options,
    } = invocation;
    if (what !== undefined && JOB_ID.test(what)) {
      return withServer(invocation, (client) => explainJob(client, what, invocation));
    }
    const { dialect, job, json = false } = options;
    const source = await programOf({ file: what, job, dialect }, terminal);
    const wishes = await compileWishes(options, terminal, source.target);
    const { report } = compile(source, terminal, json, wishes);
    if (json) printJson({ report: reportJson(report) }, terminal);
    else terminal.out(reportText(report));
    return EXIT.ok;
  },
};

async function explainJob(
  client: Client,
  jobId: string,
  { options, terminal }: Invocation<ExplainOptions>,
): Promise<ExitCode> {
  const rationale = await client.rationale(jobId);
  if (options.json) {
    printJson(rationaleJson(jobId, rationale), terminal);
    return EXIT.ok;
  }
  const rows: [string, string][] = [
    ['device', rationale.selectedBackend],
    ['queue', rationale.selectedQueue],
    ['policy', rationale.policyVersion],
    ...rationale.reasonCodes.map((code): [string, string] => ['rule', code]),
    ...Object.entries(rationale.attributes),
    ['trace', rationale.traceId],
  ];
  terminal.out(columns(rows.filter(([, value]) => value !== '')));
  for (const { name } of await client.artifacts(jobId)) {
    if (!REPORT.test(name)) continue;
    const item = name.slice(0, -'compile.json'.length);
    terminal.out(`\n${item === '' ? '' : `${item}\n`}${reportText(await client.artifact(jobId, name))}`);
  }
  return EXIT.ok;
}

/** Of the job, or of each item of a batch. */
const REPORT = /^(?:items\/\d+\/)?compile\.json$/;
