import { assert, type SqlDatabase } from '@qfs/core';
import type { PqcAlgorithm, PqcProvider } from '@qfs/core/crypto';
import { type ClusterId, hex, type KeyId, keyIdOf, type NodeId, nodeIdOf } from '@qfs/core/exact';
import { readHead } from './head.ts';

/** A node's key, without its private half. */
export interface NodeKey {
  readonly nodeId: NodeId;
  readonly keyId: KeyId;
  readonly algorithm: PqcAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

/** Who this node is, and of which cluster. */
export interface Identity extends NodeKey {
  readonly clusterId: ClusterId;
}

type KeyRow = { key_id: string; node_id: string; algorithm: string; spki: Uint8Array };

/** The identity that the file holds. Any connection may read it once the writer has started. */
export function readIdentity(database: SqlDatabase): Identity {
  const head = readHead(database);
  const key = readNodeKey(database);
  assert(head !== undefined && key !== undefined, 'the log has an identity once its writer has started');
  return { ...key, clusterId: hex(head.clusterId) as ClusterId };
}

export function readNodeKey(database: SqlDatabase): NodeKey | undefined {
  const row = database.get<KeyRow>('SELECT key_id, node_id, algorithm, spki FROM node_key');
  if (row === undefined) return undefined;
  return {
    nodeId: row.node_id as NodeId,
    keyId: row.key_id as KeyId,
    algorithm: row.algorithm as PqcAlgorithm,
    spki: row.spki,
  };
}

/**
 * Draws this node's first key. It lives beside the log: losing one loses both, so neither can be replayed
 * alone.
 */
export function createNodeKey(database: SqlDatabase, pqc: PqcProvider): NodeKey {
  const { spki, privateKey } = pqc.generateKeyPair();
  const key: NodeKey = { nodeId: nodeIdOf(spki), keyId: keyIdOf(spki), algorithm: pqc.algorithm, spki };
  database.run(
    'INSERT INTO node_key (key_id, node_id, algorithm, spki, private_key) VALUES (?, ?, ?, ?, ?)',
    key.keyId,
    key.nodeId,
    key.algorithm,
    spki,
    privateKey,
  );
  return key;
}

/** Signs with this node's key. */
export function signAsNode(database: SqlDatabase, pqc: PqcProvider, message: Uint8Array): Uint8Array {
  const row = database.get<{ private_key: Uint8Array }>('SELECT private_key FROM node_key');
  assert(row !== undefined, 'the node has a key before it signs');
  return pqc.sign(row.private_key, message);
}
