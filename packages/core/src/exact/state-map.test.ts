import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, uint32, utf8 } from './bytes.ts';
import { levelSupportMessage } from './checkpoint.ts';
import { sha256 } from './hash.ts';
import { nodeIdOf } from './ids.ts';
import { stateLeafHash, statePath, stateRootOf, subsystemOf, verifyStateProof } from './state-map.ts';

const H = (...parts: readonly Uint8Array[]): Uint8Array => sha256(concat(...parts));

test('LOG-26: a state of one key, by hand', () => {
  const value = utf8('value');
  const root = stateLeafHash({ path: statePath('jobs/a'), valueHash: sha256(value) });
  const path = H(utf8('qfs/state-key/v1'), utf8('jobs/a'));
  assert.deepEqual(root, H(Uint8Array.of(0), path, sha256(value)));
  const stateRoot = stateRootOf([{ name: 'jobs', root }]);
  assert.deepEqual(stateRoot, H(utf8('qfs/state-root/v1'), uint32(1), uint32(4), utf8('jobs'), root));
  const proof = { key: 'jobs/a', subsystems: [{ name: 'jobs', root }], siblings: [] };
  assert.ok(verifyStateProof({ ...proof, value }, stateRoot));
  assert.equal(verifyStateProof({ ...proof, value: utf8('other') }, stateRoot), false);
  assert.equal(verifyStateProof(proof, stateRoot), false);
  const other = { path, valueHash: sha256(value) };
  assert.ok(verifyStateProof({ ...proof, key: 'jobs/b', other }, stateRoot));
  assert.ok(verifyStateProof({ ...proof, key: 'nodes/b' }, stateRoot));
});

test('a state key begins with its subsystem', () => {
  assert.equal(subsystemOf('jobs/a/b'), 'jobs');
  for (const key of ['', '/a', 'jobs']) {
    assert.throws(() => subsystemOf(key), { message: /^a state key begins with its subsystem and a slash/ });
  }
});

test('LOG-23: an announcement names cluster, level and node', () => {
  const clusterId = new Uint8Array(32).fill(7);
  const nodeId = nodeIdOf(utf8('a node'));
  const level = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2);
  const message = concat(utf8('qfs/level-support/v1'), clusterId, level, utf8(nodeId));
  assert.deepEqual(levelSupportMessage(clusterId, 2, nodeId), message);
});
