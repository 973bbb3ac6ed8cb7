import { jobDocumentSchema } from '@qfs/jobspec';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { choice } from '../options.ts';

const VERSIONS = ['v1', 'v0.1'] as const;

export const jobSchema: Command = {
  notes: ['Editors check a job.yaml while it is written if they are given the schema.'],
  arguments: [
    { name: 'version', help: `${VERSIONS.join(' or ')} (default: v1)`, optional: true, completes: VERSIONS },
  ],
  options: [],
  examples: ['job schema', 'job schema v0.1 > job-v0.1.schema.json'],
  async run({ terminal, arguments: [version = 'v1'] }) {
    terminal.out(`${JSON.stringify(jobDocumentSchema(choice('The version', VERSIONS)(version)), null, 2)}\n`);
    return EXIT.ok;
  },
};
