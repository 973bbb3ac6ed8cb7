import type { AppliedEntry, Clock, SqlDatabase, SqlValue, StoreContext } from '@qfs/core';
import { projectJobEntry } from './projection.ts';
import { JOB_STORE_MIGRATIONS } from './schema.ts';

/** Columns that the log alone decides; the others are working state, or stand in the job's artifacts. */
const FROM_THE_LOG = [
  'account',
  'accepted_index',
  'target',
  'priority',
  'seed',
  'attempts_max',
  'parent_job_id',
  'created_ms',
] as const;
const FROM_THE_END = ['finished_index', 'state', 'error_code', 'finished_ms'] as const;
const FROM_THE_RELEASE = ['expired_index', 'deleted_index'] as const;

type Row = Readonly<Record<string, SqlValue>>;

const ALL = [...FROM_THE_LOG, ...FROM_THE_END, ...FROM_THE_RELEASE];
const SELECTED = `SELECT job_id, ${ALL.join(', ')} FROM jobs`;
const PAGE_ROWS = 512;

/** The job table made of the log's entries alone: `docs/spec/log.md`, clause LOG-32. */
export class RebuiltJobs {
  readonly #database: SqlDatabase;
  readonly #context: StoreContext;
  #appliedIndex = 0;

  /** @param database an empty one, for this alone */
  constructor(database: SqlDatabase, clock: Clock) {
    this.#database = database;
    this.#context = {
      clock,
      randomness: { bytes: () => new Uint8Array() },
      // Whose an account is stands outside the log.
      call: () => ({}),
      publishApplied: () => undefined,
    };
    for (const migration of JOB_STORE_MIGRATIONS) database.exec(migration);
    database.exec('BEGIN');
  }

  /** Projects the next entry, in order from GENESIS on. */
  apply(entry: AppliedEntry): void {
    projectJobEntry(this.#database, entry, this.#context, {});
    this.#appliedIndex = entry.index;
  }

  /** Compares with the table that was written as the jobs ran: how many rows are equal, or what is not. */
  compare(live: SqlDatabase): { readonly jobs: number; readonly difference?: string } {
    let jobs = 0;
    for (let after = ''; ; ) {
      const page = this.#database.all<Row>(
        `${SELECTED} WHERE job_id > ? ORDER BY job_id LIMIT ${PAGE_ROWS}`,
        after,
      );
      if (page.length === 0) return this.#compareCount(live, jobs);
      for (const rebuilt of page) {
        const difference = this.#differenceOf(rebuilt, live);
        if (difference !== undefined) return { jobs, difference };
        jobs += 1;
      }
      after = page.at(-1)!.job_id as string;
    }
  }

  #differenceOf(rebuilt: Row, live: SqlDatabase): string | undefined {
    const jobId = rebuilt.job_id as string;
    const row = live.get<Row>(`${SELECTED} WHERE job_id = ?`, jobId);
    if (row === undefined) return `${jobId} is in the log and not in the job table`;
    const ended = rebuilt.finished_index !== null;
    const columns = ended ? ALL : [...FROM_THE_LOG, 'finished_index'];
    const wrong = columns.find((column) => this.#isWrong(rebuilt[column], row[column]));
    if (wrong === undefined) return undefined;
    return `${jobId} has ${wrong} ${String(row[wrong])}; the log says ${String(rebuilt[wrong])}`;
  }

  /** A job may have ended, or been given up, since the last entry that was applied here. */
  #isWrong(rebuilt: SqlValue | undefined, live: SqlValue | undefined): boolean {
    const isLater = rebuilt === null && typeof live === 'number' && live > this.#appliedIndex;
    return rebuilt !== live && !isLater;
  }

  #compareCount(live: SqlDatabase, jobs: number): { readonly jobs: number; readonly difference?: string } {
    const { count } = live.get<{ count: number }>(
      'SELECT count(*) AS count FROM jobs WHERE accepted_index <= ?',
      this.#appliedIndex,
    )!;
    if (count === jobs) return { jobs };
    return { jobs, difference: `the job table has ${count} jobs, the log ${jobs}` };
  }
}
