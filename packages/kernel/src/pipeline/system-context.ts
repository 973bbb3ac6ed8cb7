import type { StoreCall, UnitOfWork } from '@qfs/core';
import type { CallContext } from '@qfs/rpc';
import type { JobRow } from '../store/rows.ts';

/** Writes gathered from other rooms, to commit with the kernel's own. */
export class GatheredWrites implements UnitOfWork {
  readonly calls: StoreCall[] = [];

  add(calls: readonly StoreCall[]): void {
    this.calls.push(...calls);
  }
}

/**
 * The context in which the pipeline calls other rooms: on behalf of the job's owner, below the job's present
 * span, which is looked at for each call.
 */
export function jobContext<Signal extends AbortSignal | undefined>(
  { tenantId, projectId, subject, jobId }: JobRow,
  trace: { readonly traceparent: string },
  signal: Signal,
): CallContext & { readonly signal: Signal } {
  return {
    identity: { tenantId, projectId, subject, roles: [] },
    get traceparent() {
      return trace.traceparent;
    },
    requestId: jobId,
    signal,
  };
}
