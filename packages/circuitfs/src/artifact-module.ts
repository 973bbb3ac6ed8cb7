import {
  type AppliedEntry,
  QfsError,
  type SqlDatabase,
  type StoreContext,
  type StoreModule,
} from '@qfs/core';
import { digestBytes, digestFromBytes, type PreparedBlob } from '@qfs/storage';
import { type ManifestItem, readJobEntry, readReleaseEntry } from './job-entry.ts';
import { artifactKind } from './known-artifacts.ts';
import { markReleased, RELEASE_SCHEMA, refuseReleased, releaseArtifacts, releaseOf } from './release.ts';

export interface StoreArtifactsArgument {
  readonly tenantId: string;
  readonly projectId: string;
  /** Who owns the job's artifacts, if this call is the first of the job. */
  readonly subject: string;
  readonly jobId: string;
  /** Which attempt made them; 0: inputs. */
  readonly attempt: number;
  /** They get their names only through a log entry. */
  readonly staged: boolean;
  readonly artifacts: readonly {
    readonly name: string;
    readonly type: string;
    readonly contentType: string;
    readonly blob: PreparedBlob;
  }[];
}

interface SweepArtifactsArgument {
  /** Jobs that nobody accepted and whose first artifact is older, in milliseconds since 1970. */
  readonly olderThanMs: number;
  readonly jobsMax: number;
}

/**
 * `artifact_jobs` says whose a job's artifacts are: the first who stores one for a job id owns them.
 * `changed` numbers the changes of finished names over all jobs, so that the directory view can follow them.
 *
 * In `artifacts`, a row with `staged = 1` waits for the log entry that names its digest; one with 0 is the
 * artifact of that name for ever.
 */
const SCHEMA = `
  CREATE TABLE artifact_jobs (
    job_id TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (job_id, tenant_id, project_id, subject)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX artifact_jobs_changed ON artifact_jobs (changed, tenant_id, project_id, subject);
  CREATE INDEX artifact_jobs_waiting ON artifact_jobs (created_at_ms, tenant_id, project_id, subject)
    WHERE accepted = 0;
  CREATE TABLE artifacts (
    tenant_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    job_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    name TEXT NOT NULL,
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    type TEXT NOT NULL,
    staged INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, job_id, attempt, name, digest, project_id, subject)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX artifacts_final ON artifacts (tenant_id, job_id, name, project_id, subject)
    WHERE staged = 0;
`;

/**
 * Operations `artifacts.store` ({@link StoreArtifactsArgument}), `artifacts.release` (`{jobId}`: carries out
 * what JOB_EXPIRED and JOB_DELETED ordered) and `artifacts.sweep` (returns how many jobs).
 */
export const artifactModule: StoreModule = {
  name: 'artifacts',
  migrations: [SCHEMA, RELEASE_SCHEMA],
  operations: {
    'artifacts.store': store,
    'artifacts.release': releaseArtifacts,
    'artifacts.sweep': sweep,
  },
  onApplied: (database, entry, context) => {
    nameArtifacts(database, entry, context);
    const released = readReleaseEntry(entry);
    if (released === undefined) return;
    markReleased(database, released);
    markChanged(database, released.jobId);
  },
};

interface Owner extends Record<string, string> {
  readonly tenantId: string;
  readonly projectId: string;
  readonly subject: string;
}

