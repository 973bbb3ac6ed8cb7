import { assert, type SqlDatabase } from '@qfs/core';
import {
  type CborMap,
  type Checkpoint,
  type CheckpointStatement,
  decodeCheckpoint,
  decodeEntry,
  type Entry,
  type KeyId,
} from '@qfs/core/exact';
import type { Certificate } from '../log.ts';

export const CHECKPOINT = 'CHECKPOINT';

/**
 * Keeps the place of a certificate that was accepted. Its bytes are those of the entry, which stay in the
 * database.
 */
export function noteCertificate(database: SqlDatabase, index: number, entry: Entry): void {
  if (entry.type !== CHECKPOINT) return;
  const { treeSize } = statementOf(certificateIn(entry.body));
  database.run('INSERT INTO checkpoints (tree_size, idx) VALUES (?, ?)', treeSize, index);
}

/** The oldest certificate that covers an entry: what is proved by it stays the same for ever. */
export const certificateFor = (database: SqlDatabase, index: number): Certificate | undefined =>
  findCertificate(database, 'WHERE tree_size >= ? ORDER BY tree_size LIMIT 1', index);

/** The certificate of a CHECKPOINT entry. */
export const certificateAt = (database: SqlDatabase, index: number): Certificate | undefined =>
  findCertificate(database, 'WHERE idx = ?', index);

export const newestCertificate = (database: SqlDatabase): Certificate | undefined =>
  findCertificate(database, 'ORDER BY tree_size DESC LIMIT 1');

/** Entries that a certificate covers; 0 before the first. */
export const coveredIndex = (database: SqlDatabase): number =>
  database.get<{ covered: number }>('SELECT coalesce(max(tree_size), 0) AS covered FROM checkpoints')!
    .covered;

function findCertificate(
  database: SqlDatabase,
  which: string,
  ...parameters: number[]
): Certificate | undefined {
  const row = database.get<{ tree_size: number; idx: number; bytes: Uint8Array }>(
    `SELECT tree_size, idx, (SELECT bytes FROM log WHERE log.idx = checkpoints.idx) AS bytes
     FROM checkpoints ${which}`,
    ...parameters,
  );
  if (row === undefined) return undefined;
  const entry = decodeEntry(row.bytes);
  assert(entry.ok && entry.value.type === CHECKPOINT, () => `entry ${row.idx} holds no certificate`);
  return { ...certificateIn(entry.value.body), treeSize: row.tree_size, index: row.idx };
}

/** The certificate in the body of an accepted CHECKPOINT. */
function certificateIn(body: CborMap): Checkpoint {
  const signatures = body.get('signatures') as readonly CborMap[];
  return {
    statement: body.get('statement') as Uint8Array,
    signatures: signatures.map((of) => ({
      keyId: of.get('key_id') as KeyId,
      signature: of.get('signature') as Uint8Array,
    })),
  };
}

export function statementOf({ statement }: Checkpoint): CheckpointStatement {
  const decoded = decodeCheckpoint(statement);
  assert(decoded.ok, () => `the statement of a certificate cannot be read: ${decoded.ok || decoded.error}`);
  return decoded.value;
}
