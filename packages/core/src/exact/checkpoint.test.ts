import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, hex, utf8 } from './bytes.ts';
import { encodeCbor } from './cbor.ts';
import {
  type CheckpointStatement,
  checkpointMessage,
  decodeCheckpoint,
  encodeCheckpoint,
  type Member,
  membershipHash,
  quorumOf,
} from './checkpoint.ts';
import { sha3_256 } from './hash.ts';
import { keyIdOf, nodeIdOf } from './ids.ts';

const STATEMENT: CheckpointStatement = {
  clusterId: new Uint8Array(32).fill(1),
  treeSize: 1000,
  logRoot: new Uint8Array(32).fill(2),
  stateRoot: new Uint8Array(32).fill(3),
  membershipHash: new Uint8Array(32).fill(4),
  configHash: new Uint8Array(32).fill(5),
  level: 1,
  tick: 0,
};

test('LOG-27: a checkpoint statement is read back from its bytes and from no others', () => {
  const bytes = encodeCheckpoint(STATEMENT);
  assert.deepEqual(decodeCheckpoint(bytes), { ok: true, value: STATEMENT });
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 1;
    const read = decodeCheckpoint(changed);
    if (read.ok) assert.deepEqual(encodeCheckpoint(read.value), changed, `byte ${at}`);
  }
});

test('LOG-27: a statement with a wrong, missing or further field is refused by name', () => {
  const field = {
    v: 1,
    cluster_id: new Uint8Array(32),
    tree_size: 1,
    log_root: new Uint8Array(32),
    state_root: new Uint8Array(32),
    membership_hash: new Uint8Array(32),
    config_hash: new Uint8Array(32),
    level: 1,
    tick: 0,
  };
  const refused = (change: object): string => {
    const read = decodeCheckpoint(encodeCbor({ ...field, ...change }));
    return read.ok ? 'accepted' : read.error;
  };
  assert.equal(refused({}), 'accepted');
  assert.equal(refused({ v: 2 }), 'v is 2, not 1');
  assert.equal(refused({ log_root: new Uint8Array(31) }), 'log_root has 32 bytes');
  assert.equal(refused({ tree_size: 0 }), 'tree_size is an integer from 1');
  assert.equal(refused({ tick: 'now' }), 'tick is an integer from 0');
  assert.equal(refused({ note: 'x' }), 'there are unknown fields');
});

test('LOG-27: what is signed begins with its domain', () => {
  assert.equal(
    hex(checkpointMessage(Uint8Array.of(255))),
    hex(concat(utf8('qfs/checkpoint/v1'), Uint8Array.of(255))),
  );
});

test('LOG-27: the membership hash depends on the members and not on the order in which they are told', () => {
  const member = (byte: number): Member => {
    const spki = Uint8Array.of(byte);
    return { nodeId: nodeIdOf(spki), keyId: keyIdOf(spki), algorithm: 'ML-DSA-65', spki };
  };
  const [one, two] = [member(1), member(2)];
  assert.deepEqual(membershipHash([one, two]), membershipHash([two, one]));
  assert.notDeepEqual(membershipHash([one]), membershipHash([one, two]));
  const list = [{ node_id: one.nodeId, key_id: one.keyId, algorithm: 'ML-DSA-65', spki: one.spki }];
  assert.deepEqual(membershipHash([one]), sha3_256(concat(utf8('qfs/membership/v1'), encodeCbor(list))));
});

test('LOG-27: more than half of the members make a quorum', () => {
  assert.deepEqual([1, 2, 3, 4, 5].map(quorumOf), [1, 2, 2, 3, 3]);
});
