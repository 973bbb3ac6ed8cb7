import { QfsError } from '@qfs/core';
import type { CallContext, Identity, IdentityLimits } from './call-context.ts';

/** Metadata names by which identity crosses between roles. Doors drop all of them from outside requests. */
export const IDENTITY_HEADERS = {
  tenantId: 'x-eigen-tenant',
  projectId: 'x-eigen-project',
  subject: 'x-eigen-sub',
  roles: 'x-eigen-roles',
  limits: 'x-eigen-limits',
} as const satisfies Record<keyof Identity, string>;

export const TRACEPARENT_HEADER = 'traceparent';
export const REQUEST_ID_HEADER = 'x-request-id';
/** The version of the server, on its answer to a question after its health. */
export const VERSION_HEADER = 'x-qfs-version';

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
    [IDENTITY_HEADERS.limits, writeLimits(identity.limits)],
    [TRACEPARENT_HEADER, context.traceparent],
    [REQUEST_ID_HEADER, context.requestId],
  ]);
}

/** The context that another role sent. AUTH_MISSING when it sent no identity. */
export function contextFromHeaders(headers: Headers): CallContext {
  const roles = required(headers, IDENTITY_HEADERS.roles);
  const limits = readLimits(required(headers, IDENTITY_HEADERS.limits));
  return {
    identity: {
      tenantId: decode(required(headers, IDENTITY_HEADERS.tenantId)),
      projectId: decode(required(headers, IDENTITY_HEADERS.projectId)),
      subject: decode(required(headers, IDENTITY_HEADERS.subject)),
      roles: roles === '' ? [] : roles.split(',').map(decode),
      ...(limits === undefined ? {} : { limits }),
    },
    traceparent: required(headers, TRACEPARENT_HEADER),
    requestId: required(headers, REQUEST_ID_HEADER),
  };
}

/** The name of each limit in the metadata: `tenant=100,project=20`; no limit is no text. */
const LIMIT_NAMES = {
  tenantOpenJobsMax: 'tenant',
  projectOpenJobsMax: 'project',
  shotsPerJobMax: 'shots',
} as const satisfies Record<keyof IdentityLimits, string>;
const LIMIT_KEYS = Object.keys(LIMIT_NAMES) as readonly (keyof IdentityLimits)[];

const writeLimits = (limits: IdentityLimits = {}): string =>
  LIMIT_KEYS.filter((key) => limits[key] !== undefined)
    .map((key) => `${LIMIT_NAMES[key]}=${limits[key]}`)
    .join(',');

function readLimits(text: string): IdentityLimits | undefined {
  if (text === '') return undefined;
  const entries = text.split(',').map((part) => {
    const [, name, digits] = /^([a-z]+)=(\d{1,15})$/.exec(part) ?? [];
    const key = LIMIT_KEYS.find((known) => LIMIT_NAMES[known] === name);
    if (key !== undefined) return [key, Number(digits)] as const;
    throw new QfsError('REQUEST_INVALID', `The metadata value '${text}' names no limits of an identity.`);
  });
  return Object.fromEntries(entries);
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
