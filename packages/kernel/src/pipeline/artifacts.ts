import { assert, type StoreCall } from '@qfs/core';
import { unhex } from '@qfs/core/exact';
import { type CallContext, type Client, callOptions, type QfsService } from '@qfs/rpc';
import type { ArtifactHandle } from '@qfs/rpc/qfs';
import type { ManifestEntry } from '../store/rows.ts';
import { GatheredWrites } from './system-context.ts';

export interface NewArtifact {
  readonly name: string;
  readonly type: string;
  readonly data: Uint8Array;
}

export interface StoredArtifacts {
  readonly manifest: readonly ManifestEntry[];
  /** Still to be committed with the caller's own writes; empty when the service stands in another process. */
  readonly calls: readonly StoreCall[];
}

/** Hands artifacts to QfsService. Staged ones get their names when the job ends with this attempt. */
export async function storeArtifacts(
  qfs: Client<typeof QfsService>,
  context: CallContext,
  request: { jobId: string; attempt: number; staged: boolean; artifacts: readonly NewArtifact[] },
): Promise<StoredArtifacts> {
  if (request.artifacts.length === 0) return { manifest: [], calls: [] };
  const unitOfWork = new GatheredWrites();
  const { handles } = await qfs.storeArtifacts(
    { ...request, artifacts: request.artifacts.map((artifact) => ({ ...artifact })) },
    callOptions({ ...context, unitOfWork }),
  );
  return { manifest: handles.map(manifestEntry), calls: unitOfWork.calls };
}

function manifestEntry({ name, hash, size, type }: ArtifactHandle): ManifestEntry {
  const sha256 = unhex(hash.slice('sha256:'.length));
  assert(sha256.ok, () => `the handle of ${name} has the digest ${hash}`);
  return { name, sha256: sha256.value, size: Number(size), type };
}
