import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfiguration, parseCommandLine } from '../config/index.ts';
import { connectPeers, credentialsOf, heldRoles } from './peers.ts';
import { SECRET } from './testing/open-edge.ts';

const configured = (...args: string[]) =>
  loadConfiguration({ flags: parseCommandLine(args).flags, environment: {} }).values;

const reached = (...args: string[]): string[] => {
  const config = configured(...args);
  const peers = [...connectPeers(config, heldRoles(config), SECRET, undefined).values()].flat();
  return peers.map(({ role, url }) => `${role} ${url}`);
};

test('a process knows the roles that its own roles call, at the default ports or where it is told', () => {
  assert.deepEqual(reached(), []);
  assert.deepEqual(reached('--roles', 'system-api'), [
    'qfs http://127.0.0.1:50091',
    'compiler http://127.0.0.1:50071',
    'kernel http://127.0.0.1:50052',
  ]);
  assert.deepEqual(reached('--roles', 'worker,compiler'), []);
  assert.deepEqual(reached('--roles', 'qfs', '--kernel-url', 'http://localhost:7'), [
    'kernel http://localhost:7',
  ]);
  assert.deepEqual(
    reached(
      '--roles',
      'kernel,qfs,compiler',
      '--driver-manager-url',
      'http://127.0.0.1:1,http://127.0.0.1:2/',
    ),
    ['driver-manager http://127.0.0.1:1', 'driver-manager http://127.0.0.1:2'],
  );
});

test('roles beyond this machine take certificates, all three files of them', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'qfs-peers-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const credentials = (...args: string[]) => credentialsOf(configured('--data-dir', directory, ...args));
  assert.equal(credentials('--roles', 'kernel').kind, 'secret');
  assert.equal(credentials('--roles', 'kernel', '--qfs-url', 'http://[::1]:50091').kind, 'secret');
  for (const far of [
    ['--edge-host', '0.0.0.0'],
    ['--compiler-url', 'http://127.0.0.1:1,http://10.0.0.7:1'],
  ]) {
    assert.throws(() => credentials('--roles', 'kernel', ...far), {
      code: 'REQUEST_INVALID',
      message: /beyond this machine, and no certificates are configured\. Set QFS_EDGE_CA, QFS_EDGE_CERT/,
    });
  }
  assert.throws(() => credentials('--edge-ca', 'ca.pem'), { message: /are set together or not at all/ });
});

test('an address that is none, and a list of roles that names none, is refused with its setting', () => {
  for (const url of ['kernel:50052', 'ftp://kernel', 'http://kernel:1/path', '//']) {
    assert.throws(() => reached('--roles', 'system-api', '--kernel-url', url), {
      code: 'REQUEST_INVALID',
      message: /^QFS_KERNEL_URL is ".*"; write an address such as https:\/\/kernel:50052\.$/,
    });
  }
  assert.throws(() => heldRoles(configured('--roles', ',')), {
    message: /^QFS_ROLES names no role; roles are qfs/,
  });
});
