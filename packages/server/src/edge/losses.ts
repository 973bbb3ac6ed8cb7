import { QfsError } from '@qfs/core';
import type { Role } from './role-table.ts';

const RETRY_AFTER_MS = 500;

/**
 * A role does not answer. Where it is and how it failed is for our logs: the sentence goes to whoever called
 * a public door. `sent`: it may have done what it was asked.
 */
export const roleUnavailable = (role: Role, url: string, cause: Error, sent: boolean): QfsError =>
  new QfsError('ROLE_UNAVAILABLE', `The ${role} of this platform does not answer.`, {
    cause: new Error(`${url}: ${cause.message}`, { cause }),
    metadata: { role, ...(sent ? {} : { reached: 'no' }) },
    retryAfterMs: RETRY_AFTER_MS,
  });

/** Whether the call is certain to have had no effect: it was not sent, or was refused before it began. */
export const hadNoEffect = ({ code, metadata }: QfsError): boolean =>
  code === 'SHUTTING_DOWN' || (code === 'ROLE_UNAVAILABLE' && metadata.reached === 'no');
