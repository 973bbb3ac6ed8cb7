import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics } from './metrics.ts';
import { METRICS, type MetricRow } from './metrics-table.ts';

const ROWS: readonly MetricRow[] = [
  { name: 'asked_total', kind: 'counter', labels: { how: ['well', 'badly'], where: 2 }, help: 'Questions.' },
  { name: 'plain_total', kind: 'counter', labels: {}, help: 'Plain.' },
  { name: 'depth', kind: 'gauge', labels: { of: 2 }, help: 'Depth.' },
  { name: 'took_seconds', kind: 'histogram', labels: {}, buckets: [0.5, 1, 2], help: 'Time.' },
];

/** The samples of our own rows, without those of the Node process. */
async function samples(metrics: ReturnType<typeof createMetrics>): Promise<string[]> {
  const { body } = await metrics.text();
  return body.split('\n').filter((line) => /^(asked|plain|depth|took)/.test(line));
}

test('metrics are written in the text format of Prometheus', async () => {
  const metrics = createMetrics(ROWS);
  let scrapes = 0;
  metrics.beforeScrape(() => metrics.gauge('depth', ++scrapes, { of: 'b"a\\r\n' }));
  metrics.count('asked_total', { how: 'well', where: 'here' });
  metrics.count('asked_total', { how: 'well', where: 'here' }, 2);
  metrics.gauge('depth', () => 7, { of: 'foo' });
  for (const value of [0.5, 0.6, 3]) metrics.observe('took_seconds', {}, value);
  assert.deepEqual(await samples(metrics), [
    'asked_total{how="well",where="here"} 3',
    'plain_total 0',
    'depth{of="foo"} 7',
    'depth{of="b\\"a\\\\r\\n"} 1',
    'took_seconds_bucket{le="0.5"} 1',
    'took_seconds_bucket{le="1"} 2',
    'took_seconds_bucket{le="2"} 2',
    'took_seconds_bucket{le="+Inf"} 3',
    'took_seconds_sum 4.1',
    'took_seconds_count 3',
  ]);
  const { body } = await metrics.text();
  assert.match(body, /^# HELP asked_total Questions\.\n# TYPE asked_total counter\n/);
  assert.match(body, /^process_cpu_seconds_total /m);
  assert.match(body, /^depth\{of="b.*"\} 2$/m);
});

test('a label says what its row allows; everything else is counted as other', async () => {
  const metrics = createMetrics(ROWS);
  for (let round = 0; round < 1000; round += 1) {
    metrics.count('asked_total', { how: `hostile ${round}`, where: `/jobs/${round}` });
  }
  assert.deepEqual(await samples(metrics).then((lines) => lines.filter((line) => line.startsWith('asked'))), [
    'asked_total{how="other",where="/jobs/0"} 1',
    'asked_total{how="other",where="/jobs/1"} 1',
    'asked_total{how="other",where="other"} 998',
  ]);
});

test('a name that is not in the table, another kind and a missing label fail loudly', () => {
  const metrics = createMetrics(ROWS);
  assert.throws(() => metrics.count('nothing_total'), /nothing_total is no counter/);
  assert.throws(() => metrics.count('depth', { of: 'x' }), /depth is no counter/);
  assert.throws(() => metrics.gauge('depth', 1), /depth is counted without the label of/);
});

test('names and labels are what Prometheus takes, in base units, and no label names a job, a trace or a tenant', () => {
  const names = METRICS.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)]);
  for (const { name, kind, labels, help } of METRICS) {
    assert.match(name, /^(?:eigen|qfs|security)_[a-z_]+$/);
    assert.equal(name.endsWith('_total') && kind !== 'gauge', kind === 'counter', name);
    assert.match(help, /^[A-Z].*[^.]\.$/, name);
    for (const [label, values] of Object.entries(labels)) {
      assert.match(label, /^[a-z_]+$/);
      assert.ok(!['job_id', 'trace_id', 'tenant', 'le'].includes(label), `${name} ${label}`);
      if (typeof values !== 'number') assert.deepEqual(values, [...new Set(values)], `${name} ${label}`);
    }
  }
});
