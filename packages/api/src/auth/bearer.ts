import { AUTHORIZATION_CHARS_MAX, QfsError } from '@qfs/core';
import type { AuthFailure } from './caller.ts';

/** Schemes that carry a token: that of RFC 6750, and the one that IonQ's clients use. */
const SCHEME = /^(?:bearer|apikey) +(\S+) *$/i;

const HINT = 'Send "Authorization: Bearer TOKEN".';

/**
 * Credentials that prove nobody. The reason is for metrics and the audit log, and tells the caller what to
 * renew.
 */
export const refused = (reason: AuthFailure, message: string, cause?: unknown): QfsError =>
  new QfsError('AUTH_MISSING', message, { metadata: { reason }, ...(cause === undefined ? {} : { cause }) });

/** The token of an `Authorization` header. @throws QfsError AUTH_MISSING */
export function bearerOf(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') {
    throw refused('missing', `This needs credentials. ${HINT}`);
  }
  if (authorization.length > AUTHORIZATION_CHARS_MAX) {
    throw refused(
      'malformed',
      `The Authorization header has ${authorization.length} characters; at most ${AUTHORIZATION_CHARS_MAX}.`,
    );
  }
  const [, token] = SCHEME.exec(authorization) ?? [];
  if (token === undefined) throw refused('malformed', `The Authorization header cannot be read. ${HINT}`);
  return token;
}
