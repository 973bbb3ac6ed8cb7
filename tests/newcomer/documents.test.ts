import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../platform/platform.ts';
import { isAsShown, type Step, stepsOf } from './document.ts';
import { FREE_PORTS, type Server, startServer } from './server.ts';
import { type Place, Shell, signalGroup } from './terminal.ts';

/** What a reader types to kill the server; here the signal goes to the server of this test alone. */
const KILL = 'pkill -9 -f packages/server/src/main.ts';
/** And to stop it. */
const STOP = 'pkill -f packages/server/src/main.ts';

/** The tutorial and the guides, each with a platform of its own. */
for (const path of ['docs/start.md', ...globSync('docs/guides/*.md').sort()]) {
  test(`every command of ${path} does what the page shows`, async () => {
    const dataDir = join(temporaryDirectory(), 'data');
    const environment = { ...FREE_PORTS, QFS_DATA_DIR: dataDir, QFS_LOG_LEVEL: 'warn', NO_COLOR: '1' };
    const place = { cwd: process.cwd(), environment };
    let server: Server | undefined;
    const shell = new Shell(place);
    try {
      // What a reader tests is no part of this test.
      await shell.run('unset NODE_TEST_CONTEXT');
      for (const step of stepsOf(path)) server = await follow(step, place, shell, server);
    } finally {
      await shell.close();
      if (server !== undefined) signalGroup(server.running.process, 'SIGTERM');
      await server?.running.outcome;
    }
  });
}

/** Does one step, and gives the server that runs after it. */
async function follow({ commands, expected }: Step, place: Place, shell: Shell, server?: Server) {
  const only = commands.trim();
  if (/^(?:[A-Z_]+=\S+ )*npm start$/.test(only)) {
    const started = await startServer(
      place,
      only.replaceAll('qfs-data', place.environment?.QFS_DATA_DIR ?? ''),
    );
    await shell.run(`export EIGEN_ENDPOINT=${started.grpc}`);
    return started;
  }
  if (only === KILL || only === STOP) {
    signalGroup(server!.running.process, only === KILL ? 'SIGKILL' : 'SIGTERM');
    await server!.running.outcome;
  } else if (only !== 'npm ci') {
    const here = commands
      .replaceAll('http://127.0.0.1:8000', server?.rest ?? '')
      .replaceAll('http://127.0.0.1:9090', server?.admin ?? '')
      .replaceAll('127.0.0.1:50051', server?.grpc.slice('http://'.length) ?? '')
      .replaceAll('qfs-data', place.environment?.QFS_DATA_DIR ?? '');
    const { output, code } = await shell.run(here);
    if (expected === undefined) assert.equal(code, 0, `${commands}\n${output}`);
    else assert.ok(isAsShown(output, expected), `${commands}\nshows\n${output}\nand not\n${expected}`);
  }
  return server;
}

test('an ellipsis stands for any text, and everything else for itself', () => {
  assert.ok(isAsShown('a.b\nc 12 d\n', 'a.b\nc … d'));
  assert.ok(isAsShown('one\ntwo\nthree', 'one…three'));
  assert.ok(!isAsShown('aXb', 'a.b'));
  assert.ok(!isAsShown('a.b and more', 'a.b'));
});
