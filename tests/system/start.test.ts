import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { call, startPlatform, temporaryDirectory } from '../platform/platform.ts';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly talk: string;
}

const FREE_PORTS = ['--port', '0', '--grpc-port', '0', '--admin-port', '0'];

/** Runs the server until it ends by itself. */
async function runServer(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['packages/server/src/main.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  let [out, talk] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    talk += chunk.toString();
  });
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.on('close', resolve);
  return { code: await promise, out, talk };
}

test('DOOR-22, DOOR-23, DOOR-25: the ready line names every port, each answers, and a signal ends with 0', async () => {
  const dataDir = temporaryDirectory();
  const platform = await startPlatform({ dataDir });
  const { rest, grpc, admin, data_dir: where, node_id: node, ...more } = platform.ready;
  assert.deepEqual([where, more], [dataDir, { ready: true }]);
  assert.match(node, /^node_[a-z2-7]{26}$/);
  for (const door of [rest, admin]) assert.equal((await call(`${door}/readyz`)).status, 200);
  assert.match(grpc, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await call(`${rest}/metrics`)).status, 404);
  assert.match((await call(`${admin}/metrics`)).text, /^# HELP /m);
  assert.equal(await platform.end('SIGINT'), 0);
});

test('DOOR-24, DOOR-25: a start that cannot be is refused with one sentence and the remedy', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  t.after(() => taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  const locked = temporaryDirectory();
  const holder = await startPlatform({ dataDir: locked });
  const free = ['--data-dir', temporaryDirectory(), ...FREE_PORTS];
  const cases: readonly (readonly [args: readonly string[], code: number, talk: RegExp])[] = [
    [[...free, '--workers', 'many'], 2, /^--workers is "many".*\n$/],
    [
      [...free, '--host', '0.0.0.0'],
      2,
      /^API_HOST is 0\.0\.0\.0, .* no authentication is configured\. .*\n$/,
    ],
    [
      [...free, '--port', `${port}`],
      2,
      /^Port \d+ is taken by another process\. Choose another with API_PORT.*\n$/,
    ],
    [
      ['--data-dir', locked, ...FREE_PORTS],
      4,
      /is in use by another process; stop that one.*QFS_DATA_DIR\.\n$/,
    ],
  ];
  for (const [args, code, talk] of cases) {
    const ended = await runServer(args);
    assert.deepEqual([ended.code, ended.out], [code, ''], ended.talk);
    assert.match(ended.talk, talk);
    assert.equal(ended.talk.split('\n').length, 2, ended.talk);
  }
  assert.equal(await holder.end('SIGTERM'), 0);
});
