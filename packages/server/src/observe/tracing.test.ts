import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonLogger } from './logging.ts';
import { createMetrics } from './metrics.ts';
import { openTracing } from './tracing.ts';

const optionsOf = (endpoint: string | null, level = 'info') => ({
  config: { otel_endpoint: endpoint, trace_sample_percent: 100 },
  held: new Set(['kernel', 'qfs']),
  logger: jsonLogger(level, 'qfs', { write: () => undefined }),
  metrics: createMetrics(),
});

test('nobody is told of spans unless a collector is named or the log has the level debug', async () => {
  const silent = await openTracing(optionsOf(null));
  assert.deepEqual([silent.own, silent.of('kernel')], [undefined, undefined]);
  assert.equal((await openTracing(optionsOf(''))).own, undefined);
  const logged = await openTracing(optionsOf(null, 'debug'));
  assert.ok(logged.own !== undefined && logged.of('kernel') !== undefined);
  await silent.close();
});

test('spans that are exported are in the trace of their parent, or begin one', async () => {
  const tracing = await openTracing(optionsOf('http://127.0.0.1:9'));
  const tracer = tracing.of('kernel')!;
  const traceId = 'a'.repeat(32);
  const below = tracer.startSpan('a', 'server', `00-${traceId}-${'b'.repeat(16)}-01`, { job_id: 'job_1' });
  assert.match(below.traceparent, new RegExp(`^00-${traceId}-(?!b)[0-9a-f]{16}-01$`));
  const unsampled = tracer.startSpan('a', 'server', `00-${traceId}-${'b'.repeat(16)}-00`);
  assert.match(unsampled.traceparent, new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  assert.match(
    tracer.startSpan('a', 'server', 'no traceparent').traceparent,
    /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/,
  );
  await tracing.close();
});

test('of the traces that begin here as many are sampled as the settings say', async () => {
  const options = optionsOf('http://127.0.0.1:9');
  const none = await openTracing({ ...options, config: { ...options.config, trace_sample_percent: 0 } });
  assert.match(none.of('qfs')!.startSpan('a', 'server', undefined).traceparent, /-00$/);
  await none.close();
});

test('an address that is none is refused with what to write', async () => {
  for (const endpoint of ['127.0.0.1:4318', 'collector', 'ftp://collector']) {
    const message = /OTEL_EXPORTER_OTLP_ENDPOINT is ".*"; write an address such as http:/;
    await assert.rejects(openTracing(optionsOf(endpoint)), { code: 'REQUEST_INVALID', message });
  }
});
