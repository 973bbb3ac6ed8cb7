import { AssertionError, type SqlDatabase } from '@qfs/core';
import { equal } from '@qfs/core/exact';
import { CHAIN_START, extendChain } from '../chain.ts';
import { TILE_LEAVES } from '../log-tree.ts';
import { newestCertificate } from './certificates.ts';
import { readContext } from './facts.ts';
import { type LogHead, readHead } from './head.ts';
import { readNodeKey } from './identity.ts';
import { nodeSha3 } from './node-sha3.ts';
import { readEntries } from './rows.ts';
import { stateOf } from './state-rows.ts';
import { checkCertificate, checkTree } from './verify.ts';

/**
 * What is wrong with the end of the log, if anything: a look cheap enough for every start, which finds a file
 * that is torn or put together from two. `verify` looks at all of it.
 */
export function findDamage(database: SqlDatabase): string | undefined {
  try {
    const head = readHead(database);
    if (head !== undefined) return damagedEnd(database, head) ?? damagedTrees(database, head);
    return readEntries(database, 0, 1).length === 0
      ? undefined
      : 'there are entries, but the head is missing';
  } catch (thrown) {
    // What cannot be read breaks an invariant of whoever reads it.
    if (thrown instanceof AssertionError) return thrown.message;
    throw thrown;
  }
}

/** The newest tile and the newest certificate, if the file has got that far. */
function damagedTrees(database: SqlDatabase, { appliedIndex }: LogHead): string | undefined {
  readContext(stateOf(database));
  const certificate = newestCertificate(database);
  const tile = appliedIndex - (appliedIndex % TILE_LEAVES);
  const isTreeBegun = database.get('SELECT 1 FROM log_tree') !== undefined;
  return (
    (isTreeBegun && tile > 0 ? checkTree(database, tile) : undefined) ??
    (certificate === undefined ? undefined : checkCertificate(database, certificate.index))
  );
}

function damagedEnd(database: SqlDatabase, head: LogHead): string | undefined {
  const { appliedIndex, clusterId, linkHash } = head;
  const entries = readEntries(database, appliedIndex - 1, appliedIndex + 1);
  const [before, last, beyond] = appliedIndex === 1 ? [CHAIN_START, ...entries] : entries;
  if (before === undefined || last === undefined || !('bytes' in last)) {
    return `the entries up to ${appliedIndex} are not all there`;
  }
  if (beyond !== undefined) return `there is an entry behind ${appliedIndex}, the last one that was applied`;
  const extended = extendChain(clusterId, before, last, nodeSha3);
  if (typeof extended === 'string') return extended;
  if (!equal(extended.linkHash, linkHash)) return `entry ${appliedIndex} is not the one that the head names`;
  return readNodeKey(database) === undefined ? 'the key of this node is missing' : undefined;
}
