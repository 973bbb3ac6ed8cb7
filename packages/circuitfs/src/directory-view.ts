import { dirname, join } from 'node:path';
import type { SqlDatabase, Timers } from '@qfs/core';
import { type BlobStore, type Disk, isMissing, storeError, systemDisk } from '@qfs/storage';
import { parseAttemptName } from './artifact-name.ts';
import { type ArtifactRow, listArtifacts } from './artifact-reader.ts';

/** Shows the artifacts as real read-only files under `<path>/<job_id>/…`. Never the only copy of anything. */
export interface DirectoryView {
  /** Something was committed; what is new will be shown soon. Cheap, call it after every commit. */
  wake(): void;
  /** Jobs whose latest artifacts are not shown yet. */
  backlog(): number;
  /** Shows everything committed so far. Rejects with STORAGE_FULL or STORE_UNAVAILABLE. */
  flush(): Promise<void>;
  /** Writes all files of a job anew. */
  rebuild(jobId: string): Promise<void>;
  /** Stops after the file being written; a later start goes on from there. */
  close(): Promise<void>;
}

export interface DirectoryViewOptions {
  /** The `circuit_fs` directory of the data directory. */
  readonly path: string;
  readonly reader: SqlDatabase;
  readonly blobs: BlobStore;
  readonly timers: Timers;
  readonly disk?: Disk;
  /** Whether jobs want the machine now; the view then goes slowly. */
  readonly isBusy?: () => boolean;
  /** An artifact that could not be shown; the view goes on. */
  readonly onError?: (error: unknown) => void;
}

/** Lets the artifacts of one job gather before they are written. */
const GATHER_MS = 25;
/** Between two jobs while others want the machine. */
const BUSY_PAUSE_MS = 25;
/** Until the next try when the disk refused. */
const RETRY_MS = 1_000;
const JOBS_PER_READ = 64;
const FILE_MODE = 0o444;

interface ChangedJob extends Record<string, null | string | number> {
  readonly jobId: string;
  readonly tenantId: string;
  readonly projectId: string;
  readonly changed: number;
  readonly released: string | null;
}

const SELECT_JOB = `SELECT job_id AS jobId, tenant_id AS tenantId, project_id AS projectId, changed, released
  FROM artifact_jobs`;

/** Opens the view; what an earlier process left unshown is shown soon. */
export function openDirectoryView(options: DirectoryViewOptions): DirectoryView {
  const view = new FileView(options);
  view.wake();
  return view;
}

/**
 * The queue is the database itself: jobs carry the number of their latest change, the view remembers up to
 * which number it has written, so nothing is lost and nothing grows in memory. The number is kept in a file
 * from one clean end to the next start; without it, after a crash or when the directory was deleted, every
 * job is looked at again and what is missing or cut short is written.
 */
class FileView implements DirectoryView {
  readonly #options: DirectoryViewOptions;
  readonly #disk: Disk;
  readonly #cursorPath: string;
  readonly #incomingPath: string;
  #cursor: number | undefined;
  #cancelTimer: (() => void) | undefined;
  /** One pass at a time: what is committed meanwhile is for the next one. */
  #isPassing = false;
  #isWoken = false;
  /** Everything that writes waits for what wrote before. */
  #tail: Promise<void> = Promise.resolve();
  #hurry = false;
  /** A write may have been cut off, by a failure or the end of a process; its file is in the way. */
  #isCutOff = true;
  #closed = false;

  constructor(options: DirectoryViewOptions) {
    this.#options = options;
    this.#disk = options.disk ?? systemDisk;
    this.#cursorPath = join(options.path, '.shown');
    this.#incomingPath = join(options.path, '.incoming');
  }

  wake(): void {
    if (this.#isPassing) this.#isWoken = true;
    else this.#wakeIn(GATHER_MS);
  }

  backlog(): number {
    const row = this.#options.reader.get<{ jobs: number }>(
      'SELECT count(*) AS jobs FROM artifact_jobs WHERE changed > ?',
      this.#cursor ?? 0,
    );
    return row?.jobs ?? 0;
  }

  async flush(): Promise<void> {
    this.#hurry = true;
    try {
      await this.#enqueue(() => this.#showChanges());
    } finally {
      this.#hurry = false;
    }
  }

