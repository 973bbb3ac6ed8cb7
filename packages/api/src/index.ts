/** `@qfs/api`: the doors. REST with its documentation and event stream, public gRPC, and the operators' door. */
export { type AdminDoorOptions, createAdminDoor } from './admin-door.ts';
export type { AuditEvent, AuditLog } from './auth/audit.ts';
export { createAuthenticator } from './auth/authenticator.ts';
export { AUTH_FAILURES, type Authenticator, type Limits, type LimitsOf } from './auth/caller.ts';
export { type ClientAddress, clientAddressBehind } from './auth/client-address.ts';
export {
  type JwtSettings,
  jwtAuthenticator,
  PUBLIC_KEY_ALGORITHMS,
  SECRET_ALGORITHMS,
} from './auth/jwt.ts';
export { KeySet } from './auth/jwt-keys.ts';
export { isSubject, isTenantId } from './auth/names.ts';
export { isPermission, isRole, PERMISSION_NAMES, permissionsOf, ROLES } from './auth/permissions.ts';
export { permissionsReference } from './auth/permissions-reference.ts';
export { RateLimiter } from './auth/rate-limiter.ts';
export { TokenAdmin } from './auth/token-admin.ts';
export { tokenAuthenticator } from './auth/token-authenticator.ts';
export type { TokenRecord, TokenStore } from './auth/token-store.ts';
export {
  type DoorDependencies,
  type DoorLogger,
  type DoorMetrics,
  HEARTBEAT_MS,
  REQUEST_MS_MAX,
  type Readiness,
  type TlsKeys,
} from './door.ts';
export { createGrpcDoor, type GrpcDoor, type GrpcDoorOptions } from './grpc/grpc-door.ts';
export { openApiDocument } from './rest/openapi.ts';
export type { PageAsset } from './rest/page.ts';
export { createRestDoor, type RestDoorOptions, renewTls } from './rest/rest-door.ts';
