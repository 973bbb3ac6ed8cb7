/** Messages and services of CircuitFS, `qfs.v1`. */
export * from '../gen/qfs/service_pb.ts';
export * from '../gen/qfs/v1/service_pb.ts';
