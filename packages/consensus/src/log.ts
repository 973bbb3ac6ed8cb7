import type { CborInput, EntryId } from '@qfs/core/exact';

/** What somebody wants in the log; the transport adds index, term, tick and the node's identity. */
export interface Proposal {
  readonly type: string;
  readonly body: { readonly [key: string]: CborInput };
  /** Random when absent. Proposing the same id again appends nothing and gives the recorded outcome. */
  readonly entryId?: string;
  /** The protocol level to be judged by; the newest when absent. */
  readonly level?: number;
  /** A node or account id; this node when absent. */
  readonly actor?: string;
}

/** What became of a proposal once it was applied. A rejected entry is in the log, with its code. */
export interface AppliedOutcome {
  readonly entryId: EntryId;
  readonly index: number;
  readonly term: number;
  readonly outcome: 'ACCEPTED' | 'REJECTED';
  readonly code?: string;
  /** For people; not kept. */
  readonly detail?: string;
}

/** Nobody knows yet whether the entry was appended; `outcomeOf` settles it. */
export interface UnknownOutcome {
  readonly entryId: EntryId;
  readonly outcome: 'UNKNOWN';
}

export type ProposeOutcome = AppliedOutcome | UnknownOutcome;

export interface StoredEntry {
  readonly index: number;
  readonly term: number;
  readonly entryId: EntryId;
  readonly type: string;
  readonly tick: number;
  readonly bytes: Uint8Array;
  readonly linkHash: Uint8Array;
  readonly outcome: 'ACCEPTED' | 'REJECTED';
  readonly code?: string;
  readonly effectsHash: Uint8Array;
}

export interface LogStatus {
  readonly transport: 'local';
  readonly clusterId: string;
  readonly nodeId: string;
  readonly term: number;
  readonly appliedIndex: number;
  readonly tick: number;
  readonly linkHash: Uint8Array;
  readonly effectsHash: Uint8Array;
}

export type Verification =
  | { readonly ok: true; readonly from: number; readonly to: number }
  | { readonly ok: false; readonly index: number; readonly reason: string };

/** The one ordered log. Its transports differ in how many machines hold it, in nothing a caller sees. */
export interface Log {
  /**
   * Appends and applies all of them, in this order and durably, before it resolves.
   * @throws QfsError when nothing was appended and that is certain
   */
  propose(proposals: readonly Proposal[]): Promise<readonly ProposeOutcome[]>;
  /** The recorded outcome of an entry, or undefined when the log does not hold it. */
  outcomeOf(entryId: string): Promise<AppliedOutcome | undefined>;
  /** Entries `from` to `to`, both included, at most `LOG_READ_ENTRIES_MAX` of them. */
  read(from: number, to: number): Promise<readonly StoredEntry[]>;
  /** Every entry from `from` on, those to come too, until the signal aborts. */
  tail(from: number, signal: AbortSignal): AsyncIterable<StoredEntry>;
  status(): Promise<LogStatus>;
  /** Recomputes the chain from an index to the head; what stands before `from` is trusted. */
  verify(from?: number): Promise<Verification>;
}

/** Entries that one `read` gives at most. */
export const LOG_READ_ENTRIES_MAX = 1_000;
