import { STATUS_CODES } from 'node:http';
import type { ErrorCode, QfsError } from '@qfs/core';
import { type JsonInput, stringifyJson } from '@qfs/core/json';
import type { FastifyReply } from 'fastify';

/** Where this version of IonQ's API lives. */
export const IONQ = '/v0.4';
export const isIonqAddress = (url: string): boolean => url.startsWith(`${IONQ}/`);

/** Statuses that IonQ's clients expect where our own doors say something finer. */
const STATUSES: Partial<Record<ErrorCode, number>> = { JOB_DELETED: 404 };
/** Places of a wrong body that one answer lists. */
const PLACES_MAX = 100;

/** Answers in the shape of IonQ's errors, with our own reason beside it. */
export function sendIonqError(reply: FastifyReply, requestId: string, error: QfsError): void {
  const status = STATUSES[error.code] ?? error.row.http;
  const { violations, diagnostics } = error;
  const body = {
    statusCode: status,
    error: STATUS_CODES[status] ?? error.row.title,
    message: error.message,
    reason: error.code,
    retryable: error.row.retryable,
    request_id: requestId,
    ...(violations.length === 0
      ? {}
      : { validation: { keys: violations.slice(0, PLACES_MAX).map(({ field }) => field) } }),
    ...(diagnostics.length === 0 ? {} : { diagnostics: diagnostics as unknown as readonly JsonInput[] }),
  };
  reply.code(status).type('application/json; charset=utf-8').send(stringifyJson(body));
}
