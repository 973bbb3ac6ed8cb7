/** `@qfs/core/exact`: bytes, ids, hashes, deterministic CBOR. No floats, no I/O: all that the fabric may import. */
export type {
  Applied,
  Applier,
  Effect,
  LogRecord,
  SignatureVerifier,
  StateReader,
  StateWrite,
  TransactionContext,
} from './applier.ts';
export { AssertionError, assert, unreachable } from './assert.ts';
export { base32, compare, concat, equal, hex, uint32, uint64, unhex, utf8, utf8Decode } from './bytes.ts';
export {
  type CborFault,
  type CborInput,
  type CborMap,
  type CborValue,
  decodeCbor,
  encodeCbor,
} from './cbor.ts';
export {
  type Checkpoint,
  type CheckpointSignature,
  type CheckpointStatement,
  checkpointMessage,
  decodeCheckpoint,
  encodeCheckpoint,
  levelSupportMessage,
  type Member,
  membershipHash,
  quorumOf,
} from './checkpoint.ts';
export { EncodingError } from './encoding-error.ts';
export { type Actor, decodeEntry, type Entry, encodeEntry, NO_CLUSTER_ID, signedMessage } from './entry.ts';
export {
  digestOf,
  type IncrementalHash,
  incrementalSha3_256,
  incrementalSha256,
  sha3_256,
  sha256,
  taggedHash,
} from './hash.ts';
export {
  type AccountId,
  type ClusterId,
  type Digest,
  type EntryId,
  ID_RANDOM_BYTES,
  isAccountId,
  isClusterId,
  isDigest,
  isEntryId,
  isJobId,
  isKeyId,
  isLogIndex,
  isNodeId,
  isTenantId,
  isTerm,
  JOB_ID_RANDOM_BYTES,
  type JobId,
  type KeyId,
  keyIdOf,
  type LogIndex,
  type NodeId,
  newAccountId,
  newEntryId,
  newJobId,
  nodeIdOf,
  type TenantId,
  type Term,
} from './ids.ts';
export {
  encodeLeaf,
  type LeafRecord,
  leafHash,
  rootOfPath,
  type Sha256,
  treeNodeHash,
  verifyInclusion,
} from './log-tree.ts';
export { err, ok, type Result } from './result.ts';
export {
  bitAt,
  EMPTY_SUBTREE,
  encodeSubsystems,
  type NodeStore,
  type OpenStateMap,
  STATE_PATH_BITS,
  type StateLeaf,
  type StateMap,
  type StateProof,
  type SubsystemRoot,
  stateLeafHash,
  stateNodeHash,
  statePath,
  stateRootOf,
  subsystemOf,
  verifyStateProof,
} from './state-map.ts';
export { envelopeMessage, statementKeyMessage } from './statement-messages.ts';
