import { QfsError } from '@qfs/core';
import type { CallContext, Identity } from './call-context.ts';

/** Metadata names by which identity crosses between roles. Doors drop all of them from outside requests. */
export const IDENTITY_HEADERS = {
  tenantId: 'x-eigen-tenant',
  projectId: 'x-eigen-project',
  subject: 'x-eigen-sub',
  roles: 'x-eigen-roles',
} as const satisfies Record<keyof Identity, string>;

export const TRACEPARENT_HEADER = 'traceparent';
export const REQUEST_ID_HEADER = 'x-request-id';

/** Subjects may hold any character, header values may not. */
const encode = encodeURIComponent;

/** Headers that carry identity and trace of a context to another role. */
export function headersOf(context: CallContext): Headers {
  const { identity } = context;
  return new Headers([
    [IDENTITY_HEADERS.tenantId, encode(identity.tenantId)],
    [IDENTITY_HEADERS.projectId, encode(identity.projectId)],
    [IDENTITY_HEADERS.subject, encode(identity.subject)],
    [IDENTITY_HEADERS.roles, identity.roles.map(encode).join(',')],
    [TRACEPARENT_HEADER, context.traceparent],
    [REQUEST_ID_HEADER, context.requestId],
  ]);
}

/** The context that another role sent. AUTH_MISSING when it sent no identity. */
export function contextFromHeaders(headers: Headers): CallContext {
  const roles = required(headers, IDENTITY_HEADERS.roles);
  return {
    identity: {
      tenantId: decode(required(headers, IDENTITY_HEADERS.tenantId)),
      projectId: decode(required(headers, IDENTITY_HEADERS.projectId)),
      subject: decode(required(headers, IDENTITY_HEADERS.subject)),
      roles: roles === '' ? [] : roles.split(',').map(decode),
    },
    traceparent: required(headers, TRACEPARENT_HEADER),
    requestId: required(headers, REQUEST_ID_HEADER),
  };
}

function required(headers: Headers, name: string): string {
  const value = headers.get(name);
  if (value === null) throw new QfsError('AUTH_MISSING', `The call carries no '${name}'.`);
  return value;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new QfsError('REQUEST_INVALID', `The metadata value '${value}' is not percent-encoded text.`);
  }
}
