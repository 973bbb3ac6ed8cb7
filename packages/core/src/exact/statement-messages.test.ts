import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from './bytes.ts';
import { nodeIdOf } from './ids.ts';
import { envelopeMessage, statementKeyMessage } from './statement-messages.ts';

test('REC-4: an envelope signs the lengths of type and payload, then each of them', () => {
  // The example of the DSSE specification, protocol.md.
  const message = envelopeMessage('http://example.com/HelloWorld', utf8('hello world'));
  assert.deepEqual(message, utf8('DSSEv1 29 http://example.com/HelloWorld 11 hello world'));
  assert.deepEqual(envelopeMessage('é', Uint8Array.of(255)).slice(-1), Uint8Array.of(255));
  assert.deepEqual(envelopeMessage('é', new Uint8Array()), utf8('DSSEv1 2 é 0 '));
});

test('REC-5: a statement key is vouched for in its cluster and for its node alone', () => {
  const spki = Uint8Array.of(1, 2, 3);
  const node = nodeIdOf(spki);
  const message = statementKeyMessage(new Uint8Array(32).fill(7), node, spki);
  assert.equal(message.length, 20 + 32 + node.length + 3);
  assert.deepEqual(message.slice(0, 21), Uint8Array.of(...utf8('qfs/statement-key/v1'), 7));
});
