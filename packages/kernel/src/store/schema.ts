/**
 * Tables of the job store. `jobs` is the projection of JOB_ACCEPTED and JOB_FINISHED plus working state
 * (attempts, leases, cancel requests). Tenant, project and subject are part of every key, so that no query
 * can forget them. `accepted_index` (the log index) is the order of acceptance. What may be large and is
 * written once stands in `job_documents`, because SQLite rewrites a whole row at each change of it.
 */
const version1 = `
CREATE TABLE jobs (
  job_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  account TEXT NOT NULL,
  accepted_index INTEGER NOT NULL,
  finished_index INTEGER,
  name TEXT NOT NULL,
  target TEXT NOT NULL,
  priority INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  attempts_max INTEGER NOT NULL,
  shots INTEGER NOT NULL,
  item_count INTEGER NOT NULL,
  door TEXT NOT NULL,
  tags TEXT NOT NULL,
  parent_job_id TEXT,
  session_id TEXT,
  reservation_id TEXT,
  state TEXT NOT NULL,
  stage TEXT NOT NULL,
  message TEXT NOT NULL,
  progress REAL NOT NULL,
  event_seq INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  restarts INTEGER NOT NULL,
  lease_term INTEGER,
  lease_n INTEGER,
  compiled_digest TEXT,
  cancel_requested_ms INTEGER,
  cancel_outcome TEXT,
  error_code TEXT,
  error_summary TEXT,
  dead_letter INTEGER NOT NULL,
  late_results INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  started_ms INTEGER,
  finished_ms INTEGER,
  deadline_ms INTEGER,
  PRIMARY KEY (job_id, tenant_id, project_id, subject)
) WITHOUT ROWID;
CREATE INDEX jobs_by_order ON jobs (tenant_id, project_id, accepted_index, subject);
CREATE INDEX jobs_open ON jobs (accepted_index, tenant_id, project_id, subject)
  WHERE state IN ('PENDING', 'COMPILING', 'QUEUED', 'RUNNING');
CREATE INDEX jobs_failed ON jobs (tenant_id, project_id, accepted_index, subject)
  WHERE state IN ('ERROR', 'CANCELLED', 'TIMEOUT');
CREATE INDEX jobs_dead_letters ON jobs (tenant_id, project_id, accepted_index, subject) WHERE dead_letter = 1;

CREATE TABLE job_documents (
  job_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (job_id, tenant_id, project_id, subject, kind)
) WITHOUT ROWID;

CREATE TABLE attempts (
  job_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  lease_term INTEGER NOT NULL,
  lease_n INTEGER NOT NULL,
  device_id TEXT NOT NULL,
  remote_id TEXT,
  state TEXT NOT NULL,
  error_code TEXT,
  error_summary TEXT,
  started_ms INTEGER NOT NULL,
  ended_ms INTEGER,
  PRIMARY KEY (job_id, tenant_id, project_id, attempt, subject)
) WITHOUT ROWID;

CREATE TABLE job_events (
  job_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  seq INTEGER NOT NULL,
  state TEXT NOT NULL,
  stage TEXT NOT NULL,
  message TEXT NOT NULL,
  progress REAL NOT NULL,
  attempt INTEGER NOT NULL,
  error_code TEXT,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (job_id, tenant_id, project_id, seq, subject)
) WITHOUT ROWID;

CREATE TABLE idempotency (
  tenant_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  job_id TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, project_id, subject, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_ms, tenant_id, project_id, subject);

CREATE TABLE reservations (
  reservation_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  device_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,
  PRIMARY KEY (reservation_id, tenant_id, project_id, subject)
) WITHOUT ROWID;
CREATE INDEX reservations_by_device ON reservations (device_id, expires_ms, tenant_id, project_id, subject);

CREATE TABLE fencing (term INTEGER NOT NULL, n INTEGER NOT NULL);
INSERT INTO fencing (term, n) VALUES (0, 0);
`;

/** What became of the bytes of an ended job. */
const version2 = `
ALTER TABLE jobs ADD COLUMN expired_index INTEGER;
ALTER TABLE jobs ADD COLUMN deleted_index INTEGER;
`;

/** Jobs whose bytes retention may give up, in the order in which they ended. */
const version3 = `
CREATE INDEX jobs_kept ON jobs (finished_ms, tenant_id, project_id, subject)
  WHERE finished_index IS NOT NULL AND expired_index IS NULL AND deleted_index IS NULL;
`;

/** Where a job came from, in the terms of W3C Trace Context: its run goes on below, also after a restart. */
const version4 = 'ALTER TABLE jobs ADD COLUMN traceparent TEXT;';

/**
 * Open jobs are counted per tenant when one is accepted. Limits of a job's own, 0 where the settings hold.
 * Reservations say when they began. Outcomes of cancellations are spelled as everywhere.
 */
const version5 = `
ALTER TABLE jobs ADD COLUMN time_limit_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN queue_limit_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reservations ADD COLUMN created_ms INTEGER NOT NULL DEFAULT 0;
DROP INDEX jobs_open;
CREATE INDEX jobs_open ON jobs (tenant_id, project_id, accepted_index, state, subject)
  WHERE state IN ('PENDING', 'COMPILING', 'QUEUED', 'RUNNING');
CREATE INDEX jobs_children ON jobs (tenant_id, project_id, parent_job_id, accepted_index, subject)
  WHERE parent_job_id IS NOT NULL;
UPDATE jobs SET cancel_outcome = 'requested' WHERE cancel_outcome = 'cancel_requested';
`;

/**
 * What the searches of hybrid jobs were told, iteration by iteration, so that a later process need not ask
 * again; it goes when the job ends. Events tell of iterations, as JSON.
 */
const version6 = `
CREATE TABLE iterations (
  job_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  item INTEGER NOT NULL,
  iteration INTEGER NOT NULL,
  told TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (job_id, tenant_id, project_id, item, iteration, subject)
) WITHOUT ROWID;
ALTER TABLE job_events ADD COLUMN iteration TEXT;
`;

export const JOB_STORE_MIGRATIONS: readonly string[] = [
  version1,
  version2,
  version3,
  version4,
  version5,
  version6,
];
