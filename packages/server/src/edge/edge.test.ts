import assert from 'node:assert/strict';
import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { QfsError, type StoreCall } from '@qfs/core';
import { type CallContext, callOptions, contextOf, KernelGatewayService, StoreService } from '@qfs/rpc';
import { connectRole } from './edge-client.ts';
import { MESSAGES_AHEAD } from './edge-transport.ts';
import { served } from './services.ts';
import { ASKED, CONTEXT, echo, oneCall, openEdge, SECRET } from './testing/open-edge.ts';

test('a call, its identity, its trace, its request and the time it has cross to the other process', async (t) => {
  const seen: CallContext[] = [];
  const store = echo((request, handler) => {
    seen.push(contextOf(handler));
    return { results: request.calls.map(({ argument }) => argument) };
  });
  const { role } = await openEdge(t, { services: [store] });
  const limits = { tenantOpenJobsMax: 7 };
  const context = { ...CONTEXT, identity: { ...CONTEXT.identity, subject: 'Ana Müller', limits } };
  const deadlineMs = performance.now() + 5_000;
  const { results } = await role
    .client(StoreService)
    .transact(oneCall, callOptions({ ...context, deadlineMs, remoteAddress: '10.0.0.1' }));
  assert.deepEqual([...results[0]!], [1, 2, 3]);
  const [{ signal, deadlineMs: until, ...told }] = seen as [CallContext];
  assert.deepEqual(told, context);
  assert.ok(Math.abs(until! - deadlineMs) < 1_000 && signal !== undefined);
});

test('a thousand calls at once are each given their own answer, the large ones too', async (t) => {
  const { role } = await openEdge(t, { services: [echo()] });
  const client = role.client(StoreService);
  await Promise.all(
    Array.from({ length: 1_000 }, async (_, k) => {
      const argument = new Uint8Array(k % 100 === 0 ? 1_000_000 : k).fill(k);
      const { results } = await client.transact({ calls: [{ operation: 'x', argument }] }, ASKED);
      assert.ok(Buffer.from(argument).equals(results[0]!), `call ${k}`);
    }),
  );
});

test('an error crosses as it was thrown; what broke inside is told to the log alone', async (t) => {
  const thrown = new QfsError('QASM_SYNTAX', 'No.', {
    metadata: { job_id: 'job_1' },
    violations: [{ field: 'items', description: 'too many' }],
    diagnostics: [
      { code: 'QASM_SYNTAX', severity: 'error', message: 'x'.repeat(5_000), line: 1, column: 2 } as never,
    ],
    retryAfterMs: 1_500,
  });
  let failing: unknown = thrown;
  const { role, logged } = await openEdge(t, {
    services: [
      echo(() => {
        throw failing;
      }),
    ],
  });
  const client = role.client(StoreService);
  await assert.rejects(client.transact(oneCall, ASKED), (error: QfsError) => {
    const { code, message, metadata, violations, diagnostics, retryAfterMs } = error;
    const told = { code, message, metadata, violations, diagnostics, retryAfterMs };
    const { code: c, message: m, metadata: md, violations: v, diagnostics: d, retryAfterMs: r } = thrown;
    assert.deepEqual(told, {
      code: c,
      message: m,
      metadata: md,
      violations: v,
      diagnostics: d,
      retryAfterMs: r,
    });
    return true;
  });
  assert.equal(logged.length, 0);
  failing = new Error('a secret');
  await assert.rejects(client.transact(oneCall, ASKED), {
    code: 'INTERNAL',
    message: /logged with the request id/,
  });
  assert.equal((logged[0] as { err: Error }).err, failing);
});

