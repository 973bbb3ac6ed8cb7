import {
  type Attributes,
  SpanKind as Kind,
  type Span as OpenTelemetrySpan,
  type Tracer as OpenTelemetryTracer,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { isErrorCode, QfsError } from '@qfs/core';
import {
  readTraceparent,
  type Span,
  type SpanAttributes,
  type SpanKind,
  type Tracer,
  writeTraceparent,
} from '@qfs/rpc';

/** Ended spans that wait to be sent; more are dropped, so that a collector that is away costs no memory. */
const SPANS_WAITING_MAX = 8192;
const SPANS_PER_REQUEST = 512;
const SEND_EVERY_MS = 1000;
/** A collector that does not answer in this time has not taken them. */
const SEND_MS_MAX = 5000;
/** How long the end of the process waits for the last spans. */
const CLOSE_MS_MAX = 2000;

const KINDS: Readonly<Record<SpanKind, Kind>> = {
  internal: Kind.INTERNAL,
  client: Kind.CLIENT,
  server: Kind.SERVER,
};

export interface SpanExportOptions {
  /** Base URL of an OTLP/HTTP collector; spans go to `/v1/traces` below it. */
  readonly endpoint: string;
  /** Share of the traces begun here that is told of, 0 to 1. Traces of callers follow their sampled flag. */
  readonly sampleRatio: number;
  readonly version: string;
  /** Told of every request to the collector: how many spans it held, and why it failed if it did. */
  readonly onSent: (spans: number, error: Error | undefined) => void;
}

/** Spans go to a collector in batches, over OTLP/HTTP in JSON. Nobody waits for it. */
export class SpanExport {
  readonly #options: SpanExportOptions;
  readonly #processor: BatchSpanProcessor;

  constructor(options: SpanExportOptions) {
    this.#options = options;
    const url = `${options.endpoint.replace(/\/+$/, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, timeoutMillis: SEND_MS_MAX, concurrencyLimit: 2 });
    this.#processor = new BatchSpanProcessor({
      exporter: telling(exporter, options.onSent),
      maxQueueSize: SPANS_WAITING_MAX,
      maxExportBatchSize: SPANS_PER_REQUEST,
      scheduledDelayMillis: SEND_EVERY_MS,
      exportTimeoutMillis: SEND_MS_MAX,
    });
  }

  /** The tracer of a service, by the name that the collector shows. */
  tracer(serviceName: string): Tracer {
    const { sampleRatio, version } = this.#options;
    const root = sampleRatio >= 1 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(sampleRatio);
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
      sampler: new ParentBasedSampler({ root }),
      spanProcessors: [this.#processor],
    });
    return new ExportingTracer(provider.getTracer('qfs', version));
  }

  /** Sends what is left, for a bounded time. */
  async close(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, CLOSE_MS_MAX);
    await Promise.race([this.#processor.shutdown().catch(() => undefined), late.promise]);
    clearTimeout(timer);
  }
}

function telling(exporter: OTLPTraceExporter, onSent: SpanExportOptions['onSent']): SpanExporter {
  return {
    export: (spans: ReadableSpan[], done) =>
      exporter.export(spans, (result) => {
        onSent(spans.length, result.code === 0 ? undefined : (result.error ?? new Error('refused')));
        done(result);
      }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}

class ExportingTracer implements Tracer {
  readonly #tracer: OpenTelemetryTracer;

  constructor(tracer: OpenTelemetryTracer) {
    this.#tracer = tracer;
  }

  startSpan(name: string, kind: SpanKind, parent: string | undefined, attributes?: SpanAttributes): Span {
    const above = readTraceparent(parent);
    const context =
      above === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId: above.traceId,
            spanId: above.spanId,
            traceFlags: Number.parseInt(above.flags, 16) & 1,
            isRemote: kind === 'server',
          });
    return spanOf(
      this.#tracer.startSpan(name, { kind: KINDS[kind], attributes: attributes as Attributes }, context),
    );
  }
}

function spanOf(span: OpenTelemetrySpan): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  let isOpen = true;
  return {
    traceparent: writeTraceparent({ traceId, spanId, flags: traceFlags.toString(16).padStart(2, '0') }),
    add: (attributes) => void span.setAttributes(attributes as Attributes),
    end: (thrown) => {
      if (!isOpen) return;
      isOpen = false;
      if (thrown !== undefined) {
        const { code, message } = QfsError.from(thrown);
        span.setAttribute('error.type', isErrorCode(code) ? code : 'INTERNAL');
        span.setStatus({ code: SpanStatusCode.ERROR, message });
      }
      span.end();
    },
  };
}
