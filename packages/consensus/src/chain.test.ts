import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  type Applied,
  type CborInput,
  decodeEntry,
  type Entry,
  type EntryId,
  encodeEntry,
  hex,
  type KeyId,
  type NodeId,
  sha3_256,
  signedMessage,
  utf8,
} from '@qfs/core/exact';
import fc from 'fast-check';
import {
  CHAIN_START,
  clusterIdOf,
  effectsHash,
  extendChain,
  type Link,
  linkHash,
  ZERO_HASH,
} from './chain.ts';

const id = 'b'.repeat(26);
const entry: Entry<CborInput> = {
  type: 'JOB_FINISHED',
  level: 1,
  entryId: `entry_${id}` as EntryId,
  actor: `node_${id}` as NodeId,
  keyId: `key_${id}` as KeyId,
  nonce: 0,
  tick: 300,
  body: {
    state: 'DONE',
    attempt: 1,
    manifest: [{ name: 'results.json', sha256: sha3_256(utf8('results')) }],
  },
  signature: utf8('signature'),
};
const accepted = (bytes: Uint8Array): Applied => {
  const decoded = decodeEntry(bytes);
  assert.ok(decoded.ok);
  const writes = [
    { key: 'jobs/a', value: undefined },
    { key: 'jobs/b', value: utf8('value') },
  ];
  return { outcome: 'ACCEPTED', entry: decoded.value, writes, effects: [] };
};

test('LOG-2 to LOG-8: the published vectors', () => {
  const bytes = encodeEntry(entry);
  const clusterId = sha3_256(utf8('genesis'));
  const link: Link = { clusterId, index: 2, term: 3, previous: sha3_256(utf8('previous')), bytes };
  const rejected: Applied = { outcome: 'REJECTED', code: 'JOB_UNKNOWN', detail: 'not hashed' };
  const vectors = {
    entry: hex(bytes),
    signed_message: hex(signedMessage(clusterId, bytes, entry)),
    cluster_id: clusterIdOf(utf8('genesis')),
    link_hash: hex(linkHash(link)),
    effects_hash_accepted: hex(effectsHash(ZERO_HASH, 2, accepted(bytes))),
    effects_hash_rejected: hex(effectsHash(ZERO_HASH, 2, rejected)),
  };
  const text = `${JSON.stringify(vectors, null, 2)}\n`;
  const file = new URL('golden/vectors.json', import.meta.url);
  if (process.env.QFS_UPDATE_GOLDEN === '1') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
});

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const link: fc.Arbitrary<Link> = fc.record({
  clusterId: hash,
  index: fc.integer({ min: 1, max: 2 ** 53 - 1 }),
  term: fc.integer({ min: 1, max: 2 ** 53 - 1 }),
  previous: hash,
  bytes: fc.uint8Array(),
});

test('LOG-6: two links have one hash only when they are the same link', () => {
  fc.assert(
    fc.property(
      link,
      link,
      fc.constantFrom<keyof Link>('clusterId', 'index', 'term', 'previous', 'bytes'),
      (a, b, part) => {
        const mixed = { ...a, [part]: b[part] };
        const same = String(a[part]) === String(b[part]);
        assert.equal(hex(linkHash(a)) === hex(linkHash(mixed)), same);
      },
    ),
  );
});

test('LOG-8: the effects hash covers the predecessor, the index, the outcome, each key and each value', () => {
  const bytes = encodeEntry(entry);
  const base = accepted(bytes);
  assert.ok(base.outcome === 'ACCEPTED');
  const variants: Applied[] = [
    base,
    { ...base, writes: [] },
    { ...base, writes: base.writes.slice(1) },
    { ...base, writes: [base.writes[0]!, { key: 'jobs/b', value: utf8('other') }] },
    { ...base, writes: [base.writes[0]!, { key: 'jobs/c', value: utf8('value') }] },
    { outcome: 'REJECTED', code: 'JOB_UNKNOWN', detail: '' },
    { outcome: 'REJECTED', code: 'BODY_INVALID', detail: '' },
  ];
  const hashes = variants.map((applied) => hex(effectsHash(ZERO_HASH, 1, applied)));
  hashes.push(hex(effectsHash(ZERO_HASH, 2, base)), hex(effectsHash(sha3_256(bytes), 1, base)));
  assert.equal(new Set(hashes).size, hashes.length);
});

test('a chain extends by the next entry of its cluster alone', () => {
  const bytes = [utf8('genesis'), utf8('second')];
  const clusterId = sha3_256(bytes[0]!);
  const first = { index: 1, term: 2, bytes: bytes[0]!, linkHash: ZERO_HASH };
  first.linkHash = linkHash({ clusterId, previous: ZERO_HASH, ...first });
  const second = { index: 2, term: 2, bytes: bytes[1]!, linkHash: ZERO_HASH };
  second.linkHash = linkHash({ clusterId, previous: first.linkHash, ...second });
  const head = extendChain(clusterId, CHAIN_START, first);
  assert.deepEqual(head, { index: 1, term: 2, linkHash: first.linkHash });
  assert.ok(typeof head === 'object');
  assert.deepEqual(extendChain(clusterId, head, second), { index: 2, term: 2, linkHash: second.linkHash });
  const refused: [unknown, RegExp][] = [
    [extendChain(clusterId, CHAIN_START, second), /^entry 1 is missing: the next one is 2$/],
    [extendChain(clusterId, head, first), /^entry 2 is missing: the next one is 1$/],
    [extendChain(clusterId, head, { ...second, term: 1 }), /^entry 2 has term 1 after term 2$/],
    [extendChain(ZERO_HASH, CHAIN_START, first), /^entry 1 is not the GENESIS of this cluster$/],
    [
      extendChain(clusterId, head, { ...second, term: 3 }),
      /^entry 2 has the link hash [0-9a-f]{64}; its bytes/,
    ],
    [extendChain(clusterId, head, { ...second, bytes: utf8('x') }), /^entry 2 has the link hash/],
  ];
  for (const [reason, expected] of refused) assert.match(String(reason), expected);
});
