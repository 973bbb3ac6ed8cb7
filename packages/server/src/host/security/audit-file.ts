import { type FileHandle, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditEvent, AuditLog } from '@qfs/api';
import { AUDIT_FILE_BYTES_MAX, type Clock } from '@qfs/core';
import { makeDurableDirectory, storeError } from '@qfs/storage';
import type { Configuration } from '../../config/index.ts';

export interface AuditFileOptions {
  /** The folder of the files. */
  readonly path: string;
  readonly clock: Clock;
  /** A line that was written, or was not. */
  readonly onEvent: (written: boolean) => void;
  readonly onError: (error: unknown) => void;
  readonly fileBytesMax?: number;
}

/** The folder that the settings name. */
export const auditPath = (config: Pick<Configuration, 'audit_path' | 'data_dir'>): string =>
  config.audit_path ?? join(config.data_dir, 'audit');

/** How long lines wait for others. */
const GATHER_MS = 50;
/** Lines that may wait for the disk; while it is away longer, further ones are counted and lost. */
const PENDING_MAX = 100_000;

/**
 * The audit log as JSON lines in a folder. Each process begins a file of its own with its first event, and
 * another when one is full, so processes never write into the same and nothing is ever renamed. A line is on
 * disk within a tenth of a second: many share one fsync, which is not had for nothing beside the store's.
 */
export class AuditFile implements AuditLog {
  readonly #options: AuditFileOptions;
  readonly #closing = new AbortController();
  #pending: string[] = [];
  #writing: Promise<void> | undefined;
  #file: FileHandle | undefined;
  #bytes = 0;
  #files = 0;

  /** @throws QfsError STORE_UNAVAILABLE when the folder cannot be made. */
  constructor(options: AuditFileOptions) {
    try {
      makeDurableDirectory(resolve(options.path));
    } catch (error) {
      throw storeError(options.path, error);
    }
    this.#options = options;
  }

  record(event: AuditEvent): void {
    if (this.#pending.length >= PENDING_MAX) {
      this.#options.onEvent(false);
      return;
    }
    const { subject, tenant, project, action, resource, outcome, reason, requestId, traceId, remote } = event;
    const line = {
      timestamp: new Date(this.#options.clock.nowMs()).toISOString(),
      ...{ subject, tenant, project, action, resource, outcome, reason },
      ...{ request_id: requestId, trace_id: traceId, remote },
    };
    this.#pending.push(`${JSON.stringify(line)}\n`);
    this.#writing ??= this.#write();
  }

  /** Resolves when everything that was recorded is on disk. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #write(): Promise<void> {
    while (this.#pending.length > 0) {
      await sleep(GATHER_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      const lines = this.#pending;
      this.#pending = [];
      const written = await this.#append(lines.join(''));
      for (const _ of lines) this.#options.onEvent(written);
    }
    this.#writing = undefined;
  }

  async #append(text: string): Promise<boolean> {
    try {
      this.#file ??= await this.#begin();
      await this.#file.appendFile(text);
      await this.#file.datasync();
      this.#bytes += Buffer.byteLength(text);
      if (this.#bytes >= (this.#options.fileBytesMax ?? AUDIT_FILE_BYTES_MAX)) {
        await this.#file.close();
        this.#file = undefined;
      }
      return true;
    } catch (error) {
      this.#options.onError(error);
      await this.#file?.close().catch(() => undefined);
      this.#file = undefined;
      return false;
    }
  }

  /** A new file, named so that the names are in the order of time. */
  #begin(): Promise<FileHandle> {
    const time = new Date(this.#options.clock.nowMs()).toISOString().replaceAll(/[:.]/g, '-');
    this.#files += 1;
    this.#bytes = 0;
    return open(join(this.#options.path, `${time}-${process.pid}-${this.#files}.jsonl`), 'ax', 0o600);
  }
}
