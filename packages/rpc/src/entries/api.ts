/** Messages and services of the public contract, `eigen.api.v1`. */
export * from '../gen/eigen/api/v1/device_service_pb.ts';
export * from '../gen/eigen/api/v1/job_service_pb.ts';
export * from '../gen/eigen/api/v1/token_service_pb.ts';
export * from '../gen/eigen/api/v1/types_pb.ts';
