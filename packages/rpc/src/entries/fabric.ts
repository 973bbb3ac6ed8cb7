/** Messages and services of the log, `fabric.v1`. */
export * from '../gen/fabric/v1/log_service_pb.ts';
