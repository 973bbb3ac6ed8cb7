import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type AdminDoorOptions, createAdminDoor } from './admin-door.ts';

async function openDoor(t: TestContext, change: Partial<AdminDoorOptions> = {}): Promise<string> {
  const quiet = () => undefined;
  const door = createAdminDoor({
    logger: { info: quiet, warn: quiet, error: quiet },
    readiness: () => [{ name: 'store', ready: false, detail: 'disk full' }],
    metricsText: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' }),
    ...change,
  });
  await new Promise<void>((listening) => door.listen(0, '127.0.0.1', listening));
  t.after(() => {
    door.closeAllConnections();
    door.close();
  });
  return `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
}

test('DOOR-23: operators read metrics and health, and nothing else', async (t) => {
  const address = await openDoor(t);
  const metrics = await fetch(`${address}/metrics?now`);
  assert.deepEqual(
    [metrics.status, metrics.headers.get('content-type'), await metrics.text()],
    [200, 'text/plain; version=0.0.4', 'up 1\n'],
  );
  assert.deepEqual(await (await fetch(`${address}/healthz`)).json(), { status: 'ok' });
  const ready = await fetch(`${address}/readyz`);
  assert.equal(ready.status, 503);
  assert.deepEqual(await ready.json(), { status: 'not ready', checks: { store: 'not ready: disk full' } });
  assert.equal((await fetch(`${address}/constructor`)).status, 404);
  const posted = await fetch(`${address}/metrics`, { method: 'POST' });
  assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD']);
});

test('a failing part answers 500 and the door stays open', async (t) => {
  const address = await openDoor(t, { metricsText: () => Promise.reject(new Error('broken')) });
  assert.equal((await fetch(`${address}/metrics`)).status, 500);
  assert.equal((await fetch(`${address}/healthz`)).status, 200);
});
