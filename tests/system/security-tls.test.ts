import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { status } from '@grpc/grpc-js';
import { makeAuthority, makeCertificate } from '../../packages/server/src/edge/testing/certificates.ts';
import { connectGrpc, type GrpcService, grpcFailure } from '../platform/grpc-client.ts';
import { call, type Platform, startPlatform, temporaryDirectory, until } from '../platform/platform.ts';
import { bearer, makeToken, runToEnd } from '../platform/tokens.ts';

const dataDir = temporaryDirectory();
const certificates = temporaryDirectory();
const file = (name: string): string => join(certificates, name);
let platform: Platform;
let token: string;

before(async () => {
  makeAuthority(certificates);
  for (const name of ['first', 'second', 'third']) makeCertificate(certificates, name, []);
  use('first');
  token = makeToken(dataDir, '--role', 'user');
  const environment = {
    QFS_TLS_CERT: file('door.pem'),
    QFS_TLS_KEY: file('door.key'),
    QFS_LOG_LEVEL: 'info',
  };
  platform = await startPlatform({ dataDir, environment });
});
after(async () => assert.equal(await platform.end('SIGTERM'), 0));

/** Puts a certificate where the server reads it. */
function use(name: string): void {
  copyFileSync(file(`${name}.pem`), file('door.pem'));
  copyFileSync(file(`${name}.key`), file('door.key'));
}

const authority = (): Buffer => readFileSync(file('ca.pem'));

/** One request over connections that stay open. */
const ask = (agent: Agent, path: string): Promise<{ status: number; socket: TLSSocket }> =>
  new Promise((resolve, reject) => {
    request(`${platform.ready.rest}${path}`, { agent, ca: authority(), headers: bearer(token) }, (answer) => {
      answer
        .resume()
        .on('end', () => resolve({ status: answer.statusCode!, socket: answer.socket as TLSSocket }));
    })
      .on('error', reject)
      .end();
  });

/** Whose certificate a new connection is shown, and the version that was agreed on. */
const shown = (url: string, options: object = {}): Promise<{ name: string; protocol: string | null }> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(url);
    const socket = connect({ port: Number(port), host: '127.0.0.1', ca: authority(), ...options }, () => {
      resolve({ name: String(socket.getPeerCertificate().subject.CN), protocol: socket.getProtocol() });
      socket.destroy();
    });
    socket.on('error', reject);
  });

const listDevices = (devices: GrpcService) => devices.call('ListDevices', {}, bearer(token));

test('SEC-17: both doors speak TLS 1.2 and newer, and nothing else', async () => {
  assert.match(platform.ready.rest, /^https:/);
  assert.match(platform.ready.grpc, /^https:/);
  const agent = new Agent();
  assert.equal((await ask(agent, '/api/v1/devices')).status, 200);
  const devices = connectGrpc(platform.ready.grpc, 'eigen.api.v1.DeviceService', authority());
  await listDevices(devices);
  assert.equal((await grpcFailure(devices.call('ListDevices', {}))).status, status.UNAUTHENTICATED);
  devices.close();
  for (const url of [platform.ready.rest, platform.ready.grpc]) {
    assert.equal((await shown(url)).protocol, 'TLSv1.3');
    assert.equal((await shown(url, { maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await assert.rejects(shown(url, old), /protocol/i);
    await assert.rejects(fetch(url.replace('https:', 'http:')));
    await assert.rejects(shown(url, { ca: [] }), /certificate|self.signed/i);
  }
});

test('SEC-17: SIGHUP shows new connections the new certificate, and open ones go on', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const before = await ask(agent, '/api/v1/devices');
  const devices = connectGrpc(platform.ready.grpc, 'eigen.api.v1.DeviceService', authority());
  await listDevices(devices);
  use('second');
  process.kill(platform.of('system-api').pid, 'SIGHUP');
  await until('the new certificate', 10_000, async () =>
    (await shown(platform.ready.rest)).name === 'second' ? true : undefined,
  );
  assert.equal((await shown(platform.ready.grpc)).name, 'second');
  const after = await ask(agent, '/api/v1/devices');
  assert.equal(after.socket, before.socket, 'the same connection');
  await listDevices(devices);
  devices.close();
  agent.destroy();
});

test('SEC-17: a certificate that cannot be used changes nothing, and the log says why', async () => {
  writeFileSync(file('door.pem'), 'not a certificate');
  process.kill(platform.of('system-api').pid, 'SIGHUP');
  await until('the complaint', 10_000, async () =>
    platform.stderr().includes('the certificate was not exchanged') ? true : undefined,
  );
  assert.match(platform.stderr(), /QFS_TLS_CERT/);
  assert.equal((await shown(platform.ready.rest)).name, 'second');
  use('third');
  process.kill(platform.of('system-api').pid, 'SIGHUP');
  await until('the third certificate', 10_000, async () =>
    (await shown(platform.ready.grpc)).name === 'third' ? true : undefined,
  );
});

test('the admin door stays on loopback, in the clear', async () => {
  assert.match(platform.ready.admin, /^http:\/\/127\.0\.0\.1:/);
  assert.equal((await call(`${platform.ready.admin}/readyz`)).status, 200);
});

test('SEC-2: starts that would let in more than somebody meant are refused with one sentence', () => {
  const [empty, closed] = [temporaryDirectory(), temporaryDirectory()];
  makeToken(closed, '--role', 'admin');
  const [cert, key] = [file('first.pem'), file('first.key')];
  const cases: readonly (readonly [directory: string, environment: Record<string, string>, talk: RegExp])[] =
    [
      [closed, { API_HOST: '0.0.0.0' }, /unencrypted. Set QFS_TLS_CERT/],
      [empty, { QFS_JWT_JWKS: 'keys.json' }, /QFS_JWT_ISSUER is not set/],
      [empty, { QFS_TLS_CERT: cert, QFS_TLS_KEY: file('second.key') }, /cannot be used/],
      [
        empty,
        { QFS_TLS_CERT: file('none.pem'), QFS_TLS_KEY: key },
        /QFS_TLS_CERT names .*none\.pem, which cannot be read/,
      ],
    ];
  for (const [directory, environment, talk] of cases) {
    const args = ['--data-dir', directory, '--port', '0', '--grpc-port', '0', '--admin-port', '0'];
    const ended = runToEnd(args, { ...environment, QFS_LOG_LEVEL: 'fatal' });
    assert.deepEqual([ended.code, ended.out], [2, ''], ended.talk);
    assert.match(ended.talk, talk);
    assert.equal(ended.talk.split('\n').length, 2, ended.talk);
  }
});

test('SEC-2: a server that other machines reach is open only when somebody says so, and says it loudly', async () => {
  const open = await startPlatform({
    dataDir: temporaryDirectory(),
    args: ['--host', '0.0.0.0'],
    environment: { QFS_AUTH: 'open' },
  });
  const rest = open.ready.rest.replace('0.0.0.0', '127.0.0.1');
  assert.equal((await call(`${rest}/api/v1/identity`)).json().method, 'open');
  assert.match(open.stderr(), /OPEN TO EVERYBODY/);
  const limited = await call(`${rest}/api/v1/devices`);
  assert.equal(limited.headers.get('x-ratelimit-limit'), '100');
  assert.equal(await open.end('SIGTERM'), 0);
});
