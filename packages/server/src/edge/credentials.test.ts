import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StoreService } from '@qfs/rpc';
import { type EdgeCredentials, edgeCredentials, rolesOfCertificate } from './credentials.ts';
import { connectRole } from './edge-client.ts';
import { makeAuthority, makeCertificate } from './testing/certificates.ts';
import { ASKED, echo, oneCall, openEdge, SECRET } from './testing/open-edge.ts';

function temporaryFolder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'qfs-edge-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** An authority, and certificates of it as processes show them. */
function authority(t: TestContext) {
  const folder = temporaryFolder(t);
  makeAuthority(folder);
  return (roles: readonly string[], days?: number): EdgeCredentials => {
    const name = roles.join('-and-') || 'nobody';
    makeCertificate(folder, name, roles, days);
    const file = (extension: string): string => join(folder, `${name}.${extension}`);
    return edgeCredentials({ ca: join(folder, 'ca.pem'), cert: file('pem'), key: file('key') }, folder);
  };
}

const call = (role: ReturnType<typeof connectRole>) => role.client(StoreService).transact(oneCall, ASKED);

test('by certificates each side knows the roles of the other: qfs may write to the store, others may not', async (t) => {
  const certificate = authority(t);
  const serverShows = certificate(['kernel']);
  const { server, role } = await openEdge(t, {
    ...{ services: [echo()], serverShows, clientShows: certificate(['qfs', 'compiler']) },
  });
  assert.match(server.url, /^https:/);
  assert.equal((await call(role)).results.length, 1);
  for (const roles of [['system-api'], ['driver-manager', 'compiler'], []]) {
    const other = connectRole('kernel', server.url, certificate(roles));
    await assert.rejects(call(other), {
      code: 'AUTH_DENIED',
      message: `A certificate for ${roles.join(', ') || 'no role'} may not call eigen.internal.v1.StoreService.`,
    });
    assert.equal(await other.isReady(), true, 'whoever is of the platform may ask how it is');
    other.close();
  }
});

const EXPIRED = -1;

test('a certificate that is expired, of another authority or of another role opens nothing', async (t) => {
  const [ours, theirs] = [authority(t), authority(t)];
  const good = ours(['qfs']);
  const cases: readonly (readonly [what: string, server: EdgeCredentials, client: EdgeCredentials])[] = [
    ['the client is expired', ours(['kernel']), ours(['qfs', 'kernel'], EXPIRED)],
    ['the server is expired', ours(['kernel', 'qfs', 'compiler'], EXPIRED), good],
    ['the client is of another authority', ours(['kernel']), theirs(['qfs'])],
    ['the server is not the kernel', ours(['compiler']), good],
  ];
  for (const [what, serverShows, clientShows] of cases) {
    const { role } = await openEdge(t, { services: [echo()], serverShows, clientShows });
    await assert.rejects(call(role), { code: 'ROLE_UNAVAILABLE' }, what);
    assert.equal(await role.isReady(), false, what);
  }
});

test('a secret that is wrong, or none, is refused, and says nothing of the right one', async (t) => {
  const { server } = await openEdge(t, { services: [echo()] });
  for (const secret of ['6'.repeat(64), '', '5'.repeat(63)]) {
    const role = connectRole('kernel', server.url, { kind: 'secret', secret });
    await assert.rejects(call(role), {
      code: 'AUTH_DENIED',
      message: 'The call of eigen.internal.v1.StoreService does not hold the secret of this data directory.',
    });
    role.close();
  }
  const role = connectRole('kernel', server.url, SECRET);
  assert.equal((await call(role)).results.length, 1);
  role.close();
});

test('of processes that start together one draws the secret, which only their user can read', async (t) => {
  const folder = temporaryFolder(t);
  const program = `import { edgeCredentials } from ${JSON.stringify(new URL('./credentials.ts', import.meta.url).href)};
    process.stdout.write(edgeCredentials(undefined, ${JSON.stringify(folder)}).secret);`;
  const secrets = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
      });
      await once(child, 'close');
      return out;
    }),
  );
  const path = join(folder, 'edge-secret');
  assert.deepEqual(new Set(secrets), new Set([readFileSync(path, 'utf8')]));
  assert.match(secrets[0]!, /^[0-9a-f]{64}$/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['edge-secret']);
  writeFileSync(path, 'not a secret');
  assert.throws(() => edgeCredentials(undefined, folder), { code: 'REQUEST_INVALID', message: /remove it/ });
});

test('a file that cannot be read is named with its setting', (t) => {
  const folder = temporaryFolder(t);
  const none = join(folder, 'none.pem');
  const files = { ca: none, cert: none, key: none };
  assert.throws(() => edgeCredentials(files, folder), {
    code: 'REQUEST_INVALID',
    message: /^QFS_EDGE_CA names/,
  });
});

test('a certificate names its roles among its alternative names; what is no role is none', () => {
  const subjectaltname = 'DNS:kernel, URI:qfs:role:kernel, URI:qfs:role:root, URI:qfs:role:driver-manager';
  assert.deepEqual(rolesOfCertificate({ subjectaltname }), ['kernel', 'driver-manager']);
  assert.deepEqual(rolesOfCertificate({}), []);
});
