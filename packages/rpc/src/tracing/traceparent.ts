/** W3C Trace Context, version 00: trace id and parent id are not all zeros. */
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the span that what follows is below. */
  readonly spanId: string;
  /** Two hexadecimal digits; the lowest bit says that the trace is sampled. */
  readonly flags: string;
}

/** Undefined when the text is no traceparent of a kind this version can read. */
export function readTraceparent(text: string | undefined): TraceContext | undefined {
  const [, traceId, spanId, flags] = (text !== undefined && TRACEPARENT.exec(text)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, flags };
}

export const writeTraceparent = ({ traceId, spanId, flags }: TraceContext): string =>
  `00-${traceId}-${spanId}-${flags}`;

/** The trace and the span that a log line or a record belongs to. `traceparent` is one of ours, so it is whole. */
export const traceFields = (
  traceparent: string,
): { readonly trace_id: string; readonly span_id: string } => ({
  trace_id: traceparent.slice(3, 35),
  span_id: traceparent.slice(36, 52),
});
