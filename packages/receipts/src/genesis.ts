/** What GENESIS says about the founding members: `docs/spec/log.md`, clauses LOG-4, LOG-5, LOG-9 and LOG-12. */
import {
  type CborMap,
  type CborValue,
  decodeEntry,
  err,
  isKeyId,
  isNodeId,
  keyIdOf,
  type Member,
  NO_CLUSTER_ID,
  nodeIdOf,
  ok,
  type Result,
  type SignatureVerifier,
  signedMessage,
} from '@qfs/core/exact';

/** The members that GENESIS names, once its signature by one of them is checked. */
export function readGenesis(bytes: Uint8Array, verify: SignatureVerifier): Result<readonly Member[], string> {
  const decoded = decodeEntry(bytes);
  if (!decoded.ok) return err(`GENESIS cannot be read: ${decoded.error}`);
  const entry = decoded.value;
  if (entry.type !== 'GENESIS') return err(`entry 1 is a ${entry.type}, not GENESIS`);
  const listed = entry.body.get('members');
  if (!Array.isArray(listed) || listed.length === 0) return err('GENESIS names no members');
  const members: Member[] = [];
  for (const value of listed as readonly CborValue[]) {
    const member = value instanceof Map ? readMember(value as CborMap) : undefined;
    if (member === undefined) return err('a member of GENESIS contradicts its own key');
    members.push(member);
  }
  const signer = members.find(({ keyId }) => keyId === entry.keyId);
  if (signer === undefined || entry.signature === undefined) return err('GENESIS is not signed by a member');
  const message = signedMessage(NO_CLUSTER_ID, bytes, entry);
  return verify(signer.algorithm, signer.spki, message, entry.signature)
    ? ok(members)
    : err(`the signature of GENESIS by ${signer.keyId} does not verify`);
}

function readMember(fields: CborMap): Member | undefined {
  const [nodeId, keyId, algorithm, spki] = ['node_id', 'key_id', 'algorithm', 'spki'].map((name) =>
    fields.get(name),
  );
  if (typeof nodeId !== 'string' || typeof keyId !== 'string' || typeof algorithm !== 'string')
    return undefined;
  if (!isNodeId(nodeId) || !isKeyId(keyId) || !(spki instanceof Uint8Array)) return undefined;
  return nodeId === nodeIdOf(spki) && keyId === keyIdOf(spki)
    ? { nodeId, keyId, algorithm, spki }
    : undefined;
}
