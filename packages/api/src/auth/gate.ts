import { AUTH_FAILURES_PER_MINUTE_MAX, type Clock, QfsError } from '@qfs/core';
import { type CallContext, IDENTITY_HEADERS, type Identity } from '@qfs/rpc';
import type { DoorMetrics } from '../door.ts';
import { traceIdOf } from '../request-context.ts';
import type { AuditLog } from './audit.ts';
import { addressKey } from './authenticator.ts';
import type { Authenticator, Caller, Limits, LimitsOf } from './caller.ts';
import { isTenantId } from './names.ts';
import { type Permission, withinTenant } from './permissions.ts';
import type { RateLimiter, RateState } from './rate-limiter.ts';

export interface GateOptions {
  readonly authenticator: Authenticator;
  readonly limitsOf: LimitsOf;
  /** Shared by the doors of a process, so that a key has one rate over both. */
  readonly rates: RateLimiter;
  /** Requests per second of a key whose tenant has no bound of its own; 0: no bound. */
  readonly keyRequestsPerSecond: number;
  readonly audit: AuditLog;
  readonly metrics: DoorMetrics;
  readonly clock: Clock;
}

/** A request before anything is known about who sends it. */
interface Knock {
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  readonly host?: string | undefined;
  /** What the caller wants to work in, as `x-eigen-tenant` and `x-eigen-project` say it. */
  readonly tenant: string | undefined;
  readonly project: string | undefined;
  /** What is called, for the audit log. */
  readonly resource: string;
  readonly call: Pick<CallContext, 'requestId' | 'traceparent'>;
  /** Told how much of a rate is left, also when nothing is. */
  readonly onRate?: (state: RateState) => void;
}

/** What both doors ask before they serve: who calls, how often, and whether that is allowed. */
export interface Gate {
  /** For what is served to anybody. @throws QfsError RATE_LIMITED */
  admitAnybody(knock: Pick<Knock, 'remoteAddress' | 'onRate'>): void;
  /** @throws QfsError AUTH_MISSING, AUTH_UNAVAILABLE, AUTH_DENIED, RATE_LIMITED */
  admit(knock: Knock, permission: Permission | 'identity'): Promise<Caller>;
}

/** Wrong credentials of one address: so many at once, then one per second. */
const FAILURES = { perSecond: AUTH_FAILURES_PER_MINUTE_MAX / 60, burst: AUTH_FAILURES_PER_MINUTE_MAX };

export function createGate(options: GateOptions): Gate {
  const { metrics, limitsOf } = options;
  return {
    admitAnybody: ({ remoteAddress, onRate }) =>
      limitRate(options, {}, { key: `address ${addressKey(remoteAddress)}`, tenantId: undefined }, onRate),
    async admit(knock, permission) {
      const known = await authenticate(options, knock);
      const identity = scoped(options, known, knock);
      const limits = limitsOf(identity);
      limitRate(options, limits, { key: known.key, tenantId: identity.tenantId }, knock.onRate);
      const permissions = withinTenant(known.permissions, identity.tenantId);
      const caller = { ...known, permissions, identity: { ...identity, ...jobLimits(limits) } };
      if (permission === 'identity') return caller;
      const allowed = caller.permissions.has(permission);
      const [resource = '', action = ''] = permission.split(':');
      metrics.count('security_permission_checks_total', { resource, action, allowed: String(allowed) });
      if (allowed) return caller;
      const message = `This needs the permission '${permission}'.`;
      throw denied(options, caller.identity, knock, permission, message, { permission });
    },
  };
}

async function authenticate(options: GateOptions, knock: Knock): Promise<Caller> {
  const { authenticator, metrics, rates, clock, audit } = options;
  try {
    const caller = await authenticator.authenticate(knock);
    metrics.count('security_auth_attempts_total', { outcome: 'success' });
    return caller;
  } catch (thrown) {
    const error = QfsError.from(thrown);
    const reason = error.metadata.reason ?? 'unavailable';
    metrics.count('security_auth_attempts_total', { outcome: 'failure' });
    metrics.count('eigen_api_authentication_failures_total', { reason });
    if (error.code !== 'AUTH_MISSING') throw error;
    // Whoever guesses is slowed down, and cannot fill the audit log; the right credentials pass all the same.
    const address = addressKey(knock.remoteAddress);
    const state = rates.take(`failures ${address}`, FAILURES, clock.monotonicMs());
    if (!state.allowed) {
      metrics.count('eigen_api_rate_limit_exceeded_total', { scope: 'failures' });
      const message = `Too many requests with wrong credentials came from ${address}.`;
      throw new QfsError('RATE_LIMITED', message, { retryAfterMs: state.retryAfterMs });
    }
    record(audit, knock, { subject: '', tenant: '', project: '' }, 'authenticate', 'failed', reason);
    throw error;
  }
}

