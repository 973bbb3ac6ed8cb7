import { QfsError, type SqlDatabase, type StoreContext, type StoreModule } from '@qfs/core';
import type { Digest } from '@qfs/core/exact';
import { digestBytes } from './digest.ts';

/** Bytes on their way into the store: what must be on disk before the transaction already is. */
export interface PreparedBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly place:
    | { readonly kind: 'inline'; readonly data: Uint8Array }
    /** A synced file, see `blobPath`. */
    | { readonly kind: 'file'; readonly generation: number }
    /** The tenant had it already; the transaction fails when it was removed since. */
    | { readonly kind: 'present' };
}

export interface BlobReference {
  readonly tenantId: string;
  readonly digest: Digest;
}

export interface RetainBlob {
  readonly tenantId: string;
  readonly blob: PreparedBlob;
}

/**
 * Blobs by tenant and digest; equal bytes are shared within a tenant, never across. `refs` counts who needs
 * them. A row has `data`, or a `generation` that names its file, or neither: then its copy was found corrupt
 * and is in quarantine, and storing the same bytes again heals it. `data` comes last so that the rest of a
 * row is read without it.
 */
const SCHEMA = `
  CREATE TABLE blobs (
    tenant_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    refs INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    generation INTEGER,
    data BLOB,
    PRIMARY KEY (tenant_id, digest)
  ) STRICT;
  CREATE TABLE blob_quarantine (
    tenant_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    found_at_ms INTEGER NOT NULL,
    generation INTEGER,
    data BLOB
  ) STRICT;
  CREATE TABLE blob_removals (
    digest BLOB NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (digest, generation)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Operations, for other modules to call within their own:
 * - `blobs.retain` {@link RetainBlob}: one more reference, stored if it is the first;
 * - `blobs.find` {@link BlobReference}: `{found}`, whether there is a copy that is not known to be corrupt;
 * - `blobs.release` {@link BlobReference}: one reference less; the last one removes the blob, copies in quarantine too;
 * - `blobs.quarantine` {@link BlobReference}: the copy does not match its hash;
 * - `blobs.removed` `{digest, generation}[]`: these files are gone.
 */
export const blobModule: StoreModule = {
  name: 'blobs',
  migrations: [SCHEMA],
  operations: {
    'blobs.retain': retain,
    'blobs.find': (database, { tenantId, digest }: BlobReference) => ({
      found: isHealthy(rowOf(database, tenantId, digestBytes(digest))),
    }),
    'blobs.release': release,
    'blobs.quarantine': quarantine,
    'blobs.removed': removed,
  },
};

interface BlobRow extends Record<string, null | number | string | Uint8Array> {
  readonly generation: number | null;
  readonly inline: number;
}

const rowOf = (database: SqlDatabase, tenantId: string, digest: Uint8Array): BlobRow | undefined =>
  database.get<BlobRow>(
    'SELECT generation, data IS NOT NULL AS inline FROM blobs WHERE tenant_id = ? AND digest = ?',
    tenantId,
    digest,
  );

const isHealthy = (row: BlobRow | undefined): boolean =>
  row !== undefined && (row.inline === 1 || row.generation !== null);

function retain(database: SqlDatabase, { tenantId, blob }: RetainBlob, context: StoreContext): void {
  const digest = digestBytes(blob.digest);
  const { place } = blob;
  const data = place.kind === 'inline' ? place.data : null;
  const generation = place.kind === 'file' ? place.generation : null;
  const row = rowOf(database, tenantId, digest);
  const healthy = isHealthy(row);
  if (!healthy && place.kind === 'present') {
    throw new QfsError(
      'STORE_UNAVAILABLE',
      `${blob.digest} was removed while it was being stored again; store it once more.`,
    );
  }
  if (row === undefined) {
    database.run(
      `INSERT INTO blobs (tenant_id, digest, size, refs, created_at_ms, generation, data)
       VALUES (?, ?, ?, 1, ?, ?, ?)`,
      ...[tenantId, digest, blob.size, context.clock.nowMs(), generation, data],
    );
    return;
  }
  if (healthy) {
    database.run('UPDATE blobs SET refs = refs + 1 WHERE tenant_id = ? AND digest = ?', tenantId, digest);
    // Two callers stored the same bytes at once; the second file is one too many.
    if (generation !== null && generation !== row.generation) scheduleRemoval(database, digest, generation);
    return;
  }
  database.run(
    'UPDATE blobs SET refs = refs + 1, generation = ?, data = ? WHERE tenant_id = ? AND digest = ?',
    ...[generation, data, tenantId, digest],
  );
}

function release(database: SqlDatabase, { tenantId, digest: text }: BlobReference): void {
  const digest = digestBytes(text);
  database.run('UPDATE blobs SET refs = refs - 1 WHERE tenant_id = ? AND digest = ?', tenantId, digest);
  const row = rowOf(database, tenantId, digest);
  const gone = database.run(
    'DELETE FROM blobs WHERE tenant_id = ? AND digest = ? AND refs <= 0',
    tenantId,
    digest,
  );
  if (gone === 0 || row === undefined) return;
  if (row.generation !== null) scheduleRemoval(database, digest, row.generation);
  dropQuarantine(database, tenantId, digest);
}

/** A corrupt copy of bytes that were given up may still tell most of them. */
function dropQuarantine(database: SqlDatabase, tenantId: string, digest: Uint8Array): void {
  const copies = database.all<{ generation: number | null }>(
    'SELECT generation FROM blob_quarantine WHERE tenant_id = ? AND digest = ?',
    ...[tenantId, digest],
  );
  for (const { generation } of copies) {
    if (generation !== null) scheduleRemoval(database, digest, generation);
  }
  if (copies.length === 0) return;
  database.run('DELETE FROM blob_quarantine WHERE tenant_id = ? AND digest = ?', tenantId, digest);
}

function quarantine(
  database: SqlDatabase,
  { tenantId, digest: text }: BlobReference,
  context: StoreContext,
): void {
  const digest = digestBytes(text);
  database.run(
    `INSERT INTO blob_quarantine (tenant_id, digest, found_at_ms, generation, data)
     SELECT tenant_id, digest, ?, generation, data FROM blobs
     WHERE tenant_id = ? AND digest = ? AND (generation IS NOT NULL OR data IS NOT NULL)`,
    ...[context.clock.nowMs(), tenantId, digest],
  );
  database.run(
    'UPDATE blobs SET generation = NULL, data = NULL WHERE tenant_id = ? AND digest = ?',
    tenantId,
    digest,
  );
}

/** Files are removed after the commit, by whoever sweeps; the row makes sure that it happens. */
function scheduleRemoval(database: SqlDatabase, digest: Uint8Array, generation: number): void {
  database.run('INSERT OR IGNORE INTO blob_removals (digest, generation) VALUES (?, ?)', digest, generation);
}

function removed(
  database: SqlDatabase,
  files: readonly { readonly digest: Digest; readonly generation: number }[],
): void {
  for (const { digest, generation } of files) {
    const key = digestBytes(digest);
    database.run('DELETE FROM blob_removals WHERE digest = ? AND generation = ?', key, generation);
  }
}
