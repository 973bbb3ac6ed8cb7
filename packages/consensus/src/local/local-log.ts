import {
  assert,
  QfsError,
  type Randomness,
  type SqlDatabase,
  type StoreWriter,
  type Timers,
} from '@qfs/core';
import { decodeEntry, type EntryId, equal, ID_RANDOM_BYTES, isEntryId, newEntryId } from '@qfs/core/exact';
import { CHAIN_START, type ChainHead, extendChain, ZERO_HASH } from '../chain.ts';
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
} from '../log.ts';
import { certificateFor, newestCertificate } from './certificates.ts';
import { archivedIndex, readContext } from './facts.ts';
import { readOpenHead } from './head.ts';
import { readIdentity } from './identity.ts';
import { nodeSha3 } from './node-sha3.ts';
import { findOutcome, readEntries } from './rows.ts';
import { findSeal } from './seal-statement.ts';
import { readStateRoots, stateOf } from './state-rows.ts';
import { treePath } from './tree-rows.ts';

/** How long a tail waits before it looks again: other parts of the process append without telling it. */
const TAIL_POLL_MS = 100;

export interface LocalLogPorts {
  readonly writer: StoreWriter;
  /** A read-only connection to the same file. */
  readonly reader: SqlDatabase;
  readonly randomness: Randomness;
  readonly timers: Timers;
}

/**
 * The log of one machine, seen from outside the writer. Needs `localLogModule` among the writer's modules.
 */
export class LocalLog implements Log, LogProofs {
  readonly #ports: LocalLogPorts;

  constructor(ports: LocalLogPorts) {
    this.#ports = ports;
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
    return readEntries(this.#ports.reader, from, Math.min(to, from + LOG_READ_ENTRIES_MAX - 1));
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

  async verify(from = 1): Promise<Verification> {
    const end = readOpenHead(this.#ports.reader);
    let head: ChainHead | undefined = CHAIN_START;
    if (from > 1) [head] = await this.read(from - 1, from - 1);
    if (head === undefined) return missing(from - 1);
    while (head.index < end.appliedIndex) {
      const entries = await this.read(head.index + 1, end.appliedIndex);
      if (entries.length === 0) return missing(head.index + 1);
      for (const entry of entries) {
        const extended: ChainHead | string = extendChain(end.clusterId, head, entry, nodeSha3);
        const reason = typeof extended === 'string' ? extended : checkColumns(entry);
        if (reason !== undefined) return { ok: false, index: head.index + 1, reason };
        head = extended as ChainHead;
      }
    }
    if (equal(head.linkHash, end.linkHash)) return { ok: true, from, to: head.index };
    return { ok: false, index: head.index, reason: 'the chain does not end in the link hash of the head' };
  }
}

const missing = (index: number): Verification => ({ ok: false, index, reason: `entry ${index} is missing` });

/** Lookups read the columns beside the bytes, so these must say the same. */
function checkColumns({ index, entryId, type, tick, bytes, code }: StoredEntry): string | undefined {
  const decoded = decodeEntry(bytes);
  if (!decoded.ok)
    return code === 'MALFORMED' ? undefined : `entry ${index} cannot be read: ${decoded.error}`;
  const { value } = decoded;
  if (value.entryId === entryId && value.type === type && value.tick === tick) return undefined;
  return `entry ${index} is filed as ${type} ${entryId} at tick ${tick}, which its bytes contradict`;
}
