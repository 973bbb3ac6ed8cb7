import {
  envelopeMessage,
  err,
  keyIdOf,
  type Member,
  ok,
  type Result,
  type SignatureVerifier,
  statementKeyMessage,
  unhex,
} from '@qfs/core/exact';
import type { Receipt } from './receipt.ts';

interface Key {
  readonly keyId: string;
  readonly nodeId: string;
  readonly algorithm: string;
  readonly spki: Uint8Array;
}

/** One member must have signed with its ML-DSA key and with an Ed25519 key that the former vouches for. */
export function checkEnvelope(
  receipt: Receipt,
  members: readonly Member[],
  verify: SignatureVerifier,
): Result<readonly string[], string> {
  const bound = checkStatementKeys(receipt, members, verify);
  if (!bound.ok) return bound;
  const keys: readonly Key[] = [...members, ...bound.value];
  const { payloadType, payload, signatures } = receipt.envelope;
  const message = envelopeMessage(payloadType, payload);
  const signed: Key[] = [];
  for (const { keyId, algorithm, signature } of signatures) {
    const key = keys.find((one) => one.keyId === keyId);
    if (key === undefined) return err(`the envelope is signed by ${keyId}, which is no key of a member`);
    if (key.algorithm !== algorithm) return err(`${keyId} is a key of ${key.algorithm}, not ${algorithm}`);
    if (!verify(algorithm, key.spki, message, signature)) {
      return err(`the envelope's signature by ${keyId} does not verify`);
    }
    if (signed.includes(key)) return err(`${keyId} signed the envelope twice`);
    signed.push(key);
  }
  const isComplete = members.some(
    (member) =>
      signed.includes(member) && signed.some((key) => key !== member && key.nodeId === member.nodeId),
  );
  return isComplete
    ? ok(signed.map(({ keyId, algorithm }) => `${algorithm} ${keyId}`))
    : err('no member signed the envelope with both of its keys');
}

function checkStatementKeys(
  { clusterId, membership }: Receipt,
  members: readonly Member[],
  verify: SignatureVerifier,
): Result<readonly Key[], string> {
  const cluster = unhex(clusterId);
  if (!cluster.ok) return err(cluster.error);
  for (const { keyId, nodeId, algorithm, spki, binding } of membership.statementKeys) {
    const member = members.find((one) => one.nodeId === nodeId);
    if (member === undefined) return err(`the statement key ${keyId} is of ${nodeId}, which is no member`);
    if (algorithm !== 'Ed25519') return err(`the statement key ${keyId} is of ${algorithm}, not Ed25519`);
    if (keyId !== keyIdOf(spki)) return err(`${keyId} is not the id of the statement key`);
    const message = statementKeyMessage(cluster.value, member.nodeId, spki);
    if (!verify(member.algorithm, member.spki, message, binding)) {
      return err(`${member.keyId} does not vouch for the statement key ${keyId}`);
    }
  }
  return ok(membership.statementKeys);
}
