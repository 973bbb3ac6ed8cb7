/**
 * `@qfs/rpc`: how rooms call each other. Messages are under `/api` (eigen.api.v1), `/internal` (eigen.internal.v1),
 * `/qfs` (qfs.v1), `/fabric` (fabric.v1) and `/grpc` (health, reflection, status details); this entry has services, clients, the call
 * context and the mapping of errors.
 */
export type { Client, HandlerContext, ServiceImpl } from '@connectrpc/connect';
export {
  type CallContext,
  callContext,
  callOptions,
  contextOf,
  DIRECT_PROTOCOL,
  type Identity,
  type IdentityLimits,
} from './call-context.ts';
export { directClient } from './direct-client.ts';
export { DIAGNOSTICS_BYTES_MAX, ERROR_DOMAIN, fromConnectError, toConnectError } from './errors.ts';
export { DeviceService } from './gen/eigen/api/v1/device_service_pb.ts';
export { JobService } from './gen/eigen/api/v1/job_service_pb.ts';
export { TokenService } from './gen/eigen/api/v1/token_service_pb.ts';
export { CompilationService } from './gen/eigen/internal/v1/compilation_service_pb.ts';
export { DriverManagerService } from './gen/eigen/internal/v1/driver_manager_service_pb.ts';
export { KernelGatewayService } from './gen/eigen/internal/v1/kernel_gateway_pb.ts';
export { StoreService } from './gen/eigen/internal/v1/store_service_pb.ts';
export { LogService, SealService } from './gen/fabric/v1/log_service_pb.ts';
export { QfsService } from './gen/qfs/v1/service_pb.ts';
export {
  contextFromHeaders,
  headersOf,
  IDENTITY_HEADERS,
  REQUEST_ID_HEADER,
  TRACEPARENT_HEADER,
  VERSION_HEADER,
} from './headers.ts';
export { type ContextInterceptorOptions, contextInterceptor } from './server-interceptor.ts';
export {
  deviceStatusName,
  jobStateOf,
  STATE_NAMES,
  stateName,
  TERMINAL_STATES,
} from './state-names.ts';
export { readTraceparent, type TraceContext, traceFields, writeTraceparent } from './tracing/traceparent.ts';
export {
  inSpan,
  type NewSpan,
  type Span,
  type SpanAttributes,
  type SpanKind,
  type Tracer,
} from './tracing/tracer.ts';
export { routerClient, wireClient } from './wire-client.ts';
