import {
  assert,
  QfsError,
  type Randomness,
  type SqlDatabase,
  type StoreWriter,
  type Timers,
} from '@qfs/core';
import {
  type Applier,
  type EntryId,
  ID_RANDOM_BYTES,
  isEntryId,
  newEntryId,
  type OpenStateMap,
} from '@qfs/core/exact';
import { ZERO_HASH } from '../chain.ts';
import {
  type AppliedOutcome,
  type EntryProof,
  LOG_READ_ENTRIES_MAX,
  type Log,
  type LogProofs,
  type LogStatus,
  type Proposal,
  type ProposeOutcome,
  type StatementSeal,
  type StoredEntry,
  type Verification,
  type VerifyProgress,
} from '../log.ts';
import { type Replay, type ReplayOptions, replay } from '../replay.ts';
import type { Snapshot } from '../snapshot.ts';
import { Archive } from './archive.ts';
import { type ArchiveDisk, systemArchiveDisk } from './archive-disk.ts';
import { certificateFor, newestCertificate } from './certificates.ts';
import { type ClosableDatabase, type Compaction, compact } from './compact.ts';
import { readLog } from './entry-reader.ts';
import { archivedIndex, type Pace, readContext, readPace } from './facts.ts';
import { readOpenHead } from './head.ts';
import { readIdentity } from './identity.ts';
import { nodeSha3 } from './node-sha3.ts';
import { nodeSha256 } from './node-sha256.ts';
import { LocalReplaySource } from './replay-source.ts';
import { findOutcome } from './rows.ts';
import { findSeal } from './seal-statement.ts';
import { readStateRoots, stateOf } from './state-rows.ts';
import { treePath } from './tree-rows.ts';
import { verifyLog } from './verify.ts';

/** How long a tail waits before it looks again: other parts of the process append without telling it. */
const TAIL_POLL_MS = 100;

export interface LocalLogPorts {
  readonly writer: StoreWriter;
  /** A read-only connection to the same file. */
  readonly reader: SqlDatabase;
  /** Opens another, for what has to see the file as it stood at one moment. */
  readonly openReader: () => ClosableDatabase;
  /** The data directory; segments and snapshots stand in it. */
  readonly directory: string;
  readonly disk?: ArchiveDisk;
  /** The state machine, for replays, and the tree over its state. */
  readonly applier: Applier;
  readonly stateMap: OpenStateMap;
  readonly randomness: Randomness;
  readonly timers: Timers;
}

export interface LocalReplayOptions extends Omit<ReplayOptions, 'from'> {
  /** Begin with the newest snapshot that was taken at or before this entry; with GENESIS when 0 or absent. */
  readonly from?: number;
}

/**
 * The log of one machine, seen from outside the writer. Needs `localLogModule` among the writer's modules.
 */
export class LocalLog implements Log, LogProofs {
  readonly #ports: LocalLogPorts;
  readonly #archive: Archive;
  #compacting: Promise<Compaction> | undefined;

  constructor(ports: LocalLogPorts) {
    this.#ports = ports;
    this.#archive = new Archive(ports.directory, ports.disk ?? systemArchiveDisk);
  }

