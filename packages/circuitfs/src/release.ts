import { QfsError, type SqlDatabase, type StoreContext } from '@qfs/core';
import { digestFromBytes } from '@qfs/storage';
import type { Release } from './job-entry.ts';
import { KEPT_NAME } from './known-artifacts.ts';

/**
 * `artifact_jobs.released` says at once what readers are answered; `artifacts.released` that the reference to
 * the bytes was given back, so that it is given back once. Names and digests of an expired job stay.
 */
export const RELEASE_SCHEMA = `
  ALTER TABLE artifact_jobs ADD COLUMN released TEXT CHECK (released IN ('expired', 'deleted'));
  ALTER TABLE artifacts ADD COLUMN released INTEGER NOT NULL DEFAULT 0;
`;

/** Whether the bytes of a job were given up. */
export const releaseOf = (database: SqlDatabase, jobId: string): Release | undefined =>
  database.get<{ released: Release | null }>('SELECT released FROM artifact_jobs WHERE job_id = ?', jobId)
    ?.released ?? undefined;

/** In the transaction of the entry: nobody reads the bytes from here on, whenever they go. */
export function markReleased(
  database: SqlDatabase,
  { jobId, release }: { readonly jobId: string; readonly release: Release },
): void {
  database.run('UPDATE artifact_jobs SET released = ? WHERE job_id = ?', release, jobId);
}

/**
 * Gives back the references of a job whose release was ordered. Bytes that another job of the tenant has too
 * stay; carrying it out again changes nothing.
 */
export function releaseArtifacts(
  database: SqlDatabase,
  { jobId }: { readonly jobId: string },
  context: StoreContext,
): void {
  const release = releaseOf(database, jobId);
  if (release === undefined) return;
  // No artifact has the empty name: of a deleted job nothing is kept.
  const of = [jobId, jobId, release === 'expired' ? KEPT_NAME : ''];
  const rows = database.all<{ tenantId: string; digest: Uint8Array }>(
    `SELECT tenant_id AS tenantId, digest FROM artifacts WHERE ${OF_JOB} AND ${TO_GO}`,
    ...of,
  );
  for (const { tenantId, digest } of rows) {
    context.call('blobs.release', { tenantId, digest: digestFromBytes(digest) });
  }
  if (release === 'expired')
    database.run(`UPDATE artifacts SET released = 1 WHERE ${OF_JOB} AND ${TO_GO}`, ...of);
  else database.run(`DELETE FROM artifacts WHERE ${OF_JOB}`, jobId, jobId);
}

/** The key of `artifacts` begins with the tenant. */
const OF_JOB = 'tenant_id = (SELECT tenant_id FROM artifact_jobs WHERE job_id = ?) AND job_id = ?';
const TO_GO = 'released = 0 AND NOT (staged = 0 AND name = ?)';

/** @throws QfsError JOB_DELETED, ARTIFACT_EXPIRED when the bytes of the job were given up */
export function refuseReleased(jobId: string, release: Release | undefined, name?: string): void {
  if (release === 'deleted') {
    throw new QfsError('JOB_DELETED', `${jobId} was deleted.`, { metadata: { job_id: jobId } });
  }
  if (release === undefined || name === KEPT_NAME) return;
  const message =
    name === undefined
      ? `The artifacts of ${jobId} expired; nothing can be stored for it any more.`
      : `${name} of ${jobId} expired; its digest stays in the receipt.`;
  throw new QfsError('ARTIFACT_EXPIRED', message, { metadata: { job_id: jobId } });
}
