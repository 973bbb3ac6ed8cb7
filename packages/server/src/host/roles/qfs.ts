import { createQfsService } from '@qfs/circuitfs';
import type { SqlDatabase, StoreWriter } from '@qfs/core';
import type { QfsService, ServiceImpl, Tracer } from '@qfs/rpc';
import { type BlobStore, systemClock as clock } from '@qfs/storage';
import type { Metrics } from '../../observe/metrics.ts';

/** Where artifacts are kept: the one database, or the way to it, and the folder of large blobs. */
export interface ArtifactStore {
  readonly writer: StoreWriter;
  readonly reader: SqlDatabase;
  readonly blobsPath: string;
}

/** CircuitFS as a role. It keeps nothing itself, so that any number of them can run over one store. */
export const createQfsRole = (
  { writer, reader }: ArtifactStore,
  blobs: BlobStore,
  metrics: Metrics,
  tracer: Tracer | undefined,
): ServiceImpl<typeof QfsService> => createQfsService({ blobs, writer, reader, clock, metrics, tracer });
