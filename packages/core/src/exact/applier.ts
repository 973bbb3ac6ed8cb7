/** What the log's hosts and the state machine agree on. Neither knows the other. */
import type { Entry } from './entry.ts';
import type { EntryId } from './ids.ts';

/** One entry of the log, as stored. */
export interface LogRecord {
  readonly index: number;
  readonly term: number;
  readonly bytes: Uint8Array;
}

/** The state as the entries so far left it. Keys are printable ASCII with the subsystem first: `jobs/job_…`. */
export interface StateReader {
  get(key: string): Uint8Array | undefined;
  /** All keys that begin with the prefix, in any order. Others may be among them: a plain Map is a state. */
  keys(prefix: string): Iterable<string>;
}

/** One changed key; no value means that the key is gone. */
export interface StateWrite {
  readonly key: string;
  readonly value: Uint8Array | undefined;
}

/** What every mutating call of the state machine is given. */
export interface TransactionContext {
  readonly term: number;
  readonly index: number;
  readonly entryId: EntryId;
  readonly tick: number;
  readonly epoch: number;
  /** SHA3-256 of the configuration in force, 32 bytes. */
  readonly configHash: Uint8Array;
}

/** Something to do outside the state after the commit, idempotent by (index, n). */
export interface Effect {
  readonly kind: string;
  readonly body: Uint8Array;
}

/** What one entry did. A rejected one did nothing; its code is part of the log's evidence. */
export type Applied =
  | {
      readonly outcome: 'ACCEPTED';
      readonly entry: Entry;
      /** In the order of their keys, each key once. */
      readonly writes: readonly StateWrite[];
      readonly effects: readonly Effect[];
    }
  | {
      readonly outcome: 'REJECTED';
      readonly code: string;
      /** For people; not part of any hash. */
      readonly detail: string;
      /** Absent when the bytes are no entry. */
      readonly entry?: Entry;
    };

/** The one way to change the state: a function of record and state alone, which never throws on content. */
export type Applier = (record: LogRecord, state: StateReader) => Applied;

/** Judges a signature; the same verdict on every node. */
export type SignatureVerifier = (
  algorithm: string,
  spki: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;
