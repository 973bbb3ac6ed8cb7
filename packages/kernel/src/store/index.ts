/** `@qfs/kernel/store`: the job table as a module of the writer worker, and rebuilt from a log. */
export { jobStoreModule } from './module.ts';
export { RebuiltJobs } from './rebuilt-jobs.ts';
