import { QfsError } from '@qfs/core';
import type { OptionRow } from '../command.ts';
import type { Dialect } from '../options.ts';
import { readSource, type SourceFile } from '../source-file.ts';
import type { Terminal } from '../terminal.ts';
import { readJobFile } from './job-file.ts';

export const JOB_FILE_OPTION: OptionRow = {
  flags: '-f, --job <file>',
  help: 'take the program of this job.yaml',
  completes: 'files',
};

/** The one program that is meant: the file, or that of a job.yaml. */
export async function programOf(
  options: {
    readonly file?: string;
    readonly job?: string;
    readonly dialect?: Dialect;
    readonly json?: boolean;
  },
  terminal: Terminal,
): Promise<SourceFile> {
  const { dialect, file, job, json = false } = options;
  if ((file === undefined) === (job === undefined)) {
    throw new QfsError(
      'REQUEST_INVALID',
      'Give a program, or a job.yaml with --job; not both and not neither.',
    );
  }
  if (job === undefined) return readSource(file!, terminal, dialect);
  const { document, items } = await readJobFile(job, terminal, { json });
  // A benchmark has the same program several times.
  if (new Set(document.items).size === 1) return { ...items[0]!.source, target: document.target };
  throw new QfsError('REQUEST_INVALID', `${job} has ${items.length} programs; name the file of one of them.`);
}
