import { artifactJson } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

export const artifacts: Command = {
  arguments: [JOB_ARGUMENT],
  options: [],
  asksServer: true,
  examples: ['artifacts job_0192f0c1a2b37c4d8e5f60718293a4b5'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const listed = await withServer(invocation, (client) => client.artifacts(names[0]!));
    if (options.json) {
      printJson({ artifacts: listed.map((artifact) => artifactJson(names[0]!, artifact)) }, terminal);
      return EXIT.ok;
    }
    if (options.quiet) {
      terminal.out(listed.map(({ name }) => `${name}\n`).join(''));
      return EXIT.ok;
    }
    const rows = listed.map(({ hash, name, size }) => [name, `${size}`, hash]);
    terminal.out(columns([['NAME', 'BYTES', 'HASH'], ...rows]));
    return EXIT.ok;
  },
};
