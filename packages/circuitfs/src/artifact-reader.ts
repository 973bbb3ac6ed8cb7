import type { SqlDatabase } from '@qfs/core';
import type { Digest } from '@qfs/core/exact';
import { digestFromBytes } from '@qfs/storage';
import { attemptName, parseAttemptName } from './artifact-name.ts';
import type { Release } from './job-entry.ts';
import { KEPT_NAME } from './known-artifacts.ts';

export interface ArtifactRow {
  readonly jobId: string;
  /** As a reader asks for it: `attempts/<n>/…` when it is staged. */
  readonly name: string;
  readonly attempt: number;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly contentType: string;
  readonly type: string;
  readonly createdAtMs: number;
}

export interface ArtifactScope {
  readonly tenantId: string;
  readonly projectId: string;
}

interface StoredArtifact extends Record<string, string | number | Uint8Array | null> {
  readonly attempt: number;
  readonly name: string;
  readonly digest: Uint8Array;
  readonly size: number;
  readonly content_type: string;
  readonly type: string;
  readonly staged: number;
  readonly created_at_ms: number;
}

const COLUMNS = 'attempt, name, digest, size, content_type, type, staged, created_at_ms';

/** What became of the bytes of a job that were given up. */
export const findRelease = (reader: SqlDatabase, scope: ArtifactScope, jobId: string): Release | undefined =>
  reader.get<{ released: Release | null }>(
    'SELECT released FROM artifact_jobs WHERE job_id = ? AND tenant_id = ? AND project_id = ?',
    ...[jobId, scope.tenantId, scope.projectId],
  )?.released ?? undefined;

/** The artifact of a name, or the newest of an attempt under `attempts/<n>/…`; its bytes may be given up. */
export function findArtifact(
  reader: SqlDatabase,
  scope: ArtifactScope,
  jobId: string,
  name: string,
): ArtifactRow | undefined {
  const ofAttempt = parseAttemptName(name);
  const row =
    ofAttempt === undefined
      ? reader.get<StoredArtifact>(
          `SELECT ${COLUMNS} FROM artifacts
           WHERE tenant_id = ? AND project_id = ? AND job_id = ? AND name = ? AND staged = 0`,
          ...[scope.tenantId, scope.projectId, jobId, name],
        )
      : reader.get<StoredArtifact>(
          `SELECT ${COLUMNS} FROM artifacts
           WHERE tenant_id = ? AND project_id = ? AND job_id = ? AND attempt = ? AND name = ?
           ORDER BY created_at_ms DESC, digest LIMIT 1`,
          ...[scope.tenantId, scope.projectId, jobId, ofAttempt.attempt, ofAttempt.name],
        );
  return row === undefined ? undefined : { ...artifactOf(jobId, row), name };
}

/** Everything of a job that can be read, sorted by name; of several staged under one name, the newest. */
export function listArtifacts(reader: SqlDatabase, scope: ArtifactScope, jobId: string): ArtifactRow[] {
  const release = findRelease(reader, scope, jobId);
  if (release === 'deleted') return [];
  if (release === 'expired') {
    const kept = findArtifact(reader, scope, jobId, KEPT_NAME);
    return kept === undefined ? [] : [kept];
  }
  const rows = reader.all<StoredArtifact>(
    `SELECT ${COLUMNS} FROM artifacts
     WHERE tenant_id = ? AND project_id = ? AND job_id = ? AND (staged = 0 OR attempt > 0)
     ORDER BY created_at_ms, digest DESC`,
    ...[scope.tenantId, scope.projectId, jobId],
  );
  const byName = new Map(rows.map((row) => artifactOf(jobId, row)).map((row) => [row.name, row]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const artifactOf = (jobId: string, row: StoredArtifact): ArtifactRow => ({
  jobId,
  name: row.staged === 1 ? attemptName(row.attempt, row.name) : row.name,
  attempt: row.attempt,
  digest: digestFromBytes(row.digest),
  size: row.size,
  contentType: row.content_type,
  type: row.type,
  createdAtMs: row.created_at_ms,
});
