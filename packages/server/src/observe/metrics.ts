import { assert } from '@qfs/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS } from './metrics-table.ts';

/** What the rooms see: metrics by name, nothing of the library behind. */
export interface Metrics {
  count(name: string, labels?: Readonly<Record<string, string>>, amount?: number): void;
  observe(name: string, labels: Readonly<Record<string, string>>, value: number): void;
  /** Sets a gauge now, or registers a function that is asked at each scrape. */
  gauge(name: string, value: number | (() => number)): void;
  /** The Prometheus text format and its content type. */
  text(): Promise<{ contentType: string; body: string }>;
}

/** Registers every row of the metric table; an unknown name is a bug and fails loudly. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  const asked = new Map<string, () => number>();
  for (const { name, kind, labels, help, buckets } of METRICS) {
    const common = { name, help, labelNames: [...labels], registers: [registry] };
    if (kind === 'counter') counters.set(name, new Counter(common));
    else if (kind === 'histogram')
      histograms.set(name, new Histogram({ ...common, buckets: [...(buckets ?? [])] }));
    else {
      const collect = function collect(this: Gauge): void {
        const value = asked.get(name)?.();
        if (value !== undefined) this.set(value);
      };
      gauges.set(name, new Gauge({ ...common, collect }));
    }
  }
  const known = <T>(map: ReadonlyMap<string, T>, name: string): T => {
    const metric = map.get(name);
    assert(metric !== undefined, `metric ${name} is not in the metric table under this kind`);
    return metric;
  };
  return {
    count: (name, labels = {}, amount = 1) => known(counters, name).inc({ ...labels }, amount),
    observe: (name, labels, value) => known(histograms, name).observe({ ...labels }, value),
    gauge(name, value) {
      const metric = known(gauges, name);
      if (typeof value === 'number') metric.set(value);
      else asked.set(name, value);
    },
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
