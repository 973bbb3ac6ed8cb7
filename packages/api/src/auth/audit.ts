import { QfsError } from '@qfs/core';
import type { CallContext } from '@qfs/rpc';
import { traceIdOf } from '../request-context.ts';
import type { Permission } from './permissions.ts';

/**
 * One line of the audit log: who did what to which resource, and how it ended. Never a token, never a
 * program.
 */
export interface AuditEvent {
  readonly subject: string;
  readonly tenant: string;
  readonly project: string;
  /** The permission that the action needs, or `authenticate`. */
  readonly action: string;
  /** Id of the job, token or device, or what was called. */
  readonly resource: string;
  readonly outcome: 'done' | 'failed' | 'denied';
  /** Code of the error, and why; empty when it was done. */
  readonly reason: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly remote: string;
}

export interface AuditLog {
  record(event: AuditEvent): void;
}

/** Runs a change and writes down how it ended; `made` names what it was about when only the answer knows. */
export async function audited<Answer>(
  audit: AuditLog,
  context: CallContext | undefined,
  action: Permission,
  about: string,
  run: () => Promise<Answer> | Answer,
  made: (answer: Answer) => string = () => about,
): Promise<Answer> {
  try {
    const answer = await run();
    if (context !== undefined) audit.record(eventOf(context, action, made(answer), 'done', ''));
    return answer;
  } catch (thrown) {
    const { code, row } = QfsError.from(thrown);
    const outcome = row.grpc === 'PERMISSION_DENIED' ? 'denied' : 'failed';
    if (context !== undefined) audit.record(eventOf(context, action, about, outcome, code));
    throw thrown;
  }
}

function eventOf(
  { identity, requestId, traceparent, remoteAddress: remote = '' }: CallContext,
  action: Permission,
  resource: string,
  outcome: AuditEvent['outcome'],
  reason: string,
): AuditEvent {
  const { subject, tenantId: tenant, projectId: project } = identity;
  const traceId = traceIdOf({ traceparent });
  return { subject, tenant, project, action, resource, outcome, reason, requestId, traceId, remote };
}