test('a stream comes in order and no faster than it is read; who leaves ends the handler', async (t) => {
  let made = 0;
  const left = Promise.withResolvers<void>();
  const handlers = {
    async *streamJobUpdates() {
      try {
        for (;;) {
          made += 1;
          yield { eventSeq: BigInt(made) };
        }
      } finally {
        left.resolve();
      }
    },
  };
  const { role } = await openEdge(t, { services: [served(KernelGatewayService, handlers as never)] });
  let read = 0n;
  for await (const { eventSeq } of role.client(KernelGatewayService).streamJobUpdates({}, ASKED)) {
    read += 1n;
    assert.equal(eventSeq, read);
    if (read === 200n) break;
    if (read === 100n) await pause(20);
    assert.ok(made <= Number(read) + 2 * MESSAGES_AHEAD, `${made} were made, ${read} read`);
  }
  await left.promise;
});

test('who stops waiting, or whose deadline passes, is told so, and the handler too', async (t) => {
  const signals: AbortSignal[] = [];
  const hang = echo((_request, { signal }) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  const { role } = await openEdge(t, { services: [hang] });
  const client = role.client(StoreService);
  const late = client.transact(oneCall, callOptions({ ...CONTEXT, deadlineMs: performance.now() + 30 }));
  await assert.rejects(late, { code: 'DEADLINE_EXCEEDED' });
  const caller = new AbortController();
  const given = client.transact(oneCall, callOptions({ ...CONTEXT, signal: caller.signal }));
  while (signals.length < 2) await pause(1);
  caller.abort(new QfsError('JOB_TIMEOUT', 'The job took too long.'));
  await assert.rejects(given, { code: 'JOB_TIMEOUT' });
  const passed = AbortSignal.abort(new ConnectError('too late', Code.DeadlineExceeded));
  await assert.rejects(client.transact(oneCall, callOptions({ ...CONTEXT, signal: passed })), {
    code: 'DEADLINE_EXCEEDED',
  });
  while (!signals.every(({ aborted }) => aborted)) await pause(1);
});

test('what a call writes is committed by a caller that gathers, and by the handler for one that does not', async (t) => {
  const argument = { digest: Uint8Array.of(1), size: 5n, names: new Map([['a', 1]]) };
  let operation = 'artifacts.store';
  const kept: StoreCall[] = [];
  const store = echo((_request, handler) => {
    const { unitOfWork } = contextOf(handler);
    const written = [{ operation, argument }];
    if (unitOfWork === undefined) kept.push(...written);
    else unitOfWork.add(written);
    return { results: [] };
  });
  const { role } = await openEdge(t, { services: [store] });
  const gathered: StoreCall[] = [];
  const unitOfWork = { add: (calls: readonly StoreCall[]) => gathered.push(...calls) };
  const client = role.client(StoreService);
  await client.transact(oneCall, callOptions({ ...CONTEXT, unitOfWork }));
  assert.deepEqual([gathered, kept], [[{ operation, argument }], []]);
  await client.transact(oneCall, ASKED);
  assert.deepEqual([gathered.length, kept], [1, [{ operation, argument }]]);
  operation = 'log.propose';
  const call = client.transact(oneCall, callOptions({ ...CONTEXT, unitOfWork }));
  await assert.rejects(call, { code: 'AUTH_DENIED' });
  assert.equal(gathered.length, 1);
});

test('a role that is not there is named, and the call was certainly not made', async () => {
  const role = connectRole('compiler', 'http://127.0.0.1:1', SECRET);
  await assert.rejects(role.client(StoreService).transact(oneCall, ASKED), {
    code: 'ROLE_UNAVAILABLE',
    message: 'The compiler of this platform does not answer.',
    metadata: { role: 'compiler', reached: 'no' },
    retryAfterMs: 500,
  });
  assert.equal(await role.isReady(), false);
  role.close();
});

test('a process that dies in the middle of a call or a stream leaves ROLE_UNAVAILABLE', async (t) => {
  const sockets: Socket[] = [];
  // Like a handler that waits for its signal.
  const hang = (_request: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const handlers = {
    async *streamJobUpdates(request: unknown, handler: { signal: AbortSignal }) {
      yield { eventSeq: 1n };
      await hang(request, handler);
    },
    getJob: hang,
  };
  const { server } = await openEdge(t, { services: [served(KernelGatewayService, handlers as never)] });
  // Between the two stands somebody who can cut the line.
  const port = Number(new URL(server.url).port);
  const between = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    sockets.push(near, far);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => between.once('listening', resolve));
  const role = connectRole('kernel', `http://127.0.0.1:${(between.address() as AddressInfo).port}`, SECRET);
  const kernel = role.client(KernelGatewayService);
  const call = kernel.getJob({}, ASKED);
  const stream = kernel.streamJobUpdates({}, ASKED)[Symbol.asyncIterator]();
  assert.equal((await stream.next()).value?.eventSeq, 1n);
  const next = stream.next();
  for (const socket of sockets) socket.destroy();
  for (const cut of [call, next]) {
    await assert.rejects(cut, { code: 'ROLE_UNAVAILABLE', metadata: { role: 'kernel' } });
  }
  assert.equal(await role.isReady(), true, 'the next call connects again');
  role.close();
  for (const socket of sockets) socket.destroy();
  between.close();
});

test('a hole that swallows everything is bounded by the deadline of the call', async (t) => {
  const held: Socket[] = [];
  const hole = createServer((socket) => held.push(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => hole.once('listening', resolve));
  t.after(() => {
    for (const socket of held) socket.destroy();
    hole.close();
  });
  const role = connectRole('kernel', `http://127.0.0.1:${(hole.address() as AddressInfo).port}`, SECRET);
  const deadlineMs = performance.now() + 50;
  const call = role.client(StoreService).transact(oneCall, callOptions({ ...CONTEXT, deadlineMs }));
  await assert.rejects(call, { code: 'DEADLINE_EXCEEDED' });
  role.close();
});

test('what is no role of the platform is told apart from one that answers', async (t) => {
  const other = createHttp2Server((_request, response) => response.writeHead(404).end());
  other.listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const role = connectRole('kernel', `http://127.0.0.1:${(other.address() as AddressInfo).port}`, SECRET);
  t.after(() => {
    role.close();
    other.close();
  });
  await assert.rejects(role.client(StoreService).transact(oneCall, ASKED), (error: QfsError) => {
    assert.equal(error.code, 'ROLE_UNAVAILABLE');
    assert.match(String((error.cause as Error).message), /no role of the platform is there: HTTP 404/);
    return true;
  });
});

test('a role that closes gives the answers under way, refuses what comes after, and ends its streams', async (t) => {
  const go = Promise.withResolvers<void>();
  const slow = echo(async ({ calls }) => {
    await go.promise;
    return { results: calls.map(({ argument }) => argument) };
  });
  const handlers = {
    async *streamJobUpdates(_request: unknown, { signal }: { signal: AbortSignal }) {
      yield { eventSeq: 1n };
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const { server, role } = await openEdge(t, {
    services: [slow, served(KernelGatewayService, handlers as never)],
  });
  const client = role.client(StoreService);
  const underWay = client.transact(oneCall, ASKED);
  const stream = role.client(KernelGatewayService).streamJobUpdates({}, ASKED)[Symbol.asyncIterator]();
  await stream.next();
  const closed = server.close();
  await pause(20);
  await assert.rejects(client.transact(oneCall, ASKED), {
    code: 'ROLE_UNAVAILABLE',
    metadata: { role: 'kernel', reached: 'no' },
  });
  go.resolve();
  assert.equal((await underWay).results.length, 1);
  await assert.rejects(stream.next(), { code: 'SHUTTING_DOWN' });
  await closed;
});

test('a service that the process does not have is refused, and a call without identity too', async (t) => {
  const { role } = await openEdge(t, { services: [echo()] });
  const kernel = role.client(KernelGatewayService);
  await assert.rejects(kernel.getJob({}, ASKED), { code: 'NOT_IMPLEMENTED' });
  await assert.rejects(role.client(StoreService).transact(oneCall), { code: 'AUTH_MISSING' });
});
