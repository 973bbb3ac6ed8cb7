import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unhex, utf8 } from './bytes.ts';
import * as ids from './ids.ts';

const bytesOf = (text: string): Uint8Array => {
  const bytes = unhex(text);
  assert.ok(bytes.ok);
  return bytes.value;
};

test('LOG-9: a job id is the UUIDv7 of RFC 9562 appendix A.6 behind its prefix', () => {
  // The example is 017F22E2-79B0-7CC3-98C4-DC0C0C07398F: bits under version and variant are overwritten.
  const id = ids.newJobId(0x017f_22e2_79b0, bytesOf('0cc318c4dc0c0c07398f'));
  assert.equal(id, 'job_017f22e279b07cc398c4dc0c0c07398f');
});

test('job ids are valid and sort by their time, whatever the random bytes', () => {
  const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  const random = fc.uint8Array({ minLength: ids.JOB_ID_RANDOM_BYTES, maxLength: ids.JOB_ID_RANDOM_BYTES });
  fc.assert(
    fc.property(time, time, random, random, (a, b, x, y) => {
      const [first, second] = [ids.newJobId(a, x), ids.newJobId(b, y)];
      assert.ok(ids.isJobId(first) && ids.isJobId(second));
      if (a !== b) assert.equal(first < second, a < b);
    }),
  );
});

test('a job id needs whole milliseconds below 2^48 and ten random bytes', () => {
  for (const [nowMs, length] of [
    [2 ** 48, 10],
    [-1, 10],
    [0.5, 10],
    [0, 9],
  ] as const) {
    assert.throws(() => ids.newJobId(nowMs, new Uint8Array(length)), { name: 'AssertionError' });
  }
});

test('LOG-9: node, key, account and entry ids have the shapes that their validators take', () => {
  const spki = utf8('a public key');
  const random = new Uint8Array(ids.ID_RANDOM_BYTES).fill(7);
  const made = {
    node: [ids.nodeIdOf(spki), ids.isNodeId, 'node_ihlvukomdn36vcnr5ftpewmgun'],
    key: [ids.keyIdOf(spki), ids.isKeyId, 'key_dpnipms3h4q3qr62g53hbtht3x'],
    account: [ids.newAccountId(random), ids.isAccountId, 'acct_a4dqobyha4dqobyha4dqobyha4'],
    entry: [ids.newEntryId(random), ids.isEntryId, 'entry_a4dqobyha4dqobyha4dqobyha4'],
  } as const;
  for (const [id, isId, expected] of Object.values(made)) {
    assert.equal(id, expected);
    assert.ok(isId(id));
  }
});

test('a text of the wrong prefix, alphabet or length is no id', () => {
  const digits = '0'.repeat(64);
  const wrong: [(text: string) => boolean, string[]][] = [
    [ids.isJobId, ['', 'job_', `job_${'0'.repeat(32)}`, 'JOB_017f22e279b07cc398c4dc0c0c07398f']],
    [ids.isNodeId, [`node_${'a'.repeat(25)}`, `node_${'a'.repeat(27)}`, `node_${'1'.repeat(26)}`]],
    [ids.isEntryId, [`entry_${'a'.repeat(25)}`, `entry_${'a'.repeat(53)}`]],
    [ids.isAccountId, [`acct_${'A'.repeat(26)}`, `acct_${'a'.repeat(26)}\n`]],
    [ids.isKeyId, [`node_${'a'.repeat(26)}`]],
    [ids.isClusterId, [digits.slice(1), `${digits}0`, digits.replace('0', 'A')]],
    [ids.isDigest, [digits, `sha256:${digits.slice(1)}`, `sha3:${digits}`]],
    [ids.isTenantId, ['', '-a', 'A', 'a'.repeat(65)]],
  ];
  for (const [isId, texts] of wrong) for (const text of texts) assert.equal(isId(text), false, text);
  assert.ok(ids.isClusterId(digits) && ids.isDigest(`sha256:${digits}`) && ids.isTenantId('tenant-default'));
});

test('indexes and terms count from 1', () => {
  for (const isPosition of [ids.isLogIndex, ids.isTerm]) {
    assert.deepEqual([1, 2 ** 53 - 1, 0, -1, 1.5, 2 ** 53].map(isPosition), [
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  }
});
