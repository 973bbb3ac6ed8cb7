import type { CallOptions, ContextKey, HandlerContext } from '@connectrpc/connect';
import { createContextKey, createContextValues } from '@connectrpc/connect';
import { assert, type UnitOfWork } from '@qfs/core';

/** On whose behalf a call is made. Every read and write is confined to the tenant. */
export interface Identity {
  readonly tenantId: string;
  readonly projectId: string;
  /** Who asks, as the authentication knows it. Never enters the log. */
  readonly subject: string;
  readonly roles: readonly string[];
  /** What the caller's tenant and project may have at once; absent: no bound. */
  readonly limits?: IdentityLimits;
}

/** Bounds on jobs that have not ended, and on the shots of one job. */
export interface IdentityLimits {
  readonly tenantOpenJobsMax?: number;
  readonly projectOpenJobsMax?: number;
  readonly shotsPerJobMax?: number;
}

/** What travels with every call over every edge, whether the call is direct or serialised. */
export interface CallContext {
  readonly identity: Identity;
  /** W3C trace context of the caller's span. */
  readonly traceparent: string;
  readonly requestId: string;
  /** Where the request came from, for the audit log of the door; other processes are not told. */
  readonly remoteAddress?: string;
  readonly signal?: AbortSignal | undefined;
  /** When the caller stops waiting, on this process's `performance.now()`. */
  readonly deadlineMs?: number | undefined;
  /**
   * Gathers the handler's writes into the caller's transaction. Direct calls do, and those to another process of the
   * platform; a transport that cannot leaves the writes to the handler.
   */
  readonly unitOfWork?: UnitOfWork | undefined;
}

/** The one key under which the context lies in connect's context values. */
export const callContext: ContextKey<CallContext | undefined> = createContextKey<CallContext | undefined>(
  undefined,
  { description: 'qfs call context' },
);

/** The call options that carry a context: `client.method(request, callOptions(context))`. */
export function callOptions(context: CallContext): CallOptions {
  return { contextValues: createContextValues().set(callContext, context) };
}

/** The context of the call that a handler serves, with the signal and the time that remain to it. */
export function contextOf(handler: HandlerContext): CallContext {
  const context = handler.values.get(callContext);
  assert(context !== undefined, 'a handler was called without a call context');
  if (handler.protocolName === DIRECT_PROTOCOL) return context;
  const timeoutMs = handler.timeoutMs();
  return {
    ...context,
    signal: handler.signal,
    deadlineMs: timeoutMs === undefined ? undefined : performance.now() + timeoutMs,
  };
}

/** `HandlerContext.protocolName` of a direct call. */
export const DIRECT_PROTOCOL = 'direct';
