import assert from 'node:assert/strict';
import { copyFileSync, globSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../platform/platform.ts';
import { FREE_PORTS, interrupt, startServer } from './server.ts';
import { run } from './terminal.ts';

/** The tarballs of `npm run pack`, installed in an empty folder outside the checkout. */
const folder = join(temporaryDirectory(), 'app');
const place = { cwd: folder, environment: { ...FREE_PORTS, QFS_LOG_LEVEL: 'warn', NO_COLOR: '1' } };

test('the packed platform runs from an empty folder', async () => {
  mkdirSync(folder);
  const packed = await run({ cwd: process.cwd() }, 'npm', 'run', '-s', 'pack');
  assert.equal(packed.code, 0, packed.stderr);
  assert.equal(packed.stderr, '');
  const tarballs = packed.stdout
    .trim()
    .split('\n')
    .map((path) => resolve(path));
  assert.equal(tarballs.length, readdirSync('packages').length + 1);

  const flags = ['--prefer-offline', '--no-audit', '--no-fund'];
  const installed = await run(place, 'npm', 'install', ...flags, ...tarballs);
  assert.equal(installed.code, 0, installed.stderr);

  copyFileSync('examples/bell.qasm', join(folder, 'bell.qasm'));
  const bell = ['bell.qasm', '--seed', '7', '--shots', '1000'];
  const local = await run(place, 'npx', 'eigen-cli', 'run', ...bell);
  assert.equal(local.code, 0, local.stderr);
  assert.match(local.stdout, /^00 .*\n11 .*\n1000 shots, seed 7\n$/);

  const server = await startServer(place, 'node_modules/.bin/qfs-server');
  const remote = await run(place, 'npx', 'eigen-cli', 'submit', ...bell, '--wait', '--endpoint', server.grpc);
  assert.equal(remote.code, 0, remote.stderr);
  assert.equal(remote.stdout, local.stdout, 'the same seed, the same counts');
  for (const path of ['/', '/docs', '/examples/bell.qasm'])
    assert.equal((await fetch(server.rest + path)).status, 200, path);
  assert.equal(await interrupt(server), 0);
});

test('what is published is JavaScript without tests, and does not name the machine it was packed on', () => {
  const published = globSync('node_modules/{qfs,@qfs/*}/**', { cwd: folder, withFileTypes: true });
  const paths = published
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  assert.ok(paths.length > 200, `${paths.length} files`);
  for (const path of paths) {
    assert.doesNotMatch(path, /\.ts$|\.test\.|\/golden\//);
    const text = readFileSync(path, 'latin1');
    for (const secret of [process.cwd(), tmpdir() + sep])
      assert.ok(!text.includes(secret), `${path} contains ${secret}`);
  }
});
