import type { QfsError } from '@qfs/core';
import type { JsonInput } from '@qfs/core/json';
import type { JsonObject } from './json-object.ts';

/** The page that explains every code; `type` of a problem points into it. */
export const ERRORS_PAGE = '/docs/errors';
/** Places of a wrong body that one answer lists. */
const PROBLEM_ERRORS_MAX = 100;

/**
 * A failure as every door tells it (RFC 9457): `code` is the stable reason, `detail` a sentence for people. A failure
 * of no request has no `request_id`.
 */
export function problemJson(
  error: QfsError,
  {
    detail = error.message,
    requestId,
  }: { readonly detail?: string | undefined; readonly requestId?: string },
): JsonObject {
  const { grpc, http, retryable, title } = error.row;
  return {
    type: `${ERRORS_PAGE}#${error.code}`,
    title,
    status: http,
    detail,
    code: error.code,
    error_code: grpc,
    retryable,
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...(detail === error.message ? {} : { message: error.message }),
    ...(error.violations.length === 0
      ? {}
      : { errors: error.violations.slice(0, PROBLEM_ERRORS_MAX).map((place) => ({ ...place })) }),
    ...(error.diagnostics.length === 0
      ? {}
      : { diagnostics: error.diagnostics as unknown as readonly JsonInput[] }),
    ...(Object.keys(error.metadata).length === 0 ? {} : { metadata: { ...error.metadata } }),
  };
}
