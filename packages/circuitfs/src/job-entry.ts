import { type AppliedEntry, assert } from '@qfs/core';

export interface ManifestItem {
  readonly name: string;
  readonly sha256: Uint8Array;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
}

/** What the entries of a job say about its artifacts. */
export interface JobEntry {
  readonly jobId: string;
  /** Which attempt made them; 0: inputs. */
  readonly attempt: number;
  readonly manifest: readonly ManifestItem[];
  /** In JOB_ACCEPTED only. */
  readonly account: string | undefined;
}

/**
 * Undefined for entries that name no artifacts. The apply loop has checked the body, so a mismatch is our
 * bug.
 */
export function readJobEntry(entry: AppliedEntry): JobEntry | undefined {
  if (entry.outcome !== 'ACCEPTED') return undefined;
  if (entry.type !== 'JOB_ACCEPTED' && entry.type !== 'JOB_FINISHED') return undefined;
  const body = fields(entry.body);
  const manifest = body.get('manifest');
  assert(Array.isArray(manifest), () => `the manifest of entry ${entry.index} is an array`);
  const accepted = entry.type === 'JOB_ACCEPTED';
  return {
    jobId: text(body, 'job_id'),
    attempt: accepted ? 0 : integer(body, 'attempt'),
    account: accepted ? text(body, 'account') : undefined,
    manifest: manifest.map((value: unknown) => {
      const item = fields(value);
      const sha256 = item.get('sha256');
      assert(sha256 instanceof Uint8Array, 'sha256 is bytes');
      return { name: text(item, 'name'), sha256, size: integer(item, 'size'), type: text(item, 'type') };
    }),
  };
}

/** What became of the bytes of a job that were given up. */
export type Release = 'expired' | 'deleted';

const RELEASES: ReadonlyMap<string, Release> = new Map([
  ['JOB_EXPIRED', 'expired'],
  ['JOB_DELETED', 'deleted'],
]);

/** Undefined for entries that give up nothing. */
export function readReleaseEntry(
  entry: AppliedEntry,
): { readonly jobId: string; readonly release: Release } | undefined {
  const release = RELEASES.get(entry.type);
  if (entry.outcome !== 'ACCEPTED' || release === undefined) return undefined;
  return { jobId: text(fields(entry.body), 'job_id'), release };
}

function fields(value: unknown): ReadonlyMap<string, unknown> {
  assert(value instanceof Map, 'a map was expected in the body of a job entry');
  return value;
}

function text(map: ReadonlyMap<string, unknown>, name: string): string {
  const value = map.get(name);
  assert(typeof value === 'string', () => `${name} is text`);
  return value;
}

function integer(map: ReadonlyMap<string, unknown>, name: string): number {
  const value = map.get(name);
  assert(typeof value === 'number', () => `${name} is a safe integer`);
  return value;
}
