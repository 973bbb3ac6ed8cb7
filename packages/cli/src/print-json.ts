import { stringifyJson } from '@qfs/core/json';
import type { Terminal } from './terminal.ts';

/** Prints one document as one line: where REST has the same, its very bytes. */
export const printJson = (document: object, terminal: Terminal): void =>
  terminal.out(`${stringifyJson(document)}\n`);
