import type { StoreCall, UnitOfWork } from '@qfs/core';
import { hex } from '@qfs/core/exact';
import type { CallContext } from '@qfs/rpc';
import type { JobRow } from '../store/rows.ts';

/** Writes gathered from other rooms, to commit with the kernel's own. */
export class GatheredWrites implements UnitOfWork {
  readonly calls: StoreCall[] = [];

  add(calls: readonly StoreCall[]): void {
    this.calls.push(...calls);
  }
}

/** The context in which the pipeline calls other rooms: on behalf of the job's owner, traced by the job. */
export function jobContext(job: JobRow, extra: Pick<CallContext, 'signal' | 'unitOfWork'> = {}): CallContext {
  const { tenantId, projectId, subject, jobId } = job;
  const trace = jobId.slice('job_'.length);
  return {
    identity: { tenantId, projectId, subject, roles: [] },
    traceparent: `00-${trace}-${hex(SPAN)}-01`,
    requestId: jobId,
    ...extra,
  };
}

/** The pipeline is one span of the trace whose id is the job's UUID. */
const SPAN = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1);
