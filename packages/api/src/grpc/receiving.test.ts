import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Stream, connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { boundReceiving } from './receiving.ts';

const LIMIT_MS = 50;
const HOUR = '1H';

/** A server that answers once it has a request whole, and a way to begin one. */
async function open(t: TestContext): Promise<(headers?: Record<string, string>) => ClientHttp2Stream> {
  const server = createServer((request, response) => {
    boundReceiving(request, response, LIMIT_MS);
    if (request.url.startsWith('/grpc.reflection')) response.writeHead(200).write('first');
    request.on('error', () => undefined).once('end', () => response.end('whole'));
    request.resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  t.after(() => {
    session.destroy();
    server.close();
  });
  return (headers = {}) => session.request({ ':method': 'POST', ':path': '/a.Service/Method', ...headers });
}

async function statusOf(stream: ClientHttp2Stream): Promise<string | undefined> {
  stream.on('error', () => undefined).resume();
  const [headers] = (await once(stream, 'response')) as [Record<string, string | undefined>];
  await once(stream, 'close');
  return headers['grpc-status'];
}

test('a request without a deadline that never ends is given up, and so is one whose deadline is far', async (t) => {
  const begin = await open(t);
  assert.equal(await statusOf(begin()), '4');
  assert.equal(await statusOf(begin({ 'grpc-timeout': HOUR })), '4');
  const half = begin();
  half.write('half of it');
  assert.equal(await statusOf(half), '4');
});

test('a request that came whole is left alone', async (t) => {
  const begin = await open(t);
  const stream = begin();
  stream.end('all of it');
  assert.equal(await statusOf(stream), undefined);
});

test('a stream both ways that was answered already ends all the same', async (t) => {
  const begin = await open(t);
  const stream = begin({ ':path': '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo' });
  assert.equal(await statusOf(stream), undefined);
});
