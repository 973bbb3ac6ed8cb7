import assert from 'node:assert/strict';
import { copyFileSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
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

  const job = ['--job', 'node_modules/qfs/examples/vqe_h2/job.yaml'];
  const searched = await run(place, 'npx', 'eigen-cli', 'run', ...job);
  assert.match(searched.stdout, /^energy {6}-1\.1373060 ± 0 Ha \(exact\)$/m, searched.stderr);
  const explained = await run(place, 'npx', 'eigen-cli', 'explain', ...job, '--target', 'heavy-hex-27');
  assert.match(explained.stdout, /^target {2}emulator:heavy-hex-27$/m, explained.stderr);

  const server = await startServer(place, 'node_modules/.bin/qfs-server');
  const remote = await run(place, 'npx', 'eigen-cli', 'submit', ...bell, '--wait', '--endpoint', server.grpc);
  assert.equal(remote.code, 0, remote.stderr);
  assert.equal(remote.stdout, local.stdout, 'the same seed, the same counts');
  for (const path of ['/', '/docs', '/examples/bell.qasm'])
    assert.equal((await fetch(server.rest + path)).status, 200, path);

  const program = readmeProgram().replace('http://127.0.0.1:50051', server.grpc);
  for (const name of ['app.js', 'app.ts']) {
    writeFileSync(join(folder, name), program);
    const counted = await run(place, process.execPath, name);
    assert.deepEqual([counted.code, counted.stdout], [0, '00 498\n11 502\n'], counted.stderr);
    assert.match(counted.stderr, /^Accepted\.\n(.*\n)*Done\.\n$/);
  }
  assert.equal(await interrupt(server), 0);
});

/** The program that the client's README shows. */
const readmeProgram = (): string =>
  /```js\n([\s\S]*?)```/.exec(readFileSync('packages/client/README.md', 'utf8'))![1]!;

test('a program in TypeScript finds the types of the client', async () => {
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--lib', 'es2024,dom', '--skipLibCheck'];
  const check = (name: string) => run(place, resolve('node_modules/.bin/tsc'), ...options, name);
  const right = await check('app.ts');
  assert.equal(right.code, 0, right.stdout);
  writeFileSync(join(folder, 'wrong.ts'), readmeProgram().replace('shots: 1000', "shots: 'many'"));
  const wrong = await check('wrong.ts');
  assert.match(wrong.stdout, /wrong\.ts.*Type 'string' is not assignable to type 'number/);
});

test('the demo runs from there', async () => {
  const shown = await run(place, 'npx', 'qfs-demo');
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /Bell pair[\s\S]*Teleportation[\s\S]*npx qfs-server/);
});

test('a driver plugin is a package or a folder beside it, and the conformance suite judges it', async () => {
  const plugin = resolve('examples/driver-plugin');
  const packed = await run(place, 'npm', 'pack', '--silent', plugin);
  assert.equal(packed.code, 0, packed.stderr);
  const installed = await run(place, 'npm', 'install', '--prefer-offline', packed.stdout.trim());
  assert.equal(installed.code, 0, installed.stderr);

  const own = join(folder, 'plugin');
  mkdirSync(own);
  for (const name of readdirSync(plugin)) copyFileSync(join(plugin, name), join(own, name));
  const judged = await run(place, process.execPath, '--test', join(own, 'conformance.test.js'));
  assert.equal(judged.code, 0, judged.stdout);

  const sources: Record<string, string>[] = [
    { QFS_DRIVERS: 'sim,npm:@example/qfs-driver-coin' },
    { QFS_DRIVER_PATH: own },
  ];
  for (const [number, source] of sources.entries()) {
    const environment = {
      ...place.environment,
      ...source,
      QFS_DATA_DIR: join(folder, `plugin-data-${number}`),
    };
    const server = await startServer({ ...place, environment }, 'node_modules/.bin/qfs-server');
    const job = ['bell.qasm', '--target', 'coin:toss', '--wait', '--endpoint', server.grpc];
    const tossed = await run(place, 'npx', 'eigen-cli', 'submit', ...job);
    assert.equal(tossed.code, 0, tossed.stderr);
    assert.match(tossed.stdout, /1024 shots/);
    assert.equal(await interrupt(server), 0);
  }
});

test('what is published is JavaScript and its types without tests, and does not name the machine it was packed on', () => {
  const published = globSync('node_modules/{qfs,@qfs/*}/**', { cwd: folder, withFileTypes: true });
  const paths = published
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  assert.ok(paths.length > 200, `${paths.length} files`);
  for (const path of paths) {
    // The example of a plugin shows how it is tested.
    if (!path.includes('/driver-plugin/')) assert.doesNotMatch(path, /(?<!\.d)\.ts$|\.test\.|\/golden\//);
    const text = readFileSync(path, 'latin1');
    for (const secret of [process.cwd(), tmpdir() + sep])
      assert.ok(!text.includes(secret), `${path} contains ${secret}`);
  }
});
