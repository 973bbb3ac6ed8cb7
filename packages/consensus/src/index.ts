/** `@qfs/consensus`: the replicated log. Its hosts are entries of their own: `@qfs/consensus/local`. */
export {
  CHAIN_START,
  type ChainEntry,
  type ChainHead,
  clusterIdOf,
  effectsHash,
  extendChain,
  type Link,
  linkHash,
  type Sha3,
  ZERO_HASH,
} from './chain.ts';
export {
  type AppliedOutcome,
  type Certificate,
  type EntryProof,
  LOG_READ_ENTRIES_MAX,
  type Log,
  type LogProofs,
  type LogStatus,
  type Proposal,
  type ProposeOutcome,
  type StatementKey,
  type StatementSeal,
  type StoredEntry,
  type UnknownOutcome,
  type Verification,
  type VerifyProgress,
} from './log.ts';
export {
  type QfsReplaySource,
  type Replay,
  type ReplayHead,
  type ReplayMachine,
  type ReplayOptions,
  replay,
} from './replay.ts';
export { decodeSegment, type Segment, type SegmentEntry } from './segment.ts';
export { decodeSnapshot, type Snapshot, type SnapshotHead } from './snapshot.ts';
