import assert from 'node:assert/strict';
import { Agent, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type DoorDependencies, REQUEST_RECEIVED_MS_MAX } from '../door.ts';
import { doorDependencies, MemoryRooms } from '../testing/rooms.ts';
import { createRestDoor } from './rest-door.ts';

const BELL =
  'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;';
const FIRST = 'job_0199e1a2b3c470008000000000000001';

async function openDoor(t: TestContext, change: Partial<DoorDependencies> = {}) {
  const rooms = new MemoryRooms();
  const app = await createRestDoor({ ...doorDependencies(rooms, change), page: [] });
  t.after(() => app.close());
  return { app, rooms };
}

test('DOOR-15: callers who leave are forgotten at once, and are no error of ours', async (t) => {
  let active = () => -1;
  const errors: unknown[] = [];
  const metrics = {
    count: () => undefined,
    observe: () => undefined,
    gauge: (_: string, read: typeof active) => (active = read),
  };
  const logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (error: unknown) => errors.push(error),
  };
  const { app, rooms } = await openDoor(t, { metrics, logger });
  await app.inject({ method: 'POST', url: '/tasks', payload: { qc: BELL } });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const requests = [
    `GET /api/v1/jobs/${FIRST}/events HTTP/1.1\r\nHost: here\r\n\r\n`,
    'POST /tasks HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  ];
  const sockets = requests.map((request) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(request);
    return socket;
  });
  while (active() < requests.length) await new Promise((resolve) => setImmediate(resolve));
  for (const socket of sockets) socket.destroy();
  while (active() > 0 || rooms.followers(FIRST) > 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(errors, []);
});

test('DOOR-15: streams one after the other leave nothing behind on their connection', async (t) => {
  const { app, rooms } = await openDoor(t);
  await app.inject({ method: 'POST', url: '/tasks', payload: { qc: BELL } });
  rooms.complete(FIRST, { '00': 1024 });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const sockets: Socket[] = [];
  app.server.on('connection', (socket) => sockets.push(socket));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const listeners: number[] = [];
  for (let k = 0; k < 5; k += 1) {
    const answer = await new Promise<IncomingMessage>((resolve) =>
      get(`${address}/api/v1/jobs/${FIRST}/events`, { agent }, resolve),
    );
    for await (const _ of answer);
    listeners.push(sockets[0]!.listenerCount('close'));
  }
  assert.equal(sockets.length, 1);
  assert.equal(listeners.at(-1), listeners[0]);
});

test('a caller has a bounded time to send a request', async (t) => {
  const { app } = await openDoor(t);
  assert.equal(app.server.requestTimeout, REQUEST_RECEIVED_MS_MAX);
  assert.ok(app.server.headersTimeout > 0 && app.server.headersTimeout <= REQUEST_RECEIVED_MS_MAX);
});

test('bytes that are no HTTP request are refused in problem+json, like everything else', async (t) => {
  const { app } = await openDoor(t);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const refusals = [
    ['no request at all', 'nonsense\r\n\r\n', 400],
    [
      'headers beyond their bound',
      `GET / HTTP/1.1\r\nHost: here\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`,
      431,
    ],
  ] as const;
  for (const [what, bytes, status] of refusals) {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('end', () => resolve(text)).on('error', reject);
      socket.write(bytes);
    });
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    assert.match(head, new RegExp(`^HTTP/1.1 ${status} `), what);
    assert.match(head, /content-type: application\/problem\+json/, what);
    const problem = JSON.parse(body) as { status: number; code: string };
    assert.deepEqual([problem.status, problem.code], [status, 'REQUEST_INVALID'], what);
  }
});
