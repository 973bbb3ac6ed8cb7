import { AssertionError, QfsError, type SqlDatabase } from '@qfs/core';
import {
  checkpointMessage,
  decodeEntry,
  equal,
  hex,
  type Member,
  membershipHash,
  quorumOf,
} from '@qfs/core/exact';
import { CHAIN_START, type ChainHead, extendChain } from '../chain.ts';
import type { StoredEntry, Verification, VerifyProgress } from '../log.ts';
import { completedSubtrees, TILE_LEAVES } from '../log-tree.ts';
import { certificateAt, statementOf } from './certificates.ts';
import { readMembers } from './facts.ts';
import { readOpenHead } from './head.ts';
import { verifyNodeSignature } from './node-pqc.ts';
import { nodeSha3 } from './node-sha3.ts';
import { nodeSha256 } from './node-sha256.ts';
import { readStateRoots } from './state-rows.ts';
import { treeOf, treeRoot } from './tree-rows.ts';

/** What a verification reads. */
export interface VerifyPorts {
  readonly reader: SqlDatabase;
  readonly read: (from: number, to: number) => Promise<readonly StoredEntry[]>;
}

/** Entries that are checked before others have their turn. */
const PAGE_ENTRIES = 256;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Computes the chain, the log tree and the certificates again, from an index to the head, and compares what
 * stands beside the bytes. What stands before `from` is trusted.
 */
export async function verifyLog(
  ports: VerifyPorts,
  from: number,
  onProgress: (progress: VerifyProgress) => void = () => undefined,
): Promise<Verification> {
  const end = readOpenHead(ports.reader);
  let head: ChainHead | undefined = CHAIN_START;
  let checkpoints = 0;
  if (from > 1) [head] = await ports.read(from - 1, from - 1);
  if (head === undefined) return missing(from - 1);
  while (head.index < end.appliedIndex) {
    const page = await readPage(ports, head.index + 1, end.appliedIndex);
    if ('ok' in page) return page;
    if (page.entries.length === 0) return missing(head.index + 1);
    for (const entry of page.entries) {
      const extended: ChainHead | string = extendChain(end.clusterId, head, entry, nodeSha3);
      const reason = typeof extended === 'string' ? extended : findFault(ports.reader, entry);
      if (reason !== undefined) return { ok: false, index: head.index + 1, reason };
      if (isCertificate(entry)) checkpoints += 1;
      head = extended as ChainHead;
    }
    onProgress({ index: head.index, to: end.appliedIndex, checkpoints });
    await turn();
  }
  if (equal(head.linkHash, end.linkHash)) return { ok: true, from, to: head.index, checkpoints };
  return { ok: false, index: head.index, reason: 'the chain does not end in the link hash of the head' };
}

const missing = (index: number): Verification => ({ ok: false, index, reason: `entry ${index} is missing` });

type Page = { readonly entries: readonly StoredEntry[] } | Extract<Verification, { ok: false }>;

/** A segment that cannot be had is a finding like any other. */
async function readPage({ read }: VerifyPorts, from: number, last: number): Promise<Page> {
  try {
    return { entries: await read(from, Math.min(last, from + PAGE_ENTRIES - 1)) };
  } catch (thrown) {
    return { ok: false, index: from, reason: damageIn(thrown) };
  }
}

/**
 * What cannot be read at all breaks an invariant of whoever reads it, or SQLite refuses it: here that is what
 * is looked for.
 */
function damageIn(thrown: unknown): string {
  const isDamage =
    thrown instanceof QfsError ||
    thrown instanceof AssertionError ||
    (thrown instanceof Error && 'errcode' in thrown);
  if (!isDamage) throw thrown;
  return thrown.message;
}

const isCertificate = ({ type, outcome }: StoredEntry): boolean =>
  type === 'CHECKPOINT' && outcome === 'ACCEPTED';

function findFault(reader: SqlDatabase, entry: StoredEntry): string | undefined {
  try {
    return (
      checkColumns(entry) ??
      checkTree(reader, entry.index) ??
      (isCertificate(entry) ? checkCertificate(reader, entry.index) : undefined)
    );
  } catch (thrown) {
    return damageIn(thrown);
  }
}

/** Lookups read the columns beside the bytes, so these must say the same. */
function checkColumns({ index, entryId, type, tick, bytes, code }: StoredEntry): string | undefined {
  const decoded = decodeEntry(bytes);
  if (!decoded.ok) {
    const isKept = code === 'MALFORMED' && type === '' && tick === 0;
    return isKept ? undefined : `entry ${index} cannot be read: ${decoded.error}`;
  }
  const { value } = decoded;
  if (value.entryId === entryId && value.type === type && value.tick === tick) return undefined;
  return `entry ${index} is filed as ${type} ${entryId} at tick ${tick}, which its bytes contradict`;
}

/** Are the subtrees that end with this entry those of its leaves? */
export function checkTree(reader: SqlDatabase, index: number): string | undefined {
  if (index % TILE_LEAVES !== 0) return undefined;
  const tree = treeOf(reader);
  for (const { height, position, hash } of completedSubtrees(tree, index, nodeSha256)) {
    const kept = tree.subtree(height, position);
    if (!equal(kept, hash)) {
      return `the log tree has ${hex(kept)} at height ${height}, place ${position}; its leaves give ${hex(hash)}`;
    }
  }
  return undefined;
}

/** Does the certificate of this entry say what the file says, and did enough members sign it? */
export function checkCertificate(reader: SqlDatabase, index: number): string | undefined {
  const certificate = certificateAt(reader, index);
  if (certificate === undefined) return `the certificate of entry ${index} is not filed`;
  const { treeSize, logRoot, stateRoot, ...statement } = statementOf(certificate);
  if (treeSize !== certificate.treeSize)
    return `the certificate of entry ${index} is filed for ${certificate.treeSize}`;
  const root = treeRoot(reader, treeSize);
  if (!equal(root, logRoot)) {
    return `entry ${index} certifies the log root ${hex(logRoot)} for ${treeSize} entries, whose leaves give ${hex(root)}`;
  }
  const [recorded] = readStateRoots(reader, treeSize, treeSize);
  if (recorded === undefined || !equal(recorded.root, stateRoot)) {
    return `the state root after entry ${treeSize} is not the one that entry ${index} certifies`;
  }
  const members = readMembers(reader);
  if (!equal(statement.clusterId, readOpenHead(reader).clusterId))
    return `entry ${index} certifies another cluster`;
  if (!equal(statement.membershipHash, membershipHash(members))) {
    return `entry ${index} was certified by other members`;
  }
  const signed = members.filter((member) => hasSigned(certificate, member));
  const quorum = quorumOf(members.length);
  if (signed.length >= quorum) return undefined;
  return `${signed.length} of the ${quorum} signatures that entry ${index} needs verify`;
}

function hasSigned(certificate: NonNullable<ReturnType<typeof certificateAt>>, member: Member): boolean {
  const signature = certificate.signatures.find(({ keyId }) => keyId === member.keyId)?.signature;
  const message = checkpointMessage(certificate.statement);
  return signature !== undefined && verifyNodeSignature(member.algorithm, member.spki, message, signature);
}
