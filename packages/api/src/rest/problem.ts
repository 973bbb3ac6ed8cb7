import { QfsError } from '@qfs/core';

export const PROBLEM_TYPE = 'application/problem+json';
/** The `detail` by which clients of `/tasks` know a program that was refused. */
export const TASKS_DETAIL = 'QASM3 code is not valid';

interface FastifyFault {
  readonly code?: string;
  readonly statusCode?: number;
  readonly message: string;
  readonly validation?: readonly {
    readonly instancePath: string;
    readonly message?: string;
    readonly params: Record<string, unknown>;
  }[];
  readonly validationContext?: string;
}

/** What the HTTP server itself refuses, in the terms of the error table. */
export function errorFrom(thrown: unknown, bodyBytesMax: number): QfsError {
  if (thrown instanceof QfsError) return thrown;
  const fault = thrown as FastifyFault;
  if (fault.validation !== undefined) return validationError(fault);
  switch (fault.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new QfsError('PAYLOAD_TOO_LARGE', `The body is larger than ${bodyBytesMax} bytes.`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new QfsError('MEDIA_TYPE_UNSUPPORTED', `${fault.message}; send application/json.`);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new QfsError('REQUEST_INVALID', `${fault.message}.`);
    case 'ECONNRESET':
      return new QfsError('REQUEST_INVALID', 'The connection ended before the body did.');
    default:
      return QfsError.from(thrown);
  }
}

function validationError({ validation = [], validationContext = 'body' }: FastifyFault): QfsError {
  const violations = validation.map(({ instancePath, message = 'is not valid', params }) => {
    const missing = params.missingProperty ?? params.additionalProperty;
    const path = missing === undefined ? instancePath : `${instancePath}/${String(missing)}`;
    const field = path.replaceAll(/^\//g, '').replaceAll('/', '.');
    return { field: field === '' ? validationContext : field, description: describe(message, params) };
  });
  const [first] = violations;
  const code = validationContext === 'body' ? 'BODY_INVALID' : 'REQUEST_INVALID';
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  return new QfsError(code, `${validationContext}: '${first?.field}' ${first?.description}${more}.`, {
    violations,
  });
}

function describe(message: string, params: Record<string, unknown>): string {
  if (params.missingProperty !== undefined) return 'is missing';
  if (params.additionalProperty !== undefined) return 'is not a known field';
  if (Array.isArray(params.allowedValues)) return `must be one of ${params.allowedValues.join(', ')}`;
  return message;
}
