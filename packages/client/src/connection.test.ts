import assert from 'node:assert/strict';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createSecureServer, createServer, type Http2SecureServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { QfsError } from '@qfs/core';
import { contextInterceptor, DeviceService } from '@qfs/rpc';
import { type CallRecord, type ClientOptions, createClient } from './index.ts';
import { selfSigned } from './testing/certificate.ts';

/** Devices for everybody; keeps the metadata of the calls. */
function door(seen: Headers[] = []) {
  const nobody = { tenantId: '', projectId: '', subject: '', roles: [] };
  const resolve = () => ({ identity: nobody, requestId: 'r', traceparent: '' });
  return connectNodeAdapter({
    routes: (router) =>
      void router.service(DeviceService, {
        listDevices: (_, { requestHeader }) => {
          seen.push(requestHeader);
          return {};
        },
      }),
    interceptors: [contextInterceptor({ resolve })],
  });
}

async function listen(t: TestContext, server: HttpServer | Http2Server | Http2SecureServer): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  t.after(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failureOf(options: ClientOptions): Promise<QfsError> {
  const client = createClient(options);
  try {
    await client.devices();
  } catch (thrown) {
    assert.ok(thrown instanceof QfsError);
    return thrown;
  } finally {
    client.close();
  }
  return assert.fail('the call succeeded');
}

test('a call carries who asks, in whose name, and what it belongs to', async (t) => {
  const seen: Headers[] = [];
  const endpoint = `http://${await listen(t, createServer(door(seen)))}`;
  const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
  const named = { token: 't', tenant: 'lab', project: 'bell', requestId: 'r-1', traceparent };
  const client = createClient({ endpoint, ...named });
  t.after(() => client.close());
  await client.devices();
  const names = ['authorization', 'x-eigen-tenant', 'x-eigen-project', 'x-request-id', 'traceparent'];
  assert.deepEqual(
    names.map((name) => seen[0]!.get(name)),
    ['Bearer t', 'lab', 'bell', 'r-1', traceparent],
  );
});

test('every call is told to who watches, with how it went', async (t) => {
  const endpoint = `http://${await listen(t, createServer(door()))}`;
  const calls: CallRecord[] = [];
  const client = createClient({ endpoint, onCall: (call) => calls.push(call) });
  t.after(() => client.close());
  await client.devices();
  await client.job('job_1').catch(() => undefined);
  assert.deepEqual(
    calls.map(({ method, errorCode }) => [method, errorCode]),
    [
      ['eigen.api.v1.DeviceService/ListDevices', undefined],
      ['eigen.api.v1.JobService/GetJob', 'NOT_IMPLEMENTED'],
    ],
  );
  assert.ok(calls.every(({ durationMs }) => durationMs >= 0));
});

test('TLS is spoken where the certificate is trusted, and every other case says what is wrong', async (t) => {
  const own = selfSigned('IP:127.0.0.1');
  const other = selfSigned('IP:127.0.0.2');
  const address = await listen(t, createSecureServer(own, door()));
  const client = createClient({ endpoint: `https://${address}`, ca: own.cert });
  t.after(() => client.close());
  assert.deepEqual(await client.devices(), []);

  const misnamed = await listen(t, createSecureServer(other, door()));
  const plain = await listen(t, createServer(door()));
  const rest = await listen(
    t,
    createHttpServer((_, response) => response.end('hello')),
  );
  const cases: readonly (readonly [ClientOptions, fault: string, RegExp])[] = [
    [{ endpoint: `https://${address}` }, 'untrusted', /signed by nobody whom this machine trusts/],
    [{ endpoint: `https://${address}`, ca: other.cert }, 'untrusted', /as the CA file/],
    [{ endpoint: `https://${misnamed}`, ca: other.cert }, 'misnamed', /127\.0\.0\.2\. Use a name/],
    [{ endpoint: `https://${plain}` }, 'plain', /does not speak TLS/],
    [{ endpoint: `http://${address}` }, 'closed', /write https:/],
    [{ endpoint: `http://${rest}` }, 'foreign', /does not speak gRPC/],
    [{ endpoint: 'http://127.0.0.1:9' }, 'unreachable', /ECONNREFUSED/],
  ];
  for (const [options, fault, message] of cases) {
    const error = await failureOf(options);
    assert.deepEqual([error.code, error.metadata.fault], ['BACKEND_UNAVAILABLE', fault], error.message);
    assert.match(error.message, message);
  }
});
