/** `@qfs/kernel/store`: the job table as a module of the writer worker. */
export { jobStoreModule } from './module.ts';