/** The identity in the project that the request names: an admin may work in any of the tenant. */
function scoped(options: GateOptions, { identity }: Caller, knock: Knock): Identity {
  const { tenant = identity.tenantId, project = identity.projectId } = knock;
  const isOwn = project === identity.projectId;
  if (!isOwn && !isTenantId(project)) {
    const message = `${IDENTITY_HEADERS.projectId} is no id of a project: letters, digits, dots and dashes.`;
    throw new QfsError('REQUEST_INVALID', message);
  }
  if (tenant === identity.tenantId && (isOwn || identity.roles.includes('admin'))) {
    return { ...identity, projectId: project };
  }
  const name = tenant === identity.tenantId ? IDENTITY_HEADERS.projectId : IDENTITY_HEADERS.tenantId;
  const message = `${name} names what these credentials do not reach; leave the header away.`;
  throw denied(options, identity, knock, 'scope', message, {});
}

/** The limits that the kernel keeps; rates are the gate's own, and tokens their administration's. */
function jobLimits({
  tenantOpenJobsMax,
  projectOpenJobsMax,
  shotsPerJobMax,
}: Limits): Pick<Identity, 'limits'> {
  const given = Object.entries({ tenantOpenJobsMax, projectOpenJobsMax, shotsPerJobMax }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length === 0 ? {} : { limits: Object.fromEntries(given) };
}

/** The key has a rate, and so has the tenant; what is told is the tighter of the two. */
function limitRate(
  { rates, clock, metrics, keyRequestsPerSecond }: GateOptions,
  limits: Limits,
  { key, tenantId }: { readonly key: string; readonly tenantId: string | undefined },
  onRate: Knock['onRate'],
): void {
  const nowMs = clock.monotonicMs();
  const bounds = [
    ['key', key, limits.keyRequestsPerSecond ?? keyRequestsPerSecond],
    ['tenant', `tenant ${tenantId}`, limits.tenantRequestsPerSecond ?? 0],
  ] as const;
  const states = bounds
    .filter(([, , perSecond]) => perSecond > 0)
    .map(([scope, name, perSecond]) => ({ scope, ...rates.take(name, { perSecond }, nowMs) }));
  const tightest = states.toSorted(
    (a, b) => Number(a.allowed) - Number(b.allowed) || a.remaining - b.remaining,
  )[0];
  if (tightest === undefined) return;
  onRate?.(tightest);
  if (tightest.allowed) return;
  const { scope, limit, retryAfterMs } = tightest;
  metrics.count('eigen_api_rate_limit_exceeded_total', { scope });
  const message = `More than ${limit} requests per second of this ${scope}.`;
  throw new QfsError('RATE_LIMITED', message, { retryAfterMs });
}

function denied(
  { audit }: GateOptions,
  identity: Identity,
  knock: Knock,
  action: string,
  message: string,
  metadata: Readonly<Record<string, string>>,
): QfsError {
  const { subject, tenantId: tenant, projectId: project } = identity;
  record(audit, knock, { subject, tenant, project }, action, 'denied', 'AUTH_DENIED');
  return new QfsError('AUTH_DENIED', message, { metadata });
}

function record(
  audit: AuditLog,
  { resource, call, remoteAddress: remote }: Knock,
  who: { readonly subject: string; readonly tenant: string; readonly project: string },
  action: string,
  outcome: 'denied' | 'failed',
  reason: string,
): void {
  const ids = { requestId: call.requestId, traceId: traceIdOf(call) };
  audit.record({ ...who, action, resource, outcome, reason, ...ids, remote });
}
