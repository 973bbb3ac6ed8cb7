import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { METRICS, type MetricRow } from '@qfs/server';
import { parse } from 'yaml';
import { ALERTS, RUNBOOK } from './alerts.ts';
import { DASHBOARDS, dashboardPath, SCHEMA_VERSION } from './dashboards.ts';

/** What Prometheus and the library of Node add to what the table has. */
const TARGET_LABELS = ['job', 'instance', 'role'];
const OF_THE_PROCESS = [
  'up',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_open_fds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_heap_size_used_bytes',
];
const FUNCTIONS = ['sum', 'rate', 'increase', 'count', 'min', 'max', 'topk', 'histogram_quantile'];
const WORDS = ['by', 'ignoring', 'and', 'or'];

const byName = new Map(METRICS.map((row) => [row.name, row]));

/** The row a sample belongs to: histograms have three kinds of them. */
function rowOf(sample: string): MetricRow | undefined {
  const histogram = byName.get(sample.replace(/_(?:bucket|sum|count)$/, ''));
  return byName.get(sample) ?? (histogram?.kind === 'histogram' ? histogram : undefined);
}

const queries = [
  ...ALERTS.map(({ name, expr }) => ({ where: name, expr, legend: '' })),
  ...DASHBOARDS.flatMap(({ title, panels }) =>
    panels.flatMap((panel) =>
      panel.queries.map(([expr, legend]) => ({ where: `${title}: ${panel.title}`, expr, legend })),
    ),
  ),
];

test('every metric of dashboards and alerts is one that is exported, and every word in them is understood', () => {
  for (const { where, expr } of queries) {
    const bare = expr
      .replace(/"[^"]*"/g, '')
      .replace(/\{[^}]*\}|\[[^\]]*\]|\b(?:by|ignoring) \([^)]*\)/g, ' ');
    for (const [word] of bare.matchAll(/[A-Za-z_][A-Za-z0-9_]*/g)) {
      const isKnown = [...FUNCTIONS, ...WORDS, ...OF_THE_PROCESS].includes(word) || rowOf(word) !== undefined;
      assert.ok(isKnown, `${where} asks for ${word}`);
    }
  }
});

test('every label of dashboards and alerts belongs to its metric, and every value to the label', () => {
  for (const { where, expr } of queries) {
    for (const [, sample = '', matchers = ''] of expr.matchAll(/([a-z_][a-z0-9_]*)\{([^}]*)\}/g)) {
      for (const [, label = '', operator, value = ''] of matchers.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)) {
        if (TARGET_LABELS.includes(label)) continue;
        const values = rowOf(sample)?.labels[label];
        assert.ok(values !== undefined, `${where}: ${sample} has no label ${label}`);
        if (typeof values === 'number' || operator === '!~') continue;
        for (const choice of value.split('|')) {
          const matches = new RegExp(`^(?:${choice})$`);
          assert.ok(
            values.some((one) => matches.test(one)),
            `${where}: ${label} is never ${choice}`,
          );
        }
      }
    }
  }
});

test('what is grouped by, left out and written below a panel is a label of what is asked for', () => {
  for (const { where, expr, legend } of queries) {
    const samples = [...expr.matchAll(/[a-z_][a-z0-9_]*/g)].map(([word]) => rowOf(word));
    const labels = new Set([
      ...TARGET_LABELS,
      'le',
      ...samples.flatMap((row) => Object.keys(row?.labels ?? {})),
    ]);
    const grouped = [...expr.matchAll(/\b(?:by|ignoring) \(([^)]*)\)/g)].flatMap(([, list = '']) =>
      list.split(', '),
    );
    const named = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
    for (const label of [...grouped, ...named]) assert.ok(labels.has(label), `${where}: ${label}`);
  }
});

interface Model {
  readonly schemaVersion: number;
  readonly uid: string;
  readonly panels: readonly {
    readonly id: number;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
  }[];
}

test('dashboards are what Grafana reads: one version of the model, no panel over another', () => {
  for (const dashboard of DASHBOARDS) {
    const model = JSON.parse(readFileSync(dashboardPath(dashboard), 'utf8')) as Model;
    assert.deepEqual([model.schemaVersion, model.uid], [SCHEMA_VERSION, dashboard.uid]);
    const taken = new Set<string>();
    for (const { gridPos, targets } of model.panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          assert.ok(x < 24 && !taken.has(`${x} ${y}`), `${dashboard.title} ${x} ${y}`);
          taken.add(`${x} ${y}`);
        }
      }
      for (const { datasource } of targets) assert.equal(datasource.uid, '$source');
    }
    assert.equal(new Set(model.panels.map(({ id }) => id)).size, dashboard.panels.length);
  }
});

test('every alert says what to do, under its name in the guide, and the guide has no other', () => {
  const guide = readFileSync(RUNBOOK, 'utf8');
  const headings = [...guide.matchAll(/^### (Qfs\w+)$/gm)].map(([, name]) => name);
  assert.deepEqual(
    headings,
    ALERTS.map(({ name }) => name),
  );
  const { groups } = parse(readFileSync('deploy/prometheus/rules/qfs.yml', 'utf8')) as {
    groups: { rules: { alert: string; annotations: { runbook: string } }[] }[];
  };
  for (const { alert, annotations } of groups.flatMap(({ rules }) => rules)) {
    assert.equal(annotations.runbook, `${RUNBOOK}#${alert.toLowerCase()}`);
  }
});

const PROMTOOL = process.env.PROMTOOL ?? 'promtool';
const hasPromtool = spawnSync(PROMTOOL, ['--version']).status === 0;
const skip = hasPromtool ? false : 'promtool is not installed';

test('promtool takes the configuration and the rules, and alerts fire when they should', { skip }, () => {
  for (const command of [
    ['check', 'config', 'deploy/prometheus/prometheus.yml'],
    ['check', 'config', 'deploy/prometheus/one-process.yml'],
    ['test', 'rules', 'deploy/prometheus/rules.test.yml'],
  ]) {
    const { status, stdout, stderr } = spawnSync(PROMTOOL, command, { encoding: 'utf8', timeout: 20_000 });
    assert.equal(status, 0, `${command.join(' ')}\n${stdout}${stderr}`);
  }
});
