import { ERRORS, QfsError } from '@qfs/core';
import { typeLabel } from './known-artifacts.ts';

/** The measurements of seed 000, by name; the host binds them to its registry. */
export interface ArtifactMetrics {
  count(name: string, labels: Readonly<Record<string, string>>): void;
  observe(name: string, labels: Readonly<Record<string, string>>, value: number): void;
}

/** For tools that measure nothing. */
export const NO_METRICS: ArtifactMetrics = { count: () => undefined, observe: () => undefined };

export type ArtifactOperation = 'store' | 'retrieve' | 'list';

/** `OK`, or the gRPC code of the failure: a closed set. */
const statusLabel = (failure: unknown): string =>
  failure === undefined ? 'OK' : ERRORS[QfsError.from(failure).code].grpc;

export function countStored(metrics: ArtifactMetrics, type: string, size: number, failure?: unknown): void {
  const label = typeLabel(type);
  metrics.count('qfs_artifact_store_total', { type: label, status: statusLabel(failure) });
  if (failure === undefined) metrics.observe('qfs_artifact_size_bytes', { type: label }, size);
}

export function countRetrieved(metrics: ArtifactMetrics, type: string, failure?: unknown): void {
  const label = typeLabel(type);
  metrics.count('qfs_artifact_retrieve_total', { type: label, status: statusLabel(failure) });
  if (failure !== undefined && QfsError.from(failure).code === 'ARTIFACT_CORRUPT') {
    metrics.count('qfs_integrity_failures_total', { type: label });
  }
}

export function observeDuration(
  metrics: ArtifactMetrics,
  operation: ArtifactOperation,
  seconds: number,
): void {
  metrics.observe('qfs_operation_duration_seconds', { operation }, seconds);
}
