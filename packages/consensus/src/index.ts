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
} from './log.ts';
