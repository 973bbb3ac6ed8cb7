/** `@qfs/server`: the composition root. Programs start `main.ts`; this entry serves documentation and tests. */
export { configurationReference } from './config/index.ts';
export { METRICS, type MetricRow, metricsReference } from './observe/metrics-table.ts';
