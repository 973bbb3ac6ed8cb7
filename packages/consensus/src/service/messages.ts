import { type CborValue, type Checkpoint, decodeCheckpoint, decodeEntry, hex } from '@qfs/core/exact';
import { type JsonInput, stringifyJson } from '@qfs/core/json';
import { EntryOutcome } from '@qfs/rpc/fabric';
import type { EntryProof, LogStatus, StoredEntry } from '../log.ts';

export function statusMessage(status: LogStatus) {
  const { term, appliedIndex, tick, epoch, archivedIndex, checkpoint, subsystems, ...rest } = status;
  return {
    ...rest,
    term: BigInt(term),
    appliedIndex: BigInt(appliedIndex),
    tick: BigInt(tick),
    epoch: BigInt(epoch),
    archivedIndex: BigInt(archivedIndex),
    subsystems: subsystems.map((one) => ({ ...one })),
    ...(checkpoint === undefined ? {} : { checkpoint: checkpointMessage(checkpoint) }),
  };
}

export function entryMessage(entry: StoredEntry) {
  const { index, term, entryId, type, tick, outcome, code, bytes, linkHash, effectsHash } = entry;
  return {
    index: BigInt(index),
    term: BigInt(term),
    entryId,
    type,
    tick: BigInt(tick),
    outcome: outcome === 'ACCEPTED' ? EntryOutcome.ACCEPTED : EntryOutcome.REJECTED,
    code: code ?? '',
    bytes,
    linkHash,
    effectsHash,
    bodyJson: bodyJson(bytes),
  };
}

export const proofMessage = (proof: EntryProof) => ({
  index: BigInt(proof.index),
  term: BigInt(proof.term),
  bytes: proof.bytes,
  previousLink: proof.previousLink,
  treeSize: BigInt(proof.inclusion.treeSize),
  hashes: [...proof.inclusion.hashes],
  checkpoint: checkpointMessage(proof.checkpoint),
  genesis: proof.genesis,
});

function checkpointMessage({ statement, signatures }: Checkpoint) {
  const decoded = decodeCheckpoint(statement);
  const { treeSize, logRoot, stateRoot } = decoded.ok ? decoded.value : EMPTY;
  return {
    statement,
    signatures: signatures.map(({ keyId, signature }) => ({ keyId, signature })),
    treeSize: BigInt(treeSize),
    logRoot,
    stateRoot,
  };
}

const EMPTY = { treeSize: 0, logRoot: new Uint8Array(), stateRoot: new Uint8Array() };

/** An entry's body for people; empty when the bytes are no entry. */
function bodyJson(bytes: Uint8Array): string {
  const decoded = decodeEntry(bytes);
  return decoded.ok ? stringifyJson(jsonOf(decoded.value.body)) : '';
}

function jsonOf(value: CborValue): JsonInput {
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return value;
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, jsonOf(item)] as const));
  return (value as readonly CborValue[]).map(jsonOf);
}
