/** Verification of a receipt, step by step: clauses REC-10 and REC-12. */
import {
  type CheckpointStatement,
  checkpointMessage,
  concat,
  decodeCheckpoint,
  type Entry,
  encodeLeaf,
  equal,
  err,
  hex,
  leafHash,
  type Member,
  membershipHash,
  ok,
  quorumOf,
  type Result,
  type SignatureVerifier,
  sha3_256,
  uint64,
  unhex,
  utf8,
  verifyInclusion,
} from '@qfs/core/exact';
import { checkArtifacts, type FoundArtifacts } from './check-artifacts.ts';
import { checkEnvelope } from './check-envelope.ts';
import { readFinishedEntry } from './finished-entry.ts';
import { readGenesis } from './genesis.ts';
import { readPayload, type StatementFacts } from './read-statement.ts';
import { type Receipt, readReceipt } from './receipt.ts';

/** The steps in their order, and what each shows when it passes. */
export const VERIFICATION_STEPS = {
  form: 'The receipt is complete and has its one canonical form.',
  membership: 'GENESIS is the one of the cluster and names the keys of its members.',
  checkpoint: 'More than half of the members signed the checkpoint.',
  inclusion: 'The entry stands in the log at its place, accepted, under the checkpoint.',
  entry: 'The entry ends this job and names the statement by its digest.',
  statement: 'The statement tells of the same job, log, end and outputs as the entry.',
  envelope: 'A member signed the statement with both of its keys.',
  artifacts: 'The files at hand are those that the statement and the entry name.',
} as const satisfies Record<string, string>;

export type VerificationStep = keyof typeof VERIFICATION_STEPS;

export interface StepResult {
  readonly step: VerificationStep;
  readonly ok: boolean;
  /** What was found, or what was expected and was not. */
  readonly detail: string;
}

export interface Verdict {
  readonly ok: boolean;
  /** All steps that were taken; the last one is the one that failed, if one did. */
  readonly steps: readonly StepResult[];
  /** What the receipt proves; absent unless every step passed. */
  readonly facts?: StatementFacts & { readonly finishedIndex: number; readonly treeSize: number };
}

export interface VerifyOptions {
  /** Judges ML-DSA and Ed25519 signatures over SubjectPublicKeyInfo keys. */
  readonly verify: SignatureVerifier;
  /** The cluster that the verifier trusts, as 64 hexadecimal digits; any when absent. */
  readonly clusterId?: string;
  /** SHA-256 of the files at hand, by artifact name. */
  readonly artifacts?: FoundArtifacts;
}

/** Says whether the bytes are a receipt that proves what it says, and why. Never throws on what they hold. */
export function verifyReceipt(bytes: Uint8Array, options: VerifyOptions): Verdict {
  const steps: StepResult[] = [];
  const take = <Value>(
    step: VerificationStep,
    result: Result<Value, string>,
    found: (value: Value) => string,
  ) => {
    steps.push({ step, ok: result.ok, detail: result.ok ? found(result.value) : result.error });
    return result.ok ? result.value : undefined;
  };
  const failed = (): Verdict => ({ ok: false, steps });

  const receipt = take('form', readReceipt(bytes), () => `${bytes.length} bytes`);
  if (receipt === undefined) return failed();
  const members = take('membership', checkMembership(receipt, options), (found) =>
    found.map(({ nodeId }) => nodeId).join(', '),
  );
  if (members === undefined) return failed();
  const checkpoint = take(
    'checkpoint',
    checkCheckpoint(receipt, members, options.verify),
    ({ signed, statement }) =>
      `signed by ${signed} of ${members.length}, ${statement.treeSize} entries, log root ${hex(statement.logRoot)}`,
  );
  if (checkpoint === undefined) return failed();
  const finished = readFinishedEntry(receipt.entry.bytes);
  const included = take('inclusion', checkInclusion(receipt, checkpoint.statement, finished), (root) => root);
  if (included === undefined || !finished.ok) return failed();
  const entry = take('entry', finished.value.names(receipt), () => `JOB_FINISHED of ${receipt.jobId}`);
  if (entry === undefined) return failed();
  const statement = take(
    'statement',
    readPayload(receipt, finished.value),
    ({ state, acceptedIndex }) => `${state}, accepted by entry ${acceptedIndex}`,
  );
  if (statement === undefined) return failed();
  const keys = take('envelope', checkEnvelope(receipt, members, options.verify), (found) => found.join(', '));
  if (keys === undefined) return failed();
  if (options.artifacts !== undefined) {
    const checked = checkArtifacts(statement, finished.value, options.artifacts);
    if (take('artifacts', checked, (count) => `${count} files`) === undefined) return failed();
  }
  const { index: finishedIndex } = receipt.entry;
  return { ok: true, steps, facts: { ...statement, finishedIndex, treeSize: checkpoint.statement.treeSize } };
}

