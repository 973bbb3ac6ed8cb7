import { assert, type KeyId, type NodeId } from '@qfs/core/exact';
import { KEY, type KeyRecord, keyKey, NODE, NODES, nodeKey } from './records.ts';
import type { Transaction } from './transaction.ts';

/** A member and the newest of its keys, by which its word on checkpoints and levels is judged. */
interface MemberKey {
  readonly nodeId: NodeId;
  readonly keyId: KeyId;
  readonly key: KeyRecord;
}

/** The members in force, ascending by node id. */
export function membersOf(transaction: Transaction): readonly MemberKey[] {
  return transaction.keysUnder(NODES).map((key) => {
    const nodeId = key.slice(NODES.length) as NodeId;
    const keyId = transaction.existing(nodeKey(nodeId), NODE).keyIds.at(-1);
    assert(keyId !== undefined, () => `${nodeId} has no key`);
    return { nodeId, keyId, key: transaction.existing(keyKey(keyId), KEY) };
  });
}
