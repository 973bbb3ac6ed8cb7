import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { call, temporaryDirectory, until } from '../platform/platform.ts';

const SERVER = 'packages/server/src/main.ts --port 0 --grpc-port 0 --admin-port 0 --data-dir';

test('a server that npm started ends with npm, although npm hands no signal on', async (t) => {
  // What `npm start` is: a shell that waits for the server and dies of a signal alone.
  const shell = spawn('sh', ['-c', `"${process.execPath}" ${SERVER} "${temporaryDirectory()}" & wait`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_lifecycle_event: 'start', QFS_LOG_LEVEL: 'warn' },
    detached: true,
  });
  t.after(() => {
    try {
      process.kill(-shell.pid!, 'SIGKILL');
    } catch {
      // Everything of it has ended, as it should.
    }
  });
  const [line] = (await once(createInterface({ input: shell.stdout }), 'line')) as [string];
  const { rest } = JSON.parse(line) as { rest: string };
  assert.equal((await call(`${rest}/healthz`)).status, 200);
  shell.kill('SIGTERM');
  await until('the server to end', 15_000, () =>
    call(`${rest}/healthz`).then(
      () => undefined,
      () => true,
    ),
  );
});
