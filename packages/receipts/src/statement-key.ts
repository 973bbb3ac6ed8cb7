import { concat, type NodeId, utf8 } from '@qfs/core/exact';

/** What a node's ML-DSA key signs to vouch for its Ed25519 key: clause REC-5. */
export const statementKeyMessage = (clusterId: Uint8Array, nodeId: NodeId, spki: Uint8Array): Uint8Array =>
  concat(utf8('qfs/statement-key/v1'), clusterId, utf8(nodeId), spki);
