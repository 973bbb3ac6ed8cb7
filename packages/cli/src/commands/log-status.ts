import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { statusDocument, statusRows } from '../log/status.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';

export const logStatus: Command = {
  notes: ['Who writes the log, where it stands, its newest checkpoint and the roots of the state.'],
  arguments: [],
  options: [],
  asksServer: true,
  examples: ['log status'],
  async run(invocation) {
    const { terminal, options } = invocation;
    const status = await withServer(invocation, (client) => client.log.status());
    if (options.json) printJson(statusDocument(status), terminal);
    else if (options.quiet) terminal.out(`${status.appliedIndex}\n`);
    else terminal.out(columns(statusRows(status)));
    return EXIT.ok;
  },
};
