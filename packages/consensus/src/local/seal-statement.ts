import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { assert, type SqlDatabase } from '@qfs/core';
import type { PqcProvider } from '@qfs/core/crypto';
import { envelopeMessage, type KeyId, keyIdOf, type NodeId, statementKeyMessage } from '@qfs/core/exact';
import type { StatementKey, StatementSeal } from '../log.ts';
import { type NodeKey, signAsNode } from './identity.ts';
import { nodeSha256 } from './node-sha256.ts';

const ALGORITHM = 'Ed25519';

/** A DSSE payload: `docs/spec/receipts.md`, clause REC-4. */
export interface StatementPayload {
  readonly payloadType: string;
  readonly payload: Uint8Array;
}

/** What signs statements: the cluster it speaks of and the node's keys. */
export interface Sealer {
  /** 32 bytes. */
  readonly clusterId: Uint8Array;
  readonly key: NodeKey;
  readonly pqc: PqcProvider;
}

/**
 * Signs a payload with both keys of the node, once: ML-DSA signatures are drawn anew each time, and a
 * receipt is to be the same whenever it is asked for.
 */
export function sealStatement(
  database: SqlDatabase,
  argument: StatementPayload,
  sealer: Sealer,
): StatementSeal {
  const made = findSeal(database, argument);
  if (made !== undefined) return made;
  const message = envelopeMessage(argument.payloadType, argument.payload);
  ensureStatementKey(database, sealer);
  database.run(
    'INSERT INTO statement_seals (digest, node_signature, statement_signature) VALUES (?, ?, ?)',
    nodeSha256(message),
    signAsNode(database, sealer.pqc, message),
    signWithStatementKey(database, message),
  );
  const seal = findSeal(database, argument);
  assert(seal !== undefined, 'what was just signed is there');
  return seal;
}

type SealRow = {
  node_signature: Uint8Array;
  statement_signature: Uint8Array;
  node_key_id: string;
  node_algorithm: string;
  key_id: string;
  node_id: string;
  spki: Uint8Array;
  binding: Uint8Array;
};

/** The signatures that were made for a payload. Any connection may ask. */
export function findSeal(database: SqlDatabase, argument: StatementPayload): StatementSeal | undefined {
  const row = database.get<SealRow>(
    `SELECT node_signature, statement_signature, n.key_id AS node_key_id, n.algorithm AS node_algorithm,
            k.key_id, k.node_id, k.spki, k.binding
     FROM statement_seals, node_key n, statement_key k WHERE digest = ?`,
    nodeSha256(envelopeMessage(argument.payloadType, argument.payload)),
  );
  if (row === undefined) return undefined;
  const statementKey: StatementKey = {
    keyId: row.key_id as KeyId,
    nodeId: row.node_id as NodeId,
    algorithm: ALGORITHM,
    spki: row.spki,
    binding: row.binding,
  };
  const node = {
    keyId: row.node_key_id as KeyId,
    algorithm: row.node_algorithm,
    signature: row.node_signature,
  };
  const own = { keyId: statementKey.keyId, algorithm: ALGORITHM, signature: row.statement_signature };
  return { signatures: [node, own], statementKey };
}

/**
 * Draws the Ed25519 key when a statement is first signed, and has the node's key vouch for it: clause REC-5.
 */
function ensureStatementKey(database: SqlDatabase, { clusterId, key, pqc }: Sealer): void {
  if (database.get('SELECT 1 FROM statement_key') !== undefined) return;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const message = statementKeyMessage(clusterId, key.nodeId, spki);
  database.run(
    `INSERT INTO statement_key (key_id, node_id, algorithm, spki, private_key, binding)
     VALUES (?, ?, ?, ?, ?, ?)`,
    keyIdOf(spki),
    key.nodeId,
    ALGORITHM,
    spki,
    new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })),
    signAsNode(database, pqc, message),
  );
}

function signWithStatementKey(database: SqlDatabase, message: Uint8Array): Uint8Array {
  const { private_key } = database.get<{ private_key: Uint8Array }>('SELECT private_key FROM statement_key')!;
  const key = createPrivateKey({ key: Buffer.from(private_key), type: 'pkcs8', format: 'der' });
  return new Uint8Array(sign(null, message, key));
}
