import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CALL_BYTES_MAX, EDGE_MESSAGE_BYTES_MAX, FrameReader, frameOf, requireFit } from './frames.ts';

test('messages come out of a stream as they went in, however it is cut', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
  const cuts = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(messages, cuts, (sent, lengths) => {
      const stream = Buffer.concat(sent.map(frameOf));
      const read: Uint8Array[] = [];
      const reader = new FrameReader((message) => read.push(Uint8Array.from(message)));
      for (let at = 0, k = 0; at < stream.length; k += 1) {
        const length = 1 + lengths[k % lengths.length]!;
        reader.push(stream.subarray(at, at + length));
        at += length;
      }
      assert.deepEqual(read, sent);
    }),
  );
});

test('what is no frame, and one that is too large, is refused before it is kept', () => {
  const reader = () => new FrameReader(() => assert.fail('nothing is whole'));
  const header = (compressed: number, length: number): Uint8Array => {
    const bytes = Buffer.alloc(5);
    bytes[0] = compressed;
    bytes.writeUInt32BE(length, 1);
    return bytes;
  };
  assert.throws(() => reader().push(Buffer.from('GET / HTTP/1.1')), { code: 'REQUEST_INVALID' });
  assert.throws(() => reader().push(header(1, 3)), { code: 'REQUEST_INVALID' });
  assert.throws(() => reader().push(header(0, EDGE_MESSAGE_BYTES_MAX + 1)), { code: 'REQUEST_INVALID' });
  reader().push(header(0, EDGE_MESSAGE_BYTES_MAX));
});

test('a message that would not fit is refused where it is made', () => {
  requireFit(CALL_BYTES_MAX, 'a/B');
  assert.throws(() => requireFit(CALL_BYTES_MAX + 1, 'a/B'), {
    code: 'PAYLOAD_TOO_LARGE',
    message: /of a\/B has/,
  });
});