  rebuild(jobId: string): Promise<void> {
    return this.#enqueue(async () => {
      const job = this.#options.reader.get<ChangedJob>(`${SELECT_JOB} WHERE job_id = ?`, jobId);
      if (job === undefined) return;
      await this.#disk.remove(join(this.#options.path, job.jobId));
      await this.#showJob(job);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer?.();
    await this.#tail;
    if (this.#cursor === undefined) return;
    await this.#disk.makeDirectory(this.#options.path);
    await this.#replace(this.#cursorPath, new TextEncoder().encode(`${this.#cursor}\n`), 0o644);
  }

  #wakeIn(delayMs: number): void {
    if (this.#closed || this.#cancelTimer !== undefined) return;
    this.#cancelTimer = this.#options.timers.after(delayMs, () => {
      this.#cancelTimer = undefined;
      void this.#pass();
    });
  }

  async #pass(): Promise<void> {
    this.#isPassing = true;
    this.#isWoken = false;
    const error = await this.#enqueue(() => this.#showChanges()).catch((thrown: unknown) => thrown);
    this.#isPassing = false;
    if (error !== undefined) {
      this.#options.onError?.(error);
      this.#wakeIn(RETRY_MS);
    } else if (this.#isWoken) this.#wakeIn(GATHER_MS);
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async #showChanges(): Promise<void> {
    let cursor = this.#cursor ?? (await this.#takeCursor());
    for (;;) {
      const jobs = this.#options.reader.all<ChangedJob>(
        `${SELECT_JOB} WHERE changed > ? ORDER BY changed LIMIT ${JOBS_PER_READ}`,
        cursor,
      );
      for (const job of jobs) {
        if (this.#closed) return;
        if (!this.#hurry && this.#options.isBusy?.() === true) await this.#pause();
        await this.#showJob(job);
        cursor = job.changed;
        this.#cursor = cursor;
      }
      if (jobs.length === 0) return;
    }
  }

  async #showJob(job: ChangedJob): Promise<void> {
    const artifacts = withoutCurrentAttempt(listArtifacts(this.#options.reader, job, job.jobId));
    const present = new Set<string>();
    await this.#attempt(async () => {
      for (const name of await this.#disk.list(join(this.#options.path, job.jobId))) present.add(name);
    });
    for (const artifact of artifacts) await this.#attempt(() => this.#showArtifact(job, artifact, present));
    if (job.released !== null) await this.#attempt(() => this.#removeReleased(job, artifacts, present));
    else if (present.has('attempts')) await this.#attempt(() => this.#removeCurrentAttempts(job, artifacts));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = storeError(this.#options.path, thrown);
      if (error.code === 'STORAGE_FULL') throw error;
      this.#options.onError?.(error);
    }
  }

  /** `present` are the names in the job's directory: what is not there need not be looked at. */
  async #showArtifact(job: ChangedJob, artifact: ArtifactRow, present: Set<string>): Promise<void> {
    const { name, digest, size } = artifact;
    const path = join(this.#options.path, job.jobId, name);
    const [top = name] = name.split('/');
    // A name is given once; a power cut may have cut its file short.
    if (present.has(top) && (await this.#disk.status(path))?.size === size) return;
    const bytes = await this.#options.blobs.read(job.tenantId, digest);
    if (present.size === 0 || top !== name) await this.#disk.makeDirectory(dirname(path));
    await this.#replace(path, bytes, FILE_MODE);
    present.add(top);
  }

  /** What a job gave up goes from the view too; a copy would outlive the bytes. */
  async #removeReleased(
    { jobId }: ChangedJob,
    kept: readonly ArtifactRow[],
    present: ReadonlySet<string>,
  ): Promise<void> {
    const path = join(this.#options.path, jobId);
    const names = new Set(kept.map(({ name }) => name));
    for (const name of present) if (!names.has(name)) await this.#disk.remove(join(path, name));
    if (present.size > 0 && names.size === 0) await this.#disk.remove(path);
  }

  /** An attempt that was superseded when it was shown may have ended the job after all. */
  async #removeCurrentAttempts(job: ChangedJob, shown: readonly ArtifactRow[]): Promise<void> {
    const path = join(this.#options.path, job.jobId, 'attempts');
    const superseded = new Set(shown.map(({ name }) => parseAttemptName(name)?.attempt));
    const directories = await this.#disk.list(path);
    const current = directories.filter((name) => !superseded.has(Number(name)));
    for (const name of current) await this.#disk.remove(join(path, name));
    if (directories.length > 0 && current.length === directories.length) await this.#disk.remove(path);
  }

  /** Readers see the whole file or none. No sync: see the class. */
  async #replace(path: string, bytes: Uint8Array, mode: number): Promise<void> {
    if (this.#isCutOff) await this.#disk.remove(this.#incomingPath);
    this.#isCutOff = true;
    await this.#disk.writeNew(this.#incomingPath, bytes, 'cached', mode);
    await this.#disk.rename(this.#incomingPath, path);
    this.#isCutOff = false;
  }

  async #takeCursor(): Promise<number> {
    try {
      const text = new TextDecoder().decode(await this.#disk.read(this.#cursorPath));
      await this.#disk.remove(this.#cursorPath);
      return /^\d{1,15}\n$/.test(text) ? Number(text) : 0;
    } catch (thrown) {
      if (isMissing(thrown)) return 0;
      throw storeError(this.#cursorPath, thrown);
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.timers.after(BUSY_PAUSE_MS, resolve);
    });
  }
}

/** What the attempt under way, or the one that ended the job, has staged waits for its names. */
function withoutCurrentAttempt(artifacts: readonly ArtifactRow[]): readonly ArtifactRow[] {
  const current = artifacts.reduce((newest, { attempt }) => Math.max(newest, attempt), 0);
  return artifacts.filter(({ name, attempt }) => attempt < current || parseAttemptName(name) === undefined);
}
