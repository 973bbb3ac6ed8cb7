import { QfsError } from '@qfs/core';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { choice } from '../options.ts';
import { printJson } from '../print-json.ts';
import { JOB_TEMPLATES, type JobTemplate } from '../submission/job-templates.ts';
import type { Terminal } from '../terminal.ts';

interface JobInitOptions {
  readonly kind: JobTemplate;
}

const KINDS = Object.keys(JOB_TEMPLATES) as JobTemplate[];

export const jobInit: Command<JobInitOptions> = {
  notes: ['Writes a job.yaml and the program that it names, which run as they are. Nothing is overwritten.'],
  arguments: [{ name: 'folder', help: 'where to write; made if it is not there', completes: 'files' }],
  options: [
    {
      flags: '--kind <kind>',
      help: KINDS.map((kind) => `${kind}: ${JOB_TEMPLATES[kind].help}`).join('; '),
      preset: 'circuit',
      parse: choice('--kind', KINDS),
      completes: KINDS,
    },
  ],
  examples: ['job init my-circuit', 'job init my-vqe --kind vqe'],
  async run({ terminal, arguments: [folder], options: { json = false, kind } }) {
    if (folder === '') throw new QfsError('REQUEST_INVALID', 'The folder has no name; write . for this one.');
    const base = folder!.replace(/(?<=.)[/\\]+$/, '');
    const files = Object.entries(JOB_TEMPLATES[kind].files).map(
      ([name, text]) => [`${base}/${name}`, text] as const,
    );
    for (const [path] of files) await refuseIfThere(path, terminal);
    for (const [path, text] of files) await create(path, text, terminal);
    if (json) printJson({ files: files.map(([path]) => path) }, terminal);
    else {
      for (const [path] of files) terminal.out(`${path}\n`);
      const job = `--job ${base}/job.yaml`;
      terminal.note(
        `Run it here with "eigen-cli run ${job}", on a server with "eigen-cli submit ${job} --watch".\n`,
      );
    }
    return EXIT.ok;
  },
};

async function refuseIfThere(path: string, terminal: Terminal): Promise<void> {
  const isThere = await terminal.realPath(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new QfsError('REQUEST_INVALID', `${path} is there already; name another folder.`);
}

async function create(path: string, text: string, terminal: Terminal): Promise<void> {
  try {
    await terminal.create(path, text);
  } catch (cause) {
    throw new QfsError('REQUEST_INVALID', `${path} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  }
}
