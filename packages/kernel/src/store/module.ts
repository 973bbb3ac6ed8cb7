import type { SqlDatabase, StoreContext, StoreModule } from '@qfs/core';
import { accept } from './accept.ts';
import { attemptEnded, iterated, lease, reattach, recordLate, submitted } from './attempt-operations.ts';
import { finish } from './finish.ts';
import { compiled, dependenciesMet, report, requestCancel, startCompile } from './job-operations.ts';
import { projectJobEntry, type Staged } from './projection.ts';
import { deleteJob, expireJobs } from './release.ts';
import { reserve, unreserve } from './reservations.ts';
import { JOB_STORE_MIGRATIONS } from './schema.ts';

/**
 * The job table and its working state, as a part of the one database file. Needs the log module
 * (`log.propose`, `accounts.ensure`) beside it. Every operation checks the transition table inside the
 * transaction that writes.
 */
export function jobStoreModule(): StoreModule {
  let staged: Staged = {};
  const during = <Result>(detail: Staged, run: () => Result): Result => {
    staged = detail;
    try {
      return run();
    } finally {
      staged = {};
    }
  };
  return {
    name: 'jobs',
    migrations: JOB_STORE_MIGRATIONS,
    operations: {
      'jobs.accept': (database: SqlDatabase, argument: Parameters<typeof accept>[1], context: StoreContext) =>
        during({ acceptance: argument }, () => accept(database, argument, context)),
      'jobs.finish': (database: SqlDatabase, argument: Parameters<typeof finish>[1], context: StoreContext) =>
        during({ ending: argument }, () => finish(database, argument, context)),
      'jobs.start_compile': startCompile,
      'jobs.compiled': compiled,
      'jobs.report': report,
      'jobs.request_cancel': requestCancel,
      'jobs.lease': lease,
      'jobs.reattach': reattach,
      'jobs.submitted': submitted,
      'jobs.attempt_ended': attemptEnded,
      'jobs.iterated': iterated,
      'jobs.late': recordLate,
      'jobs.dependencies_met': dependenciesMet,
      'jobs.reserve': reserve,
      'jobs.unreserve': unreserve,
      'jobs.delete': deleteJob,
      'jobs.expire': expireJobs,
    },
    onApplied: (database, entry, context) => projectJobEntry(database, entry, context, staged),
  };
}
