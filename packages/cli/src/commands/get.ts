import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

export const get: Command = {
  arguments: [JOB_ARGUMENT, { name: 'name', help: 'name of the artifact, for example compiled.qasm' }],
  options: [],
  asksServer: true,
  examples: ['get job_0192f0c1a2b37c4d8e5f60718293a4b5 compiled.qasm > compiled.qasm'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const [jobId, name] = names;
    const bytes = await withServer(invocation, (client) => client.artifact(jobId!, name!));
    const data = Buffer.from(bytes).toString('base64');
    if (options.json) printJson({ job_id: jobId, name, size: bytes.byteLength, data_base64: data }, terminal);
    else terminal.out(bytes);
    return EXIT.ok;
  },
};
