import { type ErrorCode, QfsError } from '@qfs/core';
import type { TerminalState } from '../states.ts';

/** Which end a reason leads to. */
export function endStateOf({ code }: QfsError): TerminalState {
  if (code === 'CANCELLED') return 'CANCELLED';
  return code === 'JOB_TIMEOUT' ? 'TIMEOUT' : 'ERROR';
}

export const cancelled = (message: string): QfsError => new QfsError('CANCELLED', message);

/** The program is not at fault, so the same job may well succeed later. */
export const isDeadLetter = (code: ErrorCode): boolean =>
  code === 'ATTEMPTS_EXHAUSTED' || code === 'EXECUTION_LOST';

export const exhausted = (last: QfsError, attemptsMax: number): QfsError =>
  new QfsError(
    'ATTEMPTS_EXHAUSTED',
    `All ${attemptsMax} attempts failed, the last one with: ${last.message}`,
    {
      cause: last,
      diagnostics: last.diagnostics,
      metadata: { ...last.metadata, last_reason: last.code },
    },
  );
