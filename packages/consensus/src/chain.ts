/** The hashes that tie the log together: `docs/spec/log.md`, clauses LOG-5 to LOG-8. */
import {
  type Applied,
  type ClusterId,
  concat,
  equal,
  hex,
  sha3_256,
  uint32,
  uint64,
  utf8,
} from '@qfs/core/exact';

/** What stands where the first entry would have a predecessor, and for the value of a deleted key. */
export const ZERO_HASH: Uint8Array = new Uint8Array(32);

/**
 * The state root is recorded at every index that this number divides, and in every checkpoint: clause
 * LOG-26.
 */
export const STATE_ROOT_ENTRIES = 256;

/** SHA3-256 of the parts, one after the other. Hosts may bring the implementation of their runtime. */
export type Sha3 = (...parts: readonly Uint8Array[]) => Uint8Array;

const pureSha3: Sha3 = (...parts) => sha3_256(concat(...parts));
const LINK_DOMAIN = utf8('qfs/entry/v1');
const EFFECTS_DOMAIN = utf8('qfs/effects/v1');

/** The cluster's id is the hash of its GENESIS entry's bytes. */
export const clusterIdOf = (genesisBytes: Uint8Array): ClusterId => hex(sha3_256(genesisBytes)) as ClusterId;

export interface Link {
  /** 32 bytes. */
  readonly clusterId: Uint8Array;
  readonly index: number;
  readonly term: number;
  /** The link hash of the entry before, `ZERO_HASH` at index 1. */
  readonly previous: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Binds an entry to its place: cluster, index, term and everything before it. */
export const linkHash = ({ clusterId, index, term, previous, bytes }: Link, sha3 = pureSha3): Uint8Array =>
  sha3(LINK_DOMAIN, clusterId, uint64(index), uint64(term), previous, bytes);

/** Binds what the entries so far have done to the state, so that two nodes that disagree see it at once. */
export function effectsHash(
  previous: Uint8Array,
  index: number,
  applied: Applied,
  sha3 = pureSha3,
): Uint8Array {
  const parts = [EFFECTS_DOMAIN, previous, uint64(index)];
  if (applied.outcome === 'ACCEPTED') {
    parts.push(Uint8Array.of(1), uint32(applied.writes.length));
    for (const { key, value } of applied.writes) {
      const keyBytes = utf8(key);
      parts.push(uint32(keyBytes.length), keyBytes, value === undefined ? ZERO_HASH : sha3(value));
    }
  } else {
    const code = utf8(applied.code);
    parts.push(Uint8Array.of(0), uint32(code.length), code);
  }
  return sha3(...parts);
}

/** A stored entry beside what is kept with it. */
export interface ChainEntry {
  readonly index: number;
  readonly term: number;
  readonly bytes: Uint8Array;
  readonly linkHash: Uint8Array;
}

/** Where a check of the chain stands: the last entry that was found good. */
export interface ChainHead {
  readonly index: number;
  readonly term: number;
  readonly linkHash: Uint8Array;
}

export const CHAIN_START: ChainHead = { index: 0, term: 0, linkHash: ZERO_HASH };

/** The head after `entry`, or a sentence that says what is wrong with it. */
export function extendChain(
  clusterId: Uint8Array,
  head: ChainHead,
  entry: ChainEntry,
  sha3 = pureSha3,
): ChainHead | string {
  const { index, term, bytes, linkHash: stored } = entry;
  if (index !== head.index + 1) return `entry ${head.index + 1} is missing: the next one is ${index}`;
  if (term < head.term) return `entry ${index} has term ${term} after term ${head.term}`;
  if (index === 1 && !equal(clusterId, sha3(bytes))) return 'entry 1 is not the GENESIS of this cluster';
  const expected = linkHash({ clusterId, index, term, previous: head.linkHash, bytes }, sha3);
  if (!equal(expected, stored)) {
    return `entry ${index} has the link hash ${hex(stored)}; its bytes and predecessor give ${hex(expected)}`;
  }
  return { index, term, linkHash: stored };
}
