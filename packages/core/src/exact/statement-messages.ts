/** What is signed about a statement: `docs/spec/receipts.md`, clauses REC-4 and REC-5. */
import { concat, utf8 } from './bytes.ts';
import type { NodeId } from './ids.ts';

/**
 * The pre-authentication encoding of an envelope: Dead Simple Signing Envelope v1
 * (github.com/secure-systems-lab/dsse).
 */
export function envelopeMessage(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType);
  return concat(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}

/** What a node's ML-DSA key signs to vouch for its Ed25519 key. */
export const statementKeyMessage = (clusterId: Uint8Array, nodeId: NodeId, spki: Uint8Array): Uint8Array =>
  concat(utf8('qfs/statement-key/v1'), clusterId, utf8(nodeId), spki);
