import { QfsError } from '@qfs/core';

/** A job, or one circuit of a batch: `job_….3` is the circuit with index 3. */
export interface IonqJobId {
  readonly jobId: string;
  readonly child: number | undefined;
}

const CHILD_ID = /^(?<jobId>[^.]+)\.(?<child>0|[1-9]\d{0,5})$/;

export const childId = (jobId: string, child: number): string => `${jobId}.${child}`;

export function readJobId(id: string): IonqJobId {
  const { jobId = id, child } = CHILD_ID.exec(id)?.groups ?? {};
  return { jobId, child: child === undefined ? undefined : Number(child) };
}

export const noSuchJob = (id: string): QfsError =>
  new QfsError('JOB_NOT_FOUND', `There is no job '${id.slice(0, 100)}'.`, { metadata: { job_id: id } });

/** The circuits of a batch live and end together. */
export function wholeJob(id: string, what: string): string {
  const { jobId, child } = readJobId(id);
  if (child === undefined) return jobId;
  throw new QfsError('NOT_IMPLEMENTED', `'${id}' is one circuit of ${jobId}; ${what} ${jobId} instead.`);
}
