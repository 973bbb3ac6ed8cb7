import { QfsError } from '@qfs/core';
import type { Tracer } from '@qfs/rpc';
import type { Logger } from 'pino';
import type { Configuration } from '../config/index.ts';
import { VERSION } from '../version.ts';
import type { Metrics } from './metrics.ts';
import { SpanLog } from './span-log.ts';

/** The tracers of one process; undefined when nobody wants to be told of spans, so that they cost nothing. */
export interface Tracing {
  of(role: string): Tracer | undefined;
  /** Of the process as a whole, for what it asks of others. */
  readonly own: Tracer | undefined;
  /** Sends what is left, for a bounded time. */
  close(): Promise<void>;
}

export interface TracingOptions {
  readonly config: Pick<Configuration, 'otel_endpoint' | 'trace_sample_percent'>;
  /** The roles of this process. */
  readonly held: ReadonlySet<string>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Spans go to the collector, if one is named, and into the log, if it has the level `debug`. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { config, held, logger } = options;
  // As OpenTelemetry says, empty is unset.
  const endpoint = config.otel_endpoint || null;
  const exported = endpoint === null ? undefined : await openExport(options, checked(endpoint));
  const isLogged = logger.isLevelEnabled('debug');
  const tracers = new Map<string, Tracer | undefined>();
  const make = (role: string): Tracer | undefined => {
    const exporting = exported?.tracer(`qfs-${role}`);
    return isLogged ? new SpanLog(logger.child({ component: role }), exporting) : exporting;
  };
  const of = (role: string): Tracer | undefined => {
    if (!tracers.has(role)) tracers.set(role, make(role));
    return tracers.get(role);
  };
  return { of, own: of([...held].join('+')), close: async () => exported?.close() };
}

function checked(endpoint: string): string {
  const url = URL.parse(endpoint);
  if (url !== null && /^https?:$/.test(url.protocol)) return endpoint;
  throw new QfsError(
    'REQUEST_INVALID',
    `OTEL_EXPORTER_OTLP_ENDPOINT is "${endpoint}"; write an address such as http://127.0.0.1:4318.`,
  );
}

/** The libraries are read only by those who export. */
async function openExport({ config, logger, metrics }: TracingOptions, endpoint: string) {
  const { SpanExport } = await import('./span-export.ts');
  let isAway = false;
  return new SpanExport({
    endpoint,
    sampleRatio: config.trace_sample_percent / 100,
    version: VERSION,
    onSent: (spans, error) => {
      metrics.count('qfs_trace_spans_total', { outcome: error === undefined ? 'exported' : 'lost' }, spans);
      if (isAway === (error !== undefined)) return;
      isAway = !isAway;
      if (isAway)
        logger.warn({ err: error, endpoint }, 'the collector of traces takes no spans; they are dropped');
      else logger.info({ endpoint }, 'the collector of traces takes spans again');
    },
  });
}
