import { assert } from '@qfs/core';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { VERSION } from '../version.ts';
import { type LabelValues, OTHER } from './metric-labels.ts';
import { CONTRACT_VERSION, METRICS, type MetricRow } from './metrics-table.ts';

type MetricLabels = Readonly<Record<string, string>>;

/** What the rooms see: metrics by name, nothing of how they are kept. */
export interface Metrics {
  count(name: string, labels?: MetricLabels, amount?: number): void;
  observe(name: string, labels: MetricLabels, value: number): void;
  /** Sets a gauge now, or registers a function that is asked at each scrape; what several say adds up. */
  gauge(name: string, value: number | (() => number), labels?: MetricLabels): void;
  /** Called before each scrape, to count or set what is only looked at then. */
  beforeScrape(look: () => void): void;
  /** The Prometheus text format and its content type. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** One combination of label values. */
interface Series {
  readonly labels: string;
  value: number;
  /** Of a histogram: how many values fell into each bucket, the last one without bound. */
  readonly counts?: number[];
  observed: number;
  /** Of a gauge: who is asked at each scrape. Their answers add up, as two doors' requests do. */
  readonly asked: (() => number)[];
}

/** A label of a metric: its name, and what keeps its values few. */
class Label {
  readonly name: string;
  readonly #known: Set<string>;
  readonly #more: number;

  constructor(name: string, values: LabelValues) {
    this.name = name;
    this.#known = new Set(typeof values === 'number' ? [] : values);
    this.#more = typeof values === 'number' ? values : 0;
  }

  admit(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#more) return OTHER;
    this.#known.add(value);
    return value;
  }
}

/** A row of the table with its series. */
class Metric {
  readonly row: MetricRow;
  readonly #labels: readonly Label[];
  readonly #series = new Map<string, Series>();

  constructor(row: MetricRow) {
    this.row = row;
    this.#labels = Object.entries(row.labels).map(([name, values]) => new Label(name, values));
    // What has no labels is there from the start, so that a rate over it has a beginning.
    if (this.#labels.length === 0) this.of({});
  }

  of(labels: MetricLabels): Series {
    let key = '';
    for (const { name } of this.#labels) key += `${labels[name]}\n`;
    return this.#series.get(key) ?? this.#add(labels);
  }

  /** In the text format: `# HELP`, `# TYPE`, and the samples. */
  write(lines: string[]): void {
    const { name, help, kind, buckets } = this.row;
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`);
    for (const series of new Set(this.#series.values())) {
      if (buckets === undefined) lines.push(`${name}${braces(series.labels)} ${currentValue(series)}`);
      else writeHistogram(lines, name, buckets, series);
    }
  }

  #add(given: MetricLabels): Series {
    const admitted = this.#labels.map((label) => {
      const value = given[label.name];
      assert(value !== undefined, () => `${this.row.name} is counted without the label ${label.name}`);
      return [label.name, label.admit(value)] as const;
    });
    const key = admitted.map(([, value]) => `${value}\n`).join('');
    const series = this.#series.get(key) ?? this.#empty(admitted);
    // Under its admitted values only: values that nobody declared must not fill the map either.
    this.#series.set(key, series);
    return series;
  }

  #empty(labels: readonly (readonly [name: string, value: string])[]): Series {
    const written = labels.map(([name, value]) => `${name}="${escaped(value)}"`).join(',');
    const { buckets } = this.row;
    const counts = buckets === undefined ? {} : { counts: new Array<number>(buckets.length + 1).fill(0) };
    return { labels: written, value: 0, observed: 0, asked: [], ...counts };
  }
}

const currentValue = ({ value, asked }: Series): number => asked.reduce((sum, ask) => sum + ask(), value);

const escaped = (value: string): string =>
  value.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`));
const braces = (labels: string): string => (labels === '' ? '' : `{${labels}}`);

function writeHistogram(lines: string[], name: string, buckets: readonly number[], series: Series): void {
  const { labels, counts = [], value, observed } = series;
  const before = labels === '' ? '' : `${labels},`;
  let below = 0;
  for (const [at, bound] of buckets.entries()) {
    below += counts[at] ?? 0;
    lines.push(`${name}_bucket{${before}le="${bound}"} ${below}`);
  }
  lines.push(`${name}_bucket{${before}le="+Inf"} ${observed}`);
  lines.push(`${name}_sum${braces(labels)} ${value}`, `${name}_count${braces(labels)} ${observed}`);
}

/** What is known before anything happens: which version runs. */
function setInfo(metrics: ReadonlyMap<string, Metric>): void {
  const node = process.versions.node;
  const info = [
    ['qfs_build_info', { version: VERSION, node }],
    ['eigen_observability_contract_info', { version: CONTRACT_VERSION }],
  ] as const;
  for (const [name, labels] of info) {
    const series = metrics.get(name)?.of(labels);
    if (series !== undefined) series.value = 1;
  }
}

/** Keeps every row of the metric table; an unknown name or a missing label is a bug and fails loudly. */
export function createMetrics(rows: readonly MetricRow[] = METRICS): Metrics {
  const node = new Registry();
  collectDefaultMetrics({ register: node });
  const metrics = new Map(rows.map((row) => [row.name, new Metric(row)]));
  const looks: (() => void)[] = [];
  setInfo(metrics);
  const known = (kind: MetricRow['kind'], name: string): Metric => {
    const metric = metrics.get(name);
    assert(metric?.row.kind === kind, () => `${name} is no ${kind} of the metric table`);
    return metric;
  };
  return {
    count(name, labels = {}, amount = 1) {
      known('counter', name).of(labels).value += amount;
    },
    observe(name, labels, value) {
      const metric = known('histogram', name);
      const series = metric.of(labels);
      const { buckets = [] } = metric.row;
      let at = 0;
      while (at < buckets.length && value > (buckets[at] ?? 0)) at += 1;
      series.counts![at]! += 1;
      series.value += value;
      series.observed += 1;
    },
    gauge(name, value, labels = {}) {
      const series = known('gauge', name).of(labels);
      if (typeof value === 'number') series.value = value;
      else series.asked.push(value);
    },
    beforeScrape: (look) => void looks.push(look),
    async text() {
      for (const look of looks) look();
      const lines: string[] = [];
      for (const metric of metrics.values()) metric.write(lines);
      return { contentType: node.contentType, body: `${lines.join('\n')}\n${await node.metrics()}` };
    },
  };
}
