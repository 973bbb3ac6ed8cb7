/** Messages and services between the roles, `eigen.internal.v1`. */
export * from '../gen/eigen/internal/v1/compilation_service_pb.ts';
export * from '../gen/eigen/internal/v1/driver_manager_service_pb.ts';
export * from '../gen/eigen/internal/v1/edge_service_pb.ts';
export * from '../gen/eigen/internal/v1/kernel_gateway_pb.ts';
export * from '../gen/eigen/internal/v1/store_service_pb.ts';
export * from '../gen/eigen/internal/v1/types_pb.ts';
