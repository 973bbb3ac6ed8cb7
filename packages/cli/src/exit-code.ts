import type { QfsError } from '@qfs/core';

/** Exit codes of every command; the finer reason is the error code, with `--json` as a field. */
export const EXIT = {
  ok: 0,
  /** What was typed, or the program, is wrong. */
  user: 2,
  /** The server cannot be reached, or did not answer in time. */
  network: 3,
  /** The server failed, or the job did not end in DONE. */
  server: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that repeats until the request is changed is the user's; the rest is the network's or the server's. */
export function exitCodeOf({ row }: QfsError): ExitCode {
  if (row.grpc === 'UNAVAILABLE' || row.grpc === 'DEADLINE_EXCEEDED') return EXIT.network;
  return row.http < 500 && !row.retryable && row.grpc !== 'CANCELLED' ? EXIT.user : EXIT.server;
}
