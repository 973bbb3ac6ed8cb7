/** `@qfs/jobspec`: what a job.yaml means, where it is wrong, and its canonical form. */
export {
  type DocumentItem,
  type InputValue,
  type JobDocument,
  type Place,
  type Problem,
  type ProgramSource,
  type ReadDocument,
  WORKLOAD_KINDS,
  type WorkloadKind,
} from './contract.ts';
