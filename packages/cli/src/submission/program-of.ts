import { QfsError } from '@qfs/core';
import type { OptionRow } from '../command.ts';
import type { Dialect } from '../options.ts';
import { readSource, type SourceFile } from '../source-file.ts';
import type { Terminal } from '../terminal.ts';
import { readJobFile } from './submission.ts';

export const JOB_FILE_OPTION: OptionRow = {
  flags: '-f, --job <file>',
  help: 'take the program of this job.yaml',
  completes: 'files',
};

/** The one program that is meant: the file, or that of a job.yaml. */
export async function programOf(
  { dialect, file, job }: { readonly file?: string; readonly job?: string; readonly dialect?: Dialect },
  terminal: Terminal,
): Promise<SourceFile> {
  if ((file === undefined) === (job === undefined)) {
    throw new QfsError(
      'REQUEST_INVALID',
      'Give a program, or a job.yaml with --job; not both and not neither.',
    );
  }
  if (job === undefined) return readSource(file!, terminal, dialect);
  const { sources } = await readJobFile(job, terminal);
  if (sources.length === 1) return sources[0]!;
  throw new QfsError(
    'REQUEST_INVALID',
    `${job} has ${sources.length} programs; name the file of one of them.`,
  );
}