  async propose(proposals: readonly Proposal[]): Promise<readonly ProposeOutcome[]> {
    const entries = proposals.map((proposal) => ({ ...proposal, entryId: this.#idOf(proposal) }));
    try {
      const [outcomes] = await this.#ports.writer.transact([
        { operation: 'log.propose', argument: { entries } },
      ]);
      return outcomes as readonly AppliedOutcome[];
    } catch (thrown) {
      if (!(thrown instanceof QfsError) || thrown.code !== 'STORE_UNAVAILABLE') throw thrown;
      return entries.map(({ entryId }) => ({ entryId, outcome: 'UNKNOWN' }));
    }
  }

  #idOf({ entryId }: Proposal): EntryId {
    if (entryId === undefined) return newEntryId(this.#ports.randomness.bytes(ID_RANDOM_BYTES));
    if (isEntryId(entryId)) return entryId;
    throw new QfsError('LOG_ENTRY_REJECTED', `${JSON.stringify(entryId)} is not an entry id.`);
  }

  async outcomeOf(entryId: string): Promise<AppliedOutcome | undefined> {
    return isEntryId(entryId) ? findOutcome(this.#ports.reader, entryId) : undefined;
  }

  async read(from: number, to: number): Promise<readonly StoredEntry[]> {
    const { reader } = this.#ports;
    return readLog(reader, this.#archive, from, Math.min(to, from + LOG_READ_ENTRIES_MAX - 1));
  }

  async *tail(from: number, signal: AbortSignal): AsyncIterable<StoredEntry> {
    let next = from;
    while (!signal.aborted) {
      const entries = await this.read(next, Number.MAX_SAFE_INTEGER);
      for (const entry of entries) {
        if (signal.aborted) return;
        yield entry;
        next = entry.index + 1;
      }
      if (entries.length === 0) await this.#pause(signal);
    }
  }

  #pause(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#ports.timers.after(TAIL_POLL_MS, done);
      function done(): void {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
  }

  async status(): Promise<LogStatus> {
    const { reader } = this.#ports;
    const { nodeId, clusterId } = readIdentity(reader);
    const { clusterId: _, ...head } = readOpenHead(reader);
    const { epoch, level } = readContext(stateOf(reader));
    const checkpoint = newestCertificate(reader);
    const size = checkpoint?.treeSize ?? 0;
    return {
      transport: 'local',
      clusterId,
      nodeId,
      ...head,
      epoch,
      level,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      subsystems: readStateRoots(reader, size, size)[0]?.subsystems ?? [],
      archivedIndex: archivedIndex(reader),
    };
  }

  /** What the operator's keys of the configuration say now. */
  pace(): Pace {
    return readPace(stateOf(this.#ports.reader));
  }

  async prove(index: number): Promise<EntryProof | undefined> {
    const { reader } = this.#ports;
    const certificate = index < 1 ? undefined : certificateFor(reader, index);
    if (certificate === undefined) return undefined;
    const { treeSize, statement, signatures } = certificate;
    const [before] = index === 1 ? [] : await this.read(index - 1, index - 1);
    const [entry] = await this.read(index, index);
    const [genesis] = await this.read(1, 1);
    assert(entry !== undefined && genesis !== undefined, () => `a certificate covers entry ${index}`);
    return {
      index,
      term: entry.term,
      bytes: entry.bytes,
      previousLink: before?.linkHash ?? ZERO_HASH,
      inclusion: { treeSize, hashes: treePath(reader, index, treeSize) },
      checkpoint: { statement, signatures },
      genesis: genesis.bytes,
    };
  }

  async sealStatement(payloadType: string, payload: Uint8Array): Promise<StatementSeal> {
    const argument = { payloadType, payload };
    const made = findSeal(this.#ports.reader, argument);
    if (made !== undefined) return made;
    const [seal] = await this.#ports.writer.transact([{ operation: 'log.seal_statement', argument }]);
    return seal as StatementSeal;
  }

  verify(from = 1, onProgress?: (progress: VerifyProgress) => void): Promise<Verification> {
    const { reader } = this.#ports;
    return verifyLog({ reader, read: (first, last) => this.read(first, last) }, from, onProgress);
  }

  /** The log as it stands now, for as long as the source is open. */
  openReplaySource(): LocalReplaySource {
    return new LocalReplaySource(this.#ports.openReader(), this.#archive);
  }

  /**
   * Applies the log again beside the one that runs, and compares.
   * @throws QfsError STORE_UNAVAILABLE when the snapshot or a segment of the archive cannot be read
   */
  async replay({ from = 0, ...options }: LocalReplayOptions = {}): Promise<Replay> {
    const { applier, stateMap } = this.#ports;
    const machine = { applier, stateMap, sha3: nodeSha3, sha256: nodeSha256 };
    const source = this.openReplaySource();
    try {
      const snapshot = await this.#snapshotAt(from);
      return await replay(source, machine, snapshot === undefined ? options : { ...options, from: snapshot });
    } finally {
      source.close();
    }
  }

  async #snapshotAt(index: number): Promise<Snapshot | undefined> {
    const taken = (await this.#archive.snapshots()).findLast((at) => at <= index);
    return taken === undefined ? undefined : this.#archive.readSnapshot(taken);
  }

  /** Moves the bytes of old entries into the archive and takes a snapshot. A call while one runs joins it. */
  compact(): Promise<Compaction> {
    this.#compacting ??= compact({ ...this.#ports, archive: this.#archive }).finally(() => {
      this.#compacting = undefined;
    });
    return this.#compacting;
  }
}
