import { assert, type SqlDatabase } from '@qfs/core';
import { hex, unhex } from '@qfs/core/exact';
import { type DocumentKind, findDocument, type ManifestEntry, type Owner, putDocument } from './rows.ts';

type ManifestKind = Extract<DocumentKind, 'inputs' | 'compiled' | 'outputs'>;
type StoredEntry = readonly [name: string, sha256Hex: string, size: number, type: string];

/** Keeps a manifest with its job. */
export function writeManifest(
  database: SqlDatabase,
  job: Owner & { readonly jobId: string },
  kind: ManifestKind,
  manifest: readonly ManifestEntry[],
): void {
  const stored = manifest.map(({ name, sha256, size, type }): StoredEntry => [name, hex(sha256), size, type]);
  putDocument(database, job, kind, JSON.stringify(stored));
}

/** The manifest of this kind; empty when none was written yet. */
export function readManifest(
  database: SqlDatabase,
  scope: Pick<Owner, 'tenantId' | 'projectId'>,
  jobId: string,
  kind: ManifestKind,
): ManifestEntry[] {
  const text = findDocument(database, scope, jobId, kind);
  if (text === undefined) return [];
  return (JSON.parse(text) as readonly StoredEntry[]).map(([name, digest, size, type]) => {
    const sha256 = unhex(digest);
    assert(sha256.ok, () => `${digest} is a digest in hexadecimal`);
    return { name, sha256: sha256.value, size, type };
  });
}
