/** Published protocols of gRPC itself: health, reflection, status details. */
export * from '../gen/google/rpc/code_pb.ts';
export * from '../gen/google/rpc/error_details_pb.ts';
export * from '../gen/google/rpc/status_pb.ts';
export * from '../gen/grpc/health/v1/health_pb.ts';
export * from '../gen/grpc/reflection/v1/reflection_pb.ts';
