/** `@qfs/jobspec`: what a job.yaml means, where it is wrong, and its canonical form. */
export {
  type ArtifactRef,
  type DocumentItem,
  type InputValue,
  type JobDocument,
  type Problem,
  type ProgramSource,
  type ReadDocument,
  WORKLOAD_KINDS,
  type WorkloadKind,
} from './contract.ts';
export { languageOf, type ProgramLanguage } from './meaning/language.ts';
export { valueAt, writeArtifactRef } from './meaning/references.ts';
export { PROBLEMS, type ProblemCode } from './problems.ts';
export { readJobDocument } from './read-document.ts';
export { jobDocumentReference } from './reference.ts';
export { jobDocumentSchema } from './schema.ts';
export { writeJobDocument } from './write-document.ts';
