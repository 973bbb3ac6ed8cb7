import type { ArgumentRow } from '../command.ts';

export const JOB_ARGUMENT: ArgumentRow = { name: 'job', help: 'id of the job, job_…' };
