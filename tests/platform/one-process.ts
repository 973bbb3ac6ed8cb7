import { AS_PROCESSES } from './platform.ts';

/** What is proved over one process alone, and why a process for each role cannot show it. */
const REASONS = {
  'one trace of system calls':
    'the write and the answer must stand in one trace; over processes they are calls of two, whose order no trace tells',
} as const;

/** For `test(…, { skip })`: why this does not run while every role is a process of its own. */
export const overOneProcess = (what: keyof typeof REASONS): string | false =>
  AS_PROCESSES ? `${what}: ${REASONS[what]}` : false;
