import type { CallContext } from '../call-context.ts';

/** Who stands at the ends of a span: both in this process, the one that asks, or the one that answers. */
export type SpanKind = 'internal' | 'client' | 'server';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work with a beginning and an end, inside a trace. */
export interface Span {
  /** What work below this span is given as its parent. */
  readonly traceparent: string;
  /** What was learnt since the span began. */
  add(attributes: SpanAttributes): void;
  /** Safe to repeat; only the first call counts. */
  end(error?: unknown): void;
}

/**
 * Tells somebody of spans. Rooms take a `Tracer | undefined`: where nobody wants to be told there is none, and the
 * caller's traceparent goes on as it is.
 */
export interface Tracer {
  /** @param parent traceparent of the span above; undefined begins a trace */
  startSpan(name: string, kind: SpanKind, parent: string | undefined, attributes?: SpanAttributes): Span;
}

export interface NewSpan {
  readonly name: string;
  readonly kind?: SpanKind;
  readonly attributes?: SpanAttributes;
}

/** Does the work in a span below that of the context; the work goes on with the context it is given. */
export async function inSpan<Context extends Pick<CallContext, 'traceparent'>, Value>(
  tracer: Tracer | undefined,
  { name, kind = 'internal', attributes }: NewSpan,
  context: Context,
  work: (context: Context, span: Span | undefined) => Promise<Value> | Value,
): Promise<Value> {
  if (tracer === undefined) return work(context, undefined);
  const span = tracer.startSpan(name, kind, context.traceparent, attributes);
  try {
    const value = await work({ ...context, traceparent: span.traceparent }, span);
    span.end();
    return value;
  } catch (thrown) {
    span.end(thrown);
    throw thrown;
  }
}
