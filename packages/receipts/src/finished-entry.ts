import {
  type CborMap,
  type CborValue,
  decodeEntry,
  type Entry,
  err,
  hex,
  ok,
  type Result,
  sha256,
} from '@qfs/core/exact';
import type { Receipt } from './receipt.ts';
import { STATEMENT_NAME } from './statement.ts';

/** JOB_FINISHED as a receipt needs it: `docs/spec/log.md`, clause LOG-14. */
export class FinishedEntry {
  readonly entry: Entry;
  /** Lower-case hexadecimal SHA-256 of the outputs, by name. */
  readonly outputs: ReadonlyMap<string, string>;

  constructor(entry: Entry, outputs: ReadonlyMap<string, string>) {
    this.entry = entry;
    this.outputs = outputs;
  }

  field(name: string): CborValue | undefined {
    return this.entry.body.get(name);
  }

  /** Is it the end of this receipt's job, and does it name the payload as its statement? */
  names({ jobId, envelope }: Receipt): Result<true, string> {
    const { entry } = this;
    if (entry.type !== 'JOB_FINISHED') return err(`the entry is a ${entry.type}, not JOB_FINISHED`);
    if (this.field('job_id') !== jobId)
      return err(`the entry ends ${String(this.field('job_id'))}, not ${jobId}`);
    const named = this.outputs.get(STATEMENT_NAME);
    const found = hex(sha256(envelope.payload));
    return named === found
      ? ok(true)
      : err(
          `the entry names ${STATEMENT_NAME} as sha256:${named ?? 'nothing'}, the payload is sha256:${found}`,
        );
  }
}

export function readFinishedEntry(bytes: Uint8Array): Result<FinishedEntry, string> {
  const decoded = decodeEntry(bytes);
  if (!decoded.ok) return decoded;
  const manifest = decoded.value.body.get('manifest');
  const outputs = new Map<string, string>();
  for (const artifact of Array.isArray(manifest) ? (manifest as readonly CborValue[]) : []) {
    if (!(artifact instanceof Map)) return err('its manifest is not a list of artifacts');
    const name = (artifact as CborMap).get('name');
    const digest = (artifact as CborMap).get('sha256');
    if (typeof name !== 'string' || !(digest instanceof Uint8Array))
      return err('an artifact lacks name or digest');
    outputs.set(name, hex(digest));
  }
  return ok(new FinishedEntry(decoded.value, outputs));
}
