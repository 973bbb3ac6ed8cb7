import type { ContextValues, Interceptor } from '@connectrpc/connect';
import { QfsError, type Randomness } from '@qfs/core';
import { type CallContext, callContext, readTraceparent, TRACEPARENT_HEADER } from '@qfs/rpc';
import type { ApiRequestEnvelope } from '@qfs/rpc/api';
import { requestIdFrom } from '../request-context.ts';

/**
 * Version of the public contract that this server keeps; every version of the same major number is
 * understood.
 */
const CONTRACT_VERSION = '1.0.0';
const VERSION = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/;

/**
 * Reads the `envelope` that a request may carry (the public contract, ApiRequestEnvelope): the same facts as
 * the metadata, for callers that cannot set metadata. What the metadata says wins; tenant and project
 * are checked
 * against the credentials, never believed.
 */
export const envelopeInterceptor =
  (randomness: Randomness): Interceptor =>
  (next) =>
  (request) => {
    const { header, contextValues } = request;
    const open = (message: unknown) => openEnvelope(message, header, contextValues, randomness);
    if (request.stream) return next({ ...request, message: opened(request.message, open) });
    open(request.message);
    return next(request);
  };

async function* opened<T>(messages: AsyncIterable<T>, open: (message: T) => void): AsyncGenerator<T> {
  for await (const message of messages) {
    open(message);
    yield message;
  }
}

function openEnvelope(
  message: unknown,
  headers: Headers,
  values: ContextValues,
  randomness: Randomness,
): void {
  const { envelope } = message as { readonly envelope?: ApiRequestEnvelope };
  const context = values.get(callContext);
  if (envelope === undefined || context === undefined) return;
  checkContractVersion(envelope.contractVersion);
  checkOwner(context, envelope);
  values.set(callContext, withEnvelope(context, envelope, headers, randomness));
}

/**
 * An empty version is the present one.
 * @throws QfsError CONTRACT_VERSION_MALFORMED, CONTRACT_VERSION_UNSUPPORTED
 */
export function checkContractVersion(version: string): void {
  if (version === '') return;
  const [, major] = VERSION.exec(version) ?? [];
  if (major === undefined) {
    throw new QfsError(
      'CONTRACT_VERSION_MALFORMED',
      `contract_version is '${version.slice(0, 40)}'; write MAJOR.MINOR.PATCH, for example ${CONTRACT_VERSION}.`,
      { violations: [{ field: 'envelope.contract_version', description: 'is no version' }] },
    );
  }
  if (CONTRACT_VERSION.startsWith(`${major}.`)) return;
  throw new QfsError(
    'CONTRACT_VERSION_UNSUPPORTED',
    `contract_version is '${version}'; this server keeps ${CONTRACT_VERSION} and what is compatible with it.`,
    { metadata: { supported: CONTRACT_VERSION } },
  );
}

interface Owner {
  readonly tenantId: string;
  readonly projectId: string;
}

/** @throws QfsError AUTH_DENIED when the request names another owner than the credentials prove */
export function checkOwner({ identity }: CallContext, { tenantId, projectId }: Owner): void {
  const isOther = (given: string, own: string) => given !== '' && given !== own;
  if (!isOther(tenantId, identity.tenantId) && !isOther(projectId, identity.projectId)) return;
  throw new QfsError(
    'AUTH_DENIED',
    'The request names a tenant or project that is not that of its credentials.',
  );
}

function withEnvelope(
  context: CallContext,
  envelope: ApiRequestEnvelope,
  headers: Headers,
  randomness: Randomness,
): CallContext {
  let { requestId, traceparent, deadlineMs } = context;
  if (envelope.requestId !== '' && !headers.has('x-request-id')) {
    requestId = requestIdFrom(envelope.requestId, randomness);
  }
  // The door's span began before the envelope was read: what follows is below the caller's own.
  if (readTraceparent(envelope.traceparent) !== undefined && !headers.has(TRACEPARENT_HEADER)) {
    traceparent = envelope.traceparent;
  }
  if (envelope.deadline !== undefined) {
    const { seconds, nanos } = envelope.deadline;
    const givenMs = performance.now() + Number(seconds) * 1000 + nanos / 1e6;
    deadlineMs = Math.min(givenMs, deadlineMs ?? givenMs);
    if (deadlineMs <= performance.now()) {
      throw new QfsError('DEADLINE_EXCEEDED', 'The deadline of the request had passed when it came.');
    }
  }
  return { ...context, requestId, traceparent, deadlineMs };
}
