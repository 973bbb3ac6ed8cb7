import { randomBytes } from 'node:crypto';
import { QfsError } from '@qfs/core';
import {
  readTraceparent,
  type Span,
  type SpanAttributes,
  type SpanKind,
  type Tracer,
  traceFields,
  writeTraceparent,
} from '@qfs/rpc';
import type { Logger } from 'pino';

/** Who asks that a trace is not told of, health checks for example, finds it in no log either. */
const UNSAMPLED = '00';

/** Trace ids and span ids, where no exporter makes them. */
const OWN_IDS: Tracer = {
  startSpan(_name, _kind, parent) {
    const above = readTraceparent(parent);
    const spanId = randomBytes(8).toString('hex');
    const traceId = above?.traceId ?? randomBytes(16).toString('hex');
    const traceparent = writeTraceparent({ traceId, spanId, flags: above?.flags ?? '01' });
    return { traceparent, add: () => undefined, end: () => undefined };
  },
};

/** Writes a debug line at the end of every span, and hands it to a further tracer if there is one. */
export class SpanLog implements Tracer {
  readonly #logger: Logger;
  readonly #inner: Tracer;

  constructor(logger: Logger, inner: Tracer = OWN_IDS) {
    this.#logger = logger;
    this.#inner = inner;
  }

  startSpan(name: string, kind: SpanKind, parent: string | undefined, attributes?: SpanAttributes): Span {
    const inner = this.#inner.startSpan(name, kind, parent, attributes);
    if (readTraceparent(inner.traceparent)?.flags === UNSAMPLED) return inner;
    const startMs = performance.now();
    const fields: Record<string, unknown> = { ...attributes };
    let isOpen = true;
    return {
      traceparent: inner.traceparent,
      add: (more) => {
        Object.assign(fields, more);
        inner.add(more);
      },
      end: (error) => {
        inner.end(error);
        if (!isOpen) return;
        isOpen = false;
        const seconds = (performance.now() - startMs) / 1000;
        const reason = error === undefined ? {} : { reason: QfsError.from(error).code };
        const line = { ...traceFields(inner.traceparent), ...fields, ...reason, duration_seconds: seconds };
        this.#logger.debug(line, `span ${name}`);
      },
    };
  }
}
