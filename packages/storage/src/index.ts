/** `@qfs/storage`: the one database file and its writer, blobs, and the directory they live in. */
export {
  type BlobReference,
  blobModule,
  type PreparedBlob,
  type RetainBlob,
} from './blobs/blob-module.ts';
export { type BlobStore, type BlobStoreOptions, openBlobStore } from './blobs/blob-store.ts';
export { blobDigestOf, digestBytes, digestFromBytes } from './blobs/digest.ts';
export { type Disk, type FileStatus, isMissing, systemDisk } from './blobs/disk.ts';
export { type DataDirectory, dataPaths, makeDurableDirectory, openDataDirectory } from './data-directory.ts';
export { openSqlite, type SqliteConnection, type SqliteOptions } from './sqlite.ts';
export { storeError } from './sqlite-failure.ts';
export { systemClock, systemRandomness } from './system-ports.ts';
export { openInlineWriter } from './writer/inline-writer.ts';
export type {
  ClosableWriter,
  CommitObservation,
  WriterHooks,
  WriterStatistics,
} from './writer/queued-writer.ts';
export { runWriterWorker } from './writer/run-writer-worker.ts';
export { startWriter, type WriterOptions } from './writer/start-writer.ts';
export type { StoreSessionOptions } from './writer/store-session.ts';
