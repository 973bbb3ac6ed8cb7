import type { DescMethod } from '@bufbuild/protobuf';
import { type CallOptions, createContextValues } from '@connectrpc/connect';
import { callContext } from '../call-context.ts';
import type { Span, SpanAttributes, SpanKind, Tracer } from './tracer.ts';

/** Fields of requests that say what a call is about, by the name they have in spans and logs. */
const SUBJECTS = { jobId: 'job_id', deviceId: 'device_id' } as const;

/** Attributes of the span of a call, in the terms of the semantic conventions for RPC. */
export function callAttributes(method: DescMethod, request: unknown): SpanAttributes {
  const attributes: Record<string, string> = {
    'rpc.system': 'grpc',
    'rpc.service': method.parent.typeName,
    'rpc.method': method.name,
  };
  for (const [field, name] of Object.entries(SUBJECTS)) {
    const value = (request as Readonly<Record<string, unknown>> | undefined)?.[field];
    if (typeof value === 'string' && value !== '') attributes[name] = value;
  }
  return attributes;
}

export const callName = (method: DescMethod): string => `${method.parent.typeName}/${method.name}`;

/** The call as it goes on, inside a span of its own if anybody wants to be told. */
export function spannedCall(
  tracer: Tracer | undefined,
  method: DescMethod,
  kind: SpanKind,
  request: unknown,
  options: CallOptions | undefined,
): { readonly options: CallOptions | undefined; readonly span: Span | undefined } {
  const context = tracer === undefined ? undefined : options?.contextValues?.get(callContext);
  if (tracer === undefined || context === undefined) return { options, span: undefined };
  const attributes = callAttributes(method, request);
  const span = tracer.startSpan(callName(method), kind, context.traceparent, attributes);
  const below = { ...context, traceparent: span.traceparent };
  return { options: { ...options, contextValues: createContextValues().set(callContext, below) }, span };
}