function store(database: SqlDatabase, request: StoreArtifactsArgument, context: StoreContext): void {
  const { tenantId, projectId, jobId, attempt, staged } = request;
  const owner = ownerOf(database, jobId);
  const subject = owner?.subject ?? request.subject;
  if (owner === undefined) addJob(database, jobId, { tenantId, projectId, subject }, context);
  else if (owner.tenantId !== tenantId || owner.projectId !== projectId) {
    throw new QfsError('JOB_NOT_FOUND', `There is no job ${jobId}.`);
  }
  refuseReleased(jobId, releaseOf(database, jobId));
  let named = 0;
  for (const { name, type, contentType, blob } of request.artifacts) {
    const digest = digestBytes(blob.digest);
    if (owner !== undefined && isFinal(database, tenantId, jobId, name, digest)) continue;
    const added = database.run(
      `INSERT OR IGNORE INTO artifacts (tenant_id, project_id, subject, job_id, attempt, name, digest, size,
         content_type, type, staged, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
      ...[tenantId, projectId, subject, jobId, attempt, name, digest, blob.size, contentType, type],
      context.clock.nowMs(),
    );
    if (added > 0) context.call('blobs.retain', { tenantId, blob });
    if (!staged) named += makeFinal(database, tenantId, jobId, attempt, name, digest);
  }
  if (named > 0) markChanged(database, jobId);
}

/** Gives the artifacts of a manifest their names, in the transaction of the entry that carries it. */
function nameArtifacts(database: SqlDatabase, entry: AppliedEntry, context: StoreContext): void {
  const job = readJobEntry(entry);
  if (job === undefined) return;
  const known = ownerOf(database, job.jobId);
  if (known === undefined && job.account === undefined && job.manifest.length > 0) {
    throw notStored(job.jobId, job.manifest[0]!);
  }
  if (known === undefined && job.account === undefined) return;
  const owner = known ?? ownerOfAccount(context, job.account!);
  if (known === undefined) addJob(database, job.jobId, owner, context);
  for (const item of job.manifest) {
    if (isFinal(database, owner.tenantId, job.jobId, item.name, item.sha256)) continue;
    const renamed = makeFinal(database, owner.tenantId, job.jobId, job.attempt, item.name, item.sha256);
    if (renamed === 0) addFinal(database, owner, job, item, context);
  }
  if (job.account === undefined) dropPrepared(database, owner.tenantId, job, context);
  database.run('UPDATE artifact_jobs SET accepted = 1 WHERE job_id = ? AND accepted = 0', job.jobId);
  markChanged(database, job.jobId);
}

/** What was prepared for an attempt that never began has its name now, without being an earlier attempt. */
function dropPrepared(
  database: SqlDatabase,
  tenantId: string,
  { jobId, attempt, manifest }: { jobId: string; attempt: number; manifest: readonly ManifestItem[] },
  context: StoreContext,
): void {
  for (const { name, sha256 } of manifest) {
    const dropped = database.run(
      `DELETE FROM artifacts
       WHERE tenant_id = ? AND job_id = ? AND attempt > ? AND name = ? AND digest = ? AND staged = 1`,
      ...[tenantId, jobId, attempt, name, sha256],
    );
    const digest = digestFromBytes(sha256);
    for (let left = dropped; left > 0; left -= 1) context.call('blobs.release', { tenantId, digest });
  }
}

/** An artifact that another attempt or another job of the tenant stored: only its name is new. */
function addFinal(
  database: SqlDatabase,
  owner: Owner,
  job: { readonly jobId: string; readonly attempt: number },
  item: ManifestItem,
  context: StoreContext,
): void {
  const blob = { digest: digestFromBytes(item.sha256), size: item.size, place: { kind: 'present' } };
  const { found } = context.call('blobs.find', { tenantId: owner.tenantId, digest: blob.digest }) as {
    readonly found: boolean;
  };
  if (!found) throw notStored(job.jobId, item);
  context.call('blobs.retain', { tenantId: owner.tenantId, blob });
  const earlier = database.get<{ content_type: string }>(
    'SELECT content_type FROM artifacts WHERE tenant_id = ? AND job_id = ? AND name = ? AND digest = ? LIMIT 1',
    ...[owner.tenantId, job.jobId, item.name, item.sha256],
  );
  database.run(
    `INSERT INTO artifacts (tenant_id, project_id, subject, job_id, attempt, name, digest, size, content_type,
       type, staged, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
    ...[owner.tenantId, owner.projectId, owner.subject, job.jobId, job.attempt, item.name, item.sha256],
    item.size,
    ...[earlier?.content_type ?? artifactKind(item.name).contentType, item.type, context.clock.nowMs()],
  );
}

const notStored = (jobId: string, item: ManifestItem): QfsError =>
  new QfsError(
    'ARTIFACT_NOT_FOUND',
    `The entry of ${jobId} names ${item.name} with the digest ${digestFromBytes(item.sha256)}, ` +
      'of which no bytes are stored; store the artifacts before or with the entry.',
  );

/** Whether the name is finished with these bytes already. */
function isFinal(
  database: SqlDatabase,
  tenantId: string,
  jobId: string,
  name: string,
  digest: Uint8Array,
): boolean {
  const row = database.get<{ digest: Uint8Array }>(
    'SELECT digest FROM artifacts WHERE tenant_id = ? AND job_id = ? AND name = ? AND staged = 0',
    ...[tenantId, jobId, name],
  );
  if (row === undefined) return false;
  const [stored, offered] = [digestFromBytes(row.digest), digestFromBytes(digest)];
  if (stored === offered) return true;
  throw new QfsError(
    'ARTIFACT_EXISTS',
    `${name} of ${jobId} exists with the digest ${stored}; the offered bytes have ${offered}. ` +
      'Artifacts never change: store the new bytes under another name.',
  );
}

function makeFinal(
  database: SqlDatabase,
  tenantId: string,
  jobId: string,
  attempt: number,
  name: string,
  digest: Uint8Array,
): number {
  return database.run(
    `UPDATE artifacts SET staged = 0
     WHERE tenant_id = ? AND job_id = ? AND attempt = ? AND name = ? AND digest = ? AND staged = 1`,
    ...[tenantId, jobId, attempt, name, digest],
  );
}

const ownerOf = (database: SqlDatabase, jobId: string): Owner | undefined =>
  database.get<Owner>(
    `SELECT tenant_id AS tenantId, project_id AS projectId, subject
     FROM artifact_jobs WHERE job_id = ?`,
    jobId,
  );

/** For an entry that came without its artifacts, for example a job that is run again under a new id. */
function ownerOfAccount(context: StoreContext, account: string): Owner {
  const found = context.call('accounts.find', { account_id: account }) as Readonly<Record<string, string>>;
  return { tenantId: found.tenant_id!, projectId: found.project_id!, subject: found.subject! };
}

function addJob(database: SqlDatabase, jobId: string, owner: Owner, context: StoreContext): void {
  database.run(
    `INSERT INTO artifact_jobs (job_id, tenant_id, project_id, subject, accepted, changed, created_at_ms)
     VALUES (?, ?, ?, ?, 0, 0, ?)`,
    ...[jobId, owner.tenantId, owner.projectId, owner.subject, context.clock.nowMs()],
  );
}

const markChanged = (database: SqlDatabase, jobId: string): number =>
  database.run(
    'UPDATE artifact_jobs SET changed = (SELECT max(changed) + 1 FROM artifact_jobs) WHERE job_id = ?',
    jobId,
  );

function sweep(
  database: SqlDatabase,
  { olderThanMs, jobsMax }: SweepArtifactsArgument,
  context: StoreContext,
) {
  const jobs = database.all<{ job_id: string }>(
    'SELECT job_id FROM artifact_jobs WHERE accepted = 0 AND created_at_ms < ? ORDER BY created_at_ms LIMIT ?',
    ...[olderThanMs, jobsMax],
  );
  for (const { job_id: jobId } of jobs) {
    const tenantId = ownerOf(database, jobId)!.tenantId;
    const artifacts = database.all<{ digest: Uint8Array }>(
      'SELECT digest FROM artifacts WHERE tenant_id = ? AND job_id = ?',
      ...[tenantId, jobId],
    );
    for (const { digest } of artifacts) {
      context.call('blobs.release', { tenantId, digest: digestFromBytes(digest) });
    }
    database.run('DELETE FROM artifacts WHERE tenant_id = ? AND job_id = ?', tenantId, jobId);
    database.run('DELETE FROM artifact_jobs WHERE job_id = ?', jobId);
  }
  return jobs.length;
}
