import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { EventStream } from './event-stream.ts';

/** A reader that has asked for a stream and reads nothing yet, and the response it will read from. */
async function openReader(t: TestContext): Promise<{ reader: Socket; raw: ServerResponse }> {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  t.after(() => reader.destroy());
  reader.on('error', () => undefined);
  const [[, raw]] = await Promise.all([
    once(server, 'request'),
    new Promise((resolve) => reader.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n', resolve)),
  ]);
  return { reader, raw: raw as ServerResponse };
}

const LARGE = `data: ${'x'.repeat(1024 * 1024)}\n\n`;

test('DOOR-15: the writer waits for a reader that is slow, and goes on when it reads', async (t) => {
  const { reader, raw } = await openReader(t);
  const stream = new EventStream(raw, {});
  let written = 0;
  const writing = (async () => {
    for (let k = 0; k < 32; k += 1) {
      await stream.write(LARGE);
      written += 1;
    }
  })();
  while (!raw.writableNeedDrain) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(written < 32);
  let bytes = 0;
  for await (const chunk of reader.resume()) {
    bytes += chunk.length;
    if (bytes > 32 * LARGE.length) break;
  }
  await writing;
  assert.equal(written, 32);
  stream.end();
});

test('DOOR-15: a reader that takes nothing is cut off; what waited for it ends', async (t) => {
  const { raw } = await openReader(t);
  const stream = new EventStream(raw, {}, 5);
  for (let k = 0; k < 64 && !raw.destroyed; k += 1) await stream.write(LARGE);
  assert.equal(raw.destroyed, true);
  assert.ok(raw.listenerCount('drain') <= 1, 'the wait for the reader left a listener behind');
  stream.end();
});

test('DOOR-15: an idle stream says that it lives', async (t) => {
  const { reader, raw } = await openReader(t);
  const stream = new EventStream(raw, { 'x-request-id': 'req_1' }, 5);
  let text = '';
  for await (const chunk of reader.resume()) {
    text += String(chunk);
    if (text.split(': heartbeat').length > 2) break;
  }
  assert.match(text, /x-request-id: req_1\r\n/i);
  stream.end();
});
