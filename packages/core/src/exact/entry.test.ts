import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LOG_ENTRY_BYTES_MAX } from '../limits.ts';
import { concat, hex, utf8 } from './bytes.ts';
import { type CborInput, decodeCbor, encodeCbor } from './cbor.ts';
import { decodeEntry, type Entry, encodeEntry, NO_CLUSTER_ID, signedMessage } from './entry.ts';
import type { EntryId, KeyId, NodeId } from './ids.ts';

const id = 'a'.repeat(26);
const entry: Entry<CborInput> = {
  type: 'JOB_ACCEPTED',
  level: 1,
  entryId: `entry_${id}` as EntryId,
  actor: `node_${id}` as NodeId,
  keyId: `key_${id}` as KeyId,
  nonce: 0,
  tick: 7,
  body: { a: 1 },
};

test('LOG-2: an entry reads back as it was written, with and without a signature', () => {
  const body = new Map([['a', 1]]);
  assert.deepEqual(decodeEntry(encodeEntry(entry)), { ok: true, value: { ...entry, body } });
  const signed = { ...entry, signature: Uint8Array.of(1, 2, 3) };
  assert.deepEqual(decodeEntry(encodeEntry(signed)), { ok: true, value: { ...signed, body } });
});

test('LOG-2: every field is required, none may be added, each has its kind', () => {
  const decoded = decodeCbor(encodeEntry(entry));
  assert.ok(decoded.ok && decoded.value instanceof Map);
  const fields = decoded.value as ReadonlyMap<string, CborInput>;
  const refuse = (change: readonly [string, CborInput][], reason: string): void => {
    const bytes = encodeCbor(new Map([...fields, ...change]));
    assert.deepEqual(decodeEntry(bytes), { ok: false, error: reason });
  };
  for (const name of fields.keys()) {
    const bytes = encodeCbor(new Map([...fields].filter(([key]) => key !== name)));
    assert.deepEqual(decodeEntry(bytes), { ok: false, error: `${name} is missing` });
  }
  refuse([['w', 1]], 'there are fields that entries of version 1 do not have');
  refuse([['v', 2]], 'the version is not 1');
  refuse([['type', 'job']], 'type is not an upper-case name');
  refuse([['type', 'A'.repeat(65)]], 'type is not an upper-case name');
  refuse([['entry_id', 'entry_1']], 'entry_id is not an entry id');
  refuse([['actor', `key_${id}`]], 'actor is neither a node id nor an account id');
  refuse([['key_id', `node_${id}`]], 'key_id is not a key id');
  refuse([['level', 0]], 'level is not an integer from 1');
  refuse([['nonce', -1]], 'nonce is not a safe integer from 0');
  refuse([['tick', 2n ** 53n]], 'tick is not a safe integer from 0');
  refuse([['body', []]], 'body is not a map');
  refuse([['sig', 'text']], 'sig is not a byte string of 1 to 8192 bytes');
  refuse([['sig', new Uint8Array()]], 'sig is not a byte string of 1 to 8192 bytes');
  refuse([['sig', new Uint8Array(8193)]], 'sig is not a byte string of 1 to 8192 bytes');
  assert.deepEqual(decodeEntry(encodeCbor([])), { ok: false, error: 'an entry is a map' });
  assert.deepEqual(decodeEntry(Uint8Array.of(0xff)), {
    ok: false,
    error: 'byte 0: floats, booleans, null and simple values are not allowed',
  });
});

test('LOG-2: an entry has at most 262,144 bytes', () => {
  const sized = (bytes: number): Uint8Array => {
    const pad = (length: number) => encodeEntry({ ...entry, body: { pad: new Uint8Array(length) } });
    return pad(bytes - pad(bytes).length + bytes);
  };
  const largest = sized(LOG_ENTRY_BYTES_MAX);
  assert.equal(largest.length, LOG_ENTRY_BYTES_MAX);
  assert.ok(decodeEntry(largest).ok);
  assert.deepEqual(decodeEntry(sized(LOG_ENTRY_BYTES_MAX + 1)), {
    ok: false,
    error: '262145 bytes are more than the 262144 of an entry',
  });
});

test('LOG-4: the signed bytes are those of the entry without its signature', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 4000 }), (signature) => {
      const unsigned = encodeEntry(entry);
      const signed = { ...entry, signature };
      const expected = concat(utf8('qfs/entry-sig/v1'), NO_CLUSTER_ID, unsigned);
      assert.equal(hex(signedMessage(NO_CLUSTER_ID, encodeEntry(signed), signed)), hex(expected));
      assert.equal(hex(signedMessage(NO_CLUSTER_ID, unsigned, entry)), hex(expected));
    }),
  );
});
