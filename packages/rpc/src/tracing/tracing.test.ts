import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallOptions, Client, ServiceImpl } from '@connectrpc/connect';
import { QfsError } from '@qfs/core';
import { type CallContext, callOptions, contextOf } from '../call-context.ts';
import { directClient } from '../direct-client.ts';
import { DriverManagerService } from '../gen/eigen/internal/v1/driver_manager_service_pb.ts';
import { routerClient } from '../wire-client.ts';
import { readTraceparent, traceFields, writeTraceparent } from './traceparent.ts';
import { inSpan, type SpanAttributes, type Tracer } from './tracer.ts';

const TRACE = 'a'.repeat(32);
const CALLER = `00-${TRACE}-${'b'.repeat(16)}-01`;
const CONTEXT: CallContext = {
  identity: { tenantId: 't', projectId: 'p', subject: 's', roles: [] },
  traceparent: CALLER,
  requestId: 'req_1',
};

/** Keeps what it is told; its span ids count from 1. */
class RecordingTracer implements Tracer {
  readonly spans: { name: string; kind: string; parent: string; attributes: SpanAttributes; end?: string }[] =
    [];

  startSpan(name: string, kind: string, parent: string | undefined, given: SpanAttributes = {}) {
    const attributes = { ...given };
    const recorded: RecordingTracer['spans'][number] = { name, kind, parent: parent ?? '', attributes };
    const spanId = String(this.spans.push(recorded)).padStart(16, '0');
    return {
      traceparent: writeTraceparent({ traceId: TRACE, spanId, flags: '01' }),
      add: (more: SpanAttributes) => void Object.assign(attributes, more),
      end: (error?: unknown) => {
        recorded.end ??= error instanceof QfsError ? error.code : 'ok';
      },
    };
  }
}

type Handlers = Pick<ServiceImpl<typeof DriverManagerService>, 'getExecution' | 'watchExecution'>;
type Connect = (handlers: Handlers, tracer?: Tracer) => Client<typeof DriverManagerService>;

const CLIENTS: Readonly<Record<string, readonly [connect: Connect, kind: string]>> = {
  'a direct call': [
    (handlers, tracer) => directClient(DriverManagerService, handlers as never, tracer),
    'internal',
  ],
  'a call over the wire': [
    (handlers, tracer) => routerClient(DriverManagerService, handlers as never, tracer),
    'client',
  ],
};

const OPTIONS: CallOptions = callOptions(CONTEXT);

for (const [what, [connect, kind]] of Object.entries(CLIENTS)) {
  test(`${what} is a span below its caller's, and what the handler calls is below that`, async () => {
    const tracer = new RecordingTracer();
    const seen: string[] = [];
    const handlers: Handlers = {
      getExecution: (_request, handler) => {
        seen.push(contextOf(handler).traceparent);
        return {};
      },
      watchExecution: async function* (_request, handler) {
        seen.push(contextOf(handler).traceparent);
        yield {};
      },
    };
    const client = connect(handlers, tracer);
    await client.getExecution({ deviceId: 'sim:local', remoteId: 'r' }, OPTIONS);
    for await (const _ of client.watchExecution({ deviceId: 'sim:local', remoteId: 'r' }, OPTIONS)) {
      assert.equal(tracer.spans.at(-1)?.end, undefined);
    }
    assert.deepEqual(seen, [
      `00-${TRACE}-${'1'.padStart(16, '0')}-01`,
      `00-${TRACE}-${'2'.padStart(16, '0')}-01`,
    ]);
    const service = 'eigen.internal.v1.DriverManagerService';
    const about = { 'rpc.system': 'grpc', 'rpc.service': service, device_id: 'sim:local' };
    assert.deepEqual(
      tracer.spans,
      ['GetExecution', 'WatchExecution'].map((method) => ({
        name: `${service}/${method}`,
        kind,
        parent: CALLER,
        attributes: { ...about, 'rpc.method': method },
        end: 'ok',
      })),
    );
  });

  test(`${what} that fails is a span with the reason`, async () => {
    const tracer = new RecordingTracer();
    const fail = (): never => {
      throw new QfsError('DEVICE_NOT_FOUND', 'There is no such device.');
    };
    const client = connect({ getExecution: fail, watchExecution: fail }, tracer);
    await assert.rejects(client.getExecution({}, OPTIONS), { code: 'DEVICE_NOT_FOUND' });
    await assert.rejects(client.watchExecution({}, OPTIONS)[Symbol.asyncIterator]().next(), {
      code: 'DEVICE_NOT_FOUND',
    });
    assert.deepEqual(
      tracer.spans.map(({ end }) => end),
      ['DEVICE_NOT_FOUND', 'DEVICE_NOT_FOUND'],
    );
  });

  test(`${what} that nobody is told of hands the caller's traceparent on`, async () => {
    const seen: string[] = [];
    const getExecution: Handlers['getExecution'] = (_request, handler) => {
      seen.push(contextOf(handler).traceparent);
      return {};
    };
    await connect({ getExecution } as Handlers).getExecution({}, OPTIONS);
    assert.deepEqual(seen, [CALLER]);
  });
}

test('work in a span goes on below it, and without a tracer as if there were none', async () => {
  const tracer = new RecordingTracer();
  const below = await inSpan(tracer, { name: 'store' }, CONTEXT, (context, span) => {
    span?.add({ bytes: 3 });
    return context.traceparent;
  });
  assert.deepEqual(traceFields(below), { trace_id: TRACE, span_id: '0000000000000001' });
  await assert.rejects(
    inSpan(tracer, { name: 'lost' }, CONTEXT, () => Promise.reject(new QfsError('STORAGE_FULL', 'Full.'))),
  );
  assert.deepEqual(
    tracer.spans.map(({ name, attributes, end }) => ({ name, attributes, end })),
    [
      { name: 'store', attributes: { bytes: 3 }, end: 'ok' },
      { name: 'lost', attributes: {}, end: 'STORAGE_FULL' },
    ],
  );
  assert.equal(await inSpan(undefined, { name: 'store' }, CONTEXT, (context) => context), CONTEXT);
});

test('a traceparent is read as W3C Trace Context says, and nothing else is', () => {
  const context = { traceId: TRACE, spanId: 'b'.repeat(16), flags: '00' };
  assert.deepEqual(readTraceparent(writeTraceparent(context)), context);
  assert.deepEqual(readTraceparent(`cc-${TRACE}-${'b'.repeat(16)}-00-what a later version adds`), context);
  for (const text of [
    undefined,
    '',
    'x',
    `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
    CALLER.toUpperCase(),
  ]) {
    assert.equal(readTraceparent(text), undefined, text);
  }
});
