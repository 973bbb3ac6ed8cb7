import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from './platform.ts';

/** A span as a collector sees it, with what is asked of it here. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 2: it failed. */
  readonly status: number;
}

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly boolValue?: boolean;
}
interface Attribute {
  readonly key: string;
  readonly value: Value;
}

/** Its request, OTLP/HTTP in JSON: opentelemetry-proto, `ExportTraceServiceRequest`. */
interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly kind: number;
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly attributes?: readonly Attribute[];
        readonly status?: { readonly code?: number };
      }[];
    }[];
  }[];
}

const plain = (attributes: readonly Attribute[] = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

function spansOf({ resourceSpans }: ExportRequest): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(plain(resource.attributes)['service.name']);
    return scopeSpans
      .flatMap(({ spans }) => spans)
      .map(({ name, kind, traceId, spanId, parentSpanId = '', attributes, status }) => ({
        ...{ service, name, kind, traceId, spanId, parentSpanId },
        attributes: plain(attributes),
        status: status?.code ?? 0,
      }));
  });
}

/** Spans below nothing that is there. */
function orphans(spans: readonly CollectedSpan[], root: string): CollectedSpan[] {
  const known = new Set([root, ...spans.map(({ spanId }) => spanId)]);
  return spans.filter(({ parentSpanId }) => !known.has(parentSpanId));
}

/** A collector of traces that keeps what it is sent. */
export class OtlpCollector {
  readonly spans: CollectedSpan[] = [];
  readonly endpoint: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<OtlpCollector> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const collector = new OtlpCollector(server);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (request.url !== '/v1/traces') return response.writeHead(404).end();
      collector.spans.push(...spansOf(JSON.parse(Buffer.concat(chunks).toString()) as ExportRequest));
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    return collector;
  }

  of(traceId: string): CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  /** Waits until a trace has spans of all these names, and of every span the one above, up to the root. */
  async trace(traceId: string, names: readonly string[], root?: string): Promise<CollectedSpan[]> {
    const missing = (): string[] => [
      ...names.filter((name) => !this.of(traceId).some((span) => span.name === name)),
      ...(root === undefined ? [] : orphans(this.of(traceId), root).map(({ name }) => `parent of ${name}`)),
    ];
    const whole = async () => (missing().length === 0 ? true : undefined);
    await until('the spans of a trace', 15_000, whole).catch(() => {
      const seen = this.spans.map((span) => `${span.traceId} ${span.service} ${span.name}`).join('\n');
      throw new Error(`there is no ${missing().join(', ')} in ${traceId}; there are\n${seen}`);
    });
    return this.of(traceId);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
