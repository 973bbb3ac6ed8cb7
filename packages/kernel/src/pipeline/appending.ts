import { type CallContext, inSpan, type Tracer } from '@qfs/rpc';

/** The span of an entry that is written into the log, with what commits beside it. */
export const appending = <Value>(
  tracer: Tracer | undefined,
  type: string,
  jobId: string,
  context: CallContext,
  write: () => Promise<Value>,
): Promise<Value> =>
  inSpan(tracer, { name: 'log append', attributes: { entry_type: type, job_id: jobId } }, context, write);
