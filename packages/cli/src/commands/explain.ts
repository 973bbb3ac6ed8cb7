import { rationaleJson } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

export const explain: Command = {
  notes: ['The rules that put the job where it is, and the facts they looked at: queue, slots, attempts.'],
  arguments: [JOB_ARGUMENT],
  options: [],
  asksServer: true,
  examples: ['explain job_0192f0c1a2b37c4d8e5f60718293a4b5'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const rationale = await withServer(invocation, (client) => client.rationale(names[0]!));
    if (options.json) {
      printJson(rationaleJson(names[0]!, rationale), terminal);
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
    return EXIT.ok;
  },
};
