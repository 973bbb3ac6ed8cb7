/** `@qfs/circuitfs`: the artifacts of jobs. QfsService, its tables, and the view of it as a directory. */
export { artifactModule } from './artifact-module.ts';
export { type DirectoryView, type DirectoryViewOptions, openDirectoryView } from './directory-view.ts';
export { ARTIFACT_TYPES, type ArtifactType, artifactKind } from './known-artifacts.ts';
export { type LiveQubitManager, QFS_LEVELS, type StateStore, Unavailable } from './levels.ts';
export { type ArtifactMetrics, NO_METRICS } from './metrics.ts';
export { createQfsService, type QfsServiceOptions } from './qfs-service.ts';
export { ORPHAN_GRACE_MS, type SweepOptions, sweepArtifacts } from './sweep.ts';
