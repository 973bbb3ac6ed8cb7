import type { CborInput, Checkpoint, EntryId, KeyId, NodeId, SubsystemRoot } from '@qfs/core/exact';

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
  /** Signed with this node's key, as entries that change rules must be. */
  readonly signed?: boolean;
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
  readonly epoch: number;
  /** The protocol level in force. */
  readonly level: number;
  readonly linkHash: Uint8Array;
  readonly effectsHash: Uint8Array;
  /** The newest; absent before the first. */
  readonly checkpoint?: Certificate;
  /** Of every subsystem of the state that the newest checkpoint covers. */
  readonly subsystems: readonly SubsystemRoot[];
  /** Entries up to this one are in the archive; 0 when none is. */
  readonly archivedIndex: number;
}

/** A certificate, and where in the log it stands. */
export interface Certificate extends Checkpoint {
  /** Entries that it covers. */
  readonly treeSize: number;
  /** Index of the CHECKPOINT entry. */
  readonly index: number;
}

export type Verification =
  | {
      readonly ok: true;
      readonly from: number;
      readonly to: number;
      /** Certificates that were checked. */
      readonly checkpoints: number;
    }
  | { readonly ok: false; readonly index: number; readonly reason: string };

export interface VerifyProgress {
  /** Checked so far. */
  readonly index: number;
  readonly to: number;
  /** Certificates checked so far. */
  readonly checkpoints: number;
}

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
  /**
   * Recomputes chain, log tree and certificates from an index to the head; what stands before `from` is
   * trusted.
   */
  verify(from?: number, onProgress?: (progress: VerifyProgress) => void): Promise<Verification>;
}

/** What shows that an entry stands at its place of the log, and who vouches for it. */
export interface EntryProof {
  readonly index: number;
  readonly term: number;
  readonly bytes: Uint8Array;
  /** Link hash of the entry before, 32 bytes. */
  readonly previousLink: Uint8Array;
  /** The path of RFC 9162 §2.1.3 to the log root of the checkpoint. */
  readonly inclusion: { readonly treeSize: number; readonly hashes: readonly Uint8Array[] };
  readonly checkpoint: Checkpoint;
  /** Bytes of entry 1, whose hash is the cluster id. */
  readonly genesis: Uint8Array;
}

/** A node's key for statements, which its ML-DSA key vouches for: clause REC-5. */
export interface StatementKey {
  readonly keyId: KeyId;
  readonly nodeId: NodeId;
  readonly algorithm: 'Ed25519';
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly binding: Uint8Array;
}

/** The signatures of one DSSE envelope. */
export interface StatementSeal {
  readonly signatures: readonly {
    readonly keyId: KeyId;
    readonly algorithm: string;
    readonly signature: Uint8Array;
  }[];
  readonly statementKey: StatementKey;
}

/** What receipts are made of. */
export interface LogProofs {
  /** Undefined while no checkpoint covers the entry, or when the log does not reach so far. */
  prove(index: number): Promise<EntryProof | undefined>;
  /** Signs a DSSE payload, or gives the signatures that it made before. */
  sealStatement(payloadType: string, payload: Uint8Array): Promise<StatementSeal>;
}

/** Entries that one `read` gives at most. */
export const LOG_READ_ENTRIES_MAX = 1_000;
