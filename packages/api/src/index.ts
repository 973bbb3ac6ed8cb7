/** `@qfs/api`: the doors. REST with its documentation and event stream, public gRPC, and the operators' door. */
export { type AdminDoorOptions, createAdminDoor } from './admin-door.ts';
export {
  type Authenticator,
  type Credentials,
  type DoorDependencies,
  type DoorLogger,
  type DoorMetrics,
  HEARTBEAT_MS,
  REQUEST_MS_MAX,
  type Readiness,
} from './door.ts';
export { createGrpcDoor, type GrpcDoor, type GrpcDoorOptions } from './grpc/grpc-door.ts';
export { openApiDocument } from './rest/openapi.ts';
export type { PageAsset } from './rest/page.ts';
export { createRestDoor, type RestDoorOptions } from './rest/rest-door.ts';