function checkMembership(
  receipt: Receipt,
  { verify, clusterId }: VerifyOptions,
): Result<readonly Member[], string> {
  const { genesis } = receipt.membership;
  const found = hex(sha3_256(genesis));
  if (found !== receipt.clusterId) {
    return err(`the receipt is of cluster ${receipt.clusterId}, its GENESIS founds ${found}`);
  }
  if (clusterId !== undefined && clusterId !== found) {
    return err(`the receipt is of cluster ${found}, trusted is ${clusterId}`);
  }
  return readGenesis(genesis, verify);
}

function checkCheckpoint(
  { checkpoint, clusterId, inclusion }: Receipt,
  members: readonly Member[],
  verify: SignatureVerifier,
): Result<{ statement: CheckpointStatement; signed: number }, string> {
  const decoded = decodeCheckpoint(checkpoint.statement);
  if (!decoded.ok) return err(`the checkpoint cannot be read: ${decoded.error}`);
  const statement = decoded.value;
  if (hex(statement.clusterId) !== clusterId)
    return err(`the checkpoint is of cluster ${hex(statement.clusterId)}`);
  if (statement.treeSize !== inclusion.treeSize) {
    return err(`the checkpoint covers ${statement.treeSize} entries, the path is of ${inclusion.treeSize}`);
  }
  const expected = membershipHash(members);
  if (!equal(statement.membershipHash, expected)) {
    return err(`the checkpoint names members ${hex(statement.membershipHash)}, GENESIS ${hex(expected)}`);
  }
  const message = checkpointMessage(checkpoint.statement);
  const signers = new Set<string>();
  for (const { keyId, signature } of checkpoint.signatures) {
    const member = members.find((one) => one.keyId === keyId);
    if (member === undefined) return err(`${keyId} is no key of a member`);
    if (!verify(member.algorithm, member.spki, message, signature)) {
      return err(`the checkpoint's signature by ${keyId} does not verify`);
    }
    if (signers.has(keyId)) return err(`${keyId} signed the checkpoint twice`);
    signers.add(keyId);
  }
  const quorum = quorumOf(members.length);
  return signers.size >= quorum
    ? ok({ statement, signed: signers.size })
    : err(`${signers.size} members signed the checkpoint, ${quorum} are needed`);
}

const LINK_DOMAIN = utf8('qfs/entry/v1');

function checkInclusion(
  { clusterId, entry, inclusion }: Receipt,
  { treeSize, logRoot }: CheckpointStatement,
  finished: Result<{ readonly entry: Entry }, string>,
): Result<string, string> {
  if (!finished.ok) return err(`the entry cannot be read: ${finished.error}`);
  const cluster = unhex(clusterId);
  if (!cluster.ok) return err(cluster.error);
  const { index, term, previousLink, bytes } = entry;
  const entryHash = sha3_256(
    concat(LINK_DOMAIN, cluster.value, uint64(index), uint64(term), previousLink, bytes),
  );
  const { tick, type } = finished.value.entry;
  const leaf = leafHash(encodeLeaf({ index, entryHash, tick, accepted: true, type }));
  return verifyInclusion({ hash: leaf, index }, { size: treeSize, root: logRoot }, inclusion.hashes)
    ? ok(`entry ${index} of ${treeSize}, link hash ${hex(entryHash)}`)
    : err(`the path from entry ${index} does not lead to the log root ${hex(logRoot)}`);
}
