import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import {
  checkpointMessage,
  concat,
  decodeCheckpoint,
  digestOf,
  equal,
  membershipHash,
  sha3_256,
  unhex,
  utf8,
  verifyInclusion,
} from '@qfs/core/exact';
import { linkHash } from '../chain.ts';
import type { AppliedOutcome, EntryProof } from '../log.ts';
import { leafHashOf } from '../log-tree.ts';
import { acceptance, TestLog } from '../testing/test-log.ts';
import { readIdentity } from './identity.ts';
import { verifyNodeSignature } from './node-pqc.ts';

const NOOP = { type: 'NOOP', body: {} };

const checkpoint = (log: TestLog): Promise<AppliedOutcome | undefined> =>
  log.call('log.checkpoint', {}) as Promise<AppliedOutcome | undefined>;

test('LOG-27, LOG-28: a checkpoint covers everything before it and is signed by the node', async () => {
  await using log = new TestLog();
  await log.log.propose([acceptance(), acceptance()]);
  const made = await checkpoint(log);
  assert.deepEqual([made?.index, made?.outcome], [4, 'ACCEPTED']);
  const { checkpoint: newest, subsystems, clusterId } = await log.log.status();
  assert.ok(newest !== undefined);
  assert.deepEqual([newest.treeSize, newest.index], [3, 4]);
  const statement = decodeCheckpoint(newest.statement);
  assert.ok(statement.ok);
  const { nodeId, keyId, algorithm, spki } = readIdentity(log.reader);
  assert.equal(statement.value.treeSize, 3);
  assert.deepEqual(unhex(clusterId), { ok: true, value: statement.value.clusterId });
  assert.deepEqual(statement.value.membershipHash, membershipHash([{ nodeId, keyId, algorithm, spki }]));
  assert.deepEqual(
    subsystems.map(({ name }) => name),
    ['governance', 'jobs', 'membership', 'system'],
  );
  const [signature] = newest.signatures;
  assert.ok(signature !== undefined && signature.keyId === keyId);
  assert.ok(verifyNodeSignature(algorithm, spki, checkpointMessage(newest.statement), signature.signature));
});

test('LOG-27: entries about the log itself ask for no checkpoint, so an idle log stays as it is', async () => {
  await using log = new TestLog();
  await checkpoint(log);
  assert.equal(await checkpoint(log), undefined);
  assert.equal((await log.log.status()).appliedIndex, 2);
  await log.reopen();
  assert.equal(await checkpoint(log), undefined);
  await log.log.propose([NOOP]);
  assert.equal((await checkpoint(log))?.index, 4);
});

/** Everything that a stranger checks, who knows the cluster id alone. */
function checkProof(proof: EntryProof, clusterId: Uint8Array): void {
  assert.deepEqual(sha3_256(proof.genesis), clusterId);
  const statement = decodeCheckpoint(proof.checkpoint.statement);
  assert.ok(statement.ok);
  const { index, term, bytes, previousLink: previous } = proof;
  const link = linkHash({ clusterId, index, term, previous, bytes });
  const { treeSize, logRoot } = statement.value;
  assert.equal(proof.inclusion.treeSize, treeSize);
  const type = index === 1 ? 'GENESIS' : index % 7 === 0 ? 'NOBODY_KNOWS' : 'NOOP';
  const outcome = type === 'NOBODY_KNOWS' ? 'REJECTED' : 'ACCEPTED';
  const leaf = { index, hash: leafHashOf({ index, linkHash: link, tick: 0, type, outcome }) };
  assert.ok(
    verifyInclusion(leaf, { size: treeSize, root: logRoot }, proof.inclusion.hashes),
    `entry ${index}`,
  );
}

test('LOG-25: every covered entry is proved by the first checkpoint that covers it, for ever the same', async () => {
  await using log = new TestLog();
  const types = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) =>
      (from + at) % 7 === 0 ? { type: 'NOBODY_KNOWS', body: {} } : NOOP,
    );
  await log.log.propose(types(2, 600));
  assert.equal(await log.log.prove(600), undefined);
  await checkpoint(log);
  const before = await log.log.prove(257);
  await log.log.propose(types(602, 1_100));
  await log.reopen();
  await checkpoint(log);
  assert.deepEqual(await log.log.prove(257), before);
  const { value: clusterId } = unhex((await log.log.status()).clusterId) as { value: Uint8Array };
  for (const index of [1, 2, 7, 256, 257, 512, 599, 600, 602, 768, 769, 1_024, 1_099, 1_100]) {
    const proof = await log.log.prove(index);
    assert.ok(proof !== undefined);
    assert.equal(proof.inclusion.treeSize, index <= 600 ? 600 : 1_100);
    checkProof(proof, clusterId);
  }
  for (const index of [-1, 0, 1_101, 9_999]) assert.equal(await log.log.prove(index), undefined);
});

test('LOG-26: the root is recorded at 256, 512, … and is that of the statement when both fall together', async () => {
  await using log = new TestLog();
  await log.log.propose(Array.from({ length: 511 }, () => acceptance()));
  await checkpoint(log);
  const roots = log.reader.all<{ idx: number; root: Uint8Array }>(
    'SELECT idx, root FROM state_roots ORDER BY idx',
  );
  assert.deepEqual(
    roots.map(({ idx }) => idx),
    [256, 512],
  );
  const statement = decodeCheckpoint((await log.log.status()).checkpoint!.statement);
  assert.ok(statement.ok && equal(statement.value.stateRoot, roots[1]!.root));
  assert.deepEqual(log.reader.all('SELECT key FROM state_dirty WHERE key LIKE ?', 'jobs/%'), []);
});

test('REC-4, REC-5: a payload is sealed once, by the ML-DSA key and an Ed25519 key that it vouches for', async () => {
  await using log = new TestLog();
  const payload = utf8('{"a":1}\n');
  const seal = await log.log.sealStatement('application/x', payload);
  const { statementKey, signatures } = seal;
  const { keyId, nodeId, clusterId, algorithm, spki } = readIdentity(log.reader);
  const message = concat(utf8(`DSSEv1 13 application/x ${payload.length} `), payload);
  const [node, own] = signatures;
  assert.ok(node !== undefined && own !== undefined && signatures.length === 2);
  assert.deepEqual([node.keyId, node.algorithm], [keyId, algorithm]);
  assert.deepEqual([own.keyId, own.algorithm], [statementKey.keyId, 'Ed25519']);
  assert.ok(verifyNodeSignature(algorithm, spki, message, node.signature));
  const key = createPublicKey({ key: Buffer.from(statementKey.spki), format: 'der', type: 'spki' });
  assert.ok(verify(null, message, key, own.signature));
  const cluster = unhex(clusterId) as { value: Uint8Array };
  const binding = concat(utf8('qfs/statement-key/v1'), cluster.value, utf8(nodeId), statementKey.spki);
  assert.ok(verifyNodeSignature(algorithm, spki, binding, statementKey.binding));
  await log.reopen();
  assert.deepEqual(await log.log.sealStatement('application/x', payload), seal);
  const other = await log.log.sealStatement('application/y', payload);
  assert.notDeepEqual(other.signatures, signatures);
  assert.deepEqual(other.statementKey, statementKey);
  assert.notEqual(digestOf(other.signatures[0]!.signature), digestOf(node.signature));
});
