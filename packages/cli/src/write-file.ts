import { QfsError } from '@qfs/core';
import type { OptionRow } from './command.ts';
import type { Terminal } from './terminal.ts';

export const OUTPUT_OPTION: OptionRow = {
  flags: '-o, --out <file>',
  help: 'write it there (default: the standard output)',
  completes: 'files',
};

/** Makes a file of this text, or replaces it. */
export async function writeFile(path: string, text: string, terminal: Terminal): Promise<void> {
  try {
    await terminal.write(path, text);
  } catch (cause) {
    throw new QfsError('REQUEST_INVALID', `${path} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  }
}
