import type { SqlDatabase, SqlValue } from '@qfs/core';
import { isTerminal, JOB_STATE_NAMES, type JobState } from '../states.ts';
import { type JobRow, OPEN_JOBS, type Owner, SELECT_JOB_FROM } from './rows.ts';

/** Which jobs of a tenant and project are wanted, newest first. */
export interface JobPage {
  /** Empty: all. */
  readonly states: readonly JobState[];
  /** Only jobs accepted before this log index. */
  readonly beforeIndex: number;
  readonly limit: number;
  readonly deadLettersOnly?: boolean;
  /** Deleted jobs, instead of those that are there. */
  readonly deleted?: boolean;
  /** Milliseconds since 1970: only jobs accepted then or later. */
  readonly sinceMs?: number;
  readonly name?: string;
  /** All of them. */
  readonly tags?: readonly string[];
  readonly target?: string;
  /** Children of this job alone. */
  readonly parentJobId?: string;
}

export interface ListedJobs {
  readonly jobs: readonly JobRow[];
  /** Log index of the last job that was looked at, where older ones may be there. */
  readonly nextIndex?: number;
}

/**
 * Jobs that one page looks at, at most, where no index leads to those that are wanted: such a page may be
 * short, and the next one goes on after it.
 */
const EXAMINED_MAX = 10_000;

export function listJobs(
  database: SqlDatabase,
  scope: Pick<Owner, 'tenantId' | 'projectId'>,
  page: JobPage,
): ListedJobs {
  const { parentJobId, limit, sinceMs = 0 } = page;
  const { index, conditions } = narrowing(page);
  const within = ['tenant_id = ?', 'project_id = ?', 'accepted_index < ?', ...conditions];
  const values: SqlValue[] = [scope.tenantId, scope.projectId, page.beforeIndex];
  if (parentJobId !== undefined) {
    within.push('parent_job_id = ?');
    values.push(parentJobId);
  }
  const from = `jobs INDEXED BY ${index} WHERE ${within.join(' AND ')} ORDER BY accepted_index DESC`;
  const filters = filtersOf(page);
  if (filters.length === 0) {
    const jobs = select(database, `${SELECT_JOB_FROM} ${from} LIMIT ?`, [...values, limit]);
    return { jobs, ...(jobs.length < limit ? {} : cursorOf(jobs.at(-1))) };
  }
  const examined = `(SELECT * FROM ${from} LIMIT ${EXAMINED_MAX})`;
  const where = filters.map(({ sql }) => sql).join(' AND ');
  const jobs = select(database, `${SELECT_JOB_FROM} ${examined} WHERE ${where} LIMIT ?`, [
    ...values,
    ...filters.flatMap((filter) => filter.values),
    limit,
  ]);
  if (jobs.length === limit) return { jobs, ...cursorOf(jobs.at(-1)) };
  const last = database.get<{ acceptedIndex: number; createdMs: number }>(
    `SELECT accepted_index AS acceptedIndex, created_ms AS createdMs FROM ${from}
     LIMIT 1 OFFSET ${EXAMINED_MAX - 1}`,
    ...values,
  );
  // Jobs are accepted in the order of time: beyond the moment that is asked for there are none.
  const isOver = last === undefined || last.createdMs < sinceMs;
  return { jobs, ...(isOver ? {} : cursorOf(last)) };
}

const select = (database: SqlDatabase, sql: string, values: readonly SqlValue[]): JobRow[] =>
  database.all(sql, ...values) as unknown as JobRow[];

const cursorOf = (last: { readonly acceptedIndex: number } | undefined): Pick<ListedJobs, 'nextIndex'> =>
  last === undefined ? {} : { nextIndex: last.acceptedIndex };

interface Filter {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** What no index helps with. */
function filtersOf({ sinceMs, name, tags = [], target, deleted }: JobPage): Filter[] {
  return [
    ...(deleted === true ? [{ sql: 'deleted_index IS NOT NULL', values: [] }] : []),
    ...(sinceMs === undefined ? [] : [{ sql: 'created_ms >= ?', values: [sinceMs] }]),
    ...(name === undefined ? [] : [{ sql: 'name = ?', values: [name] }]),
    ...(target === undefined ? [] : [{ sql: 'target = ?', values: [target] }]),
    ...tags.map((tag) => ({ sql: 'EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)', values: [tag] })),
  ];
}

/** The names come from our own table, never from a request, so they may stand in the statement. */
const stateIn = (states: readonly JobState[]): string =>
  `state IN (${states.map((name) => `'${name}'`).join(', ')})`;

const OPEN_STATES = JOB_STATE_NAMES.filter((name) => !isTerminal(name));
const FAILED_STATES: readonly JobState[] = ['ERROR', 'CANCELLED', 'TIMEOUT'];

/**
 * Which index leads to the jobs. SQLite uses a partial one only where the statement repeats its own
 * condition, and prefers the common one unless it is told.
 */
function narrowing(page: JobPage): { readonly index: string; readonly conditions: readonly string[] } {
  const { states, deadLettersOnly, deleted, parentJobId } = page;
  const wanted = states.length === 0 ? [] : [stateIn(states)];
  const conditions = deleted === true ? wanted : ['deleted_index IS NULL', ...wanted];
  if (parentJobId !== undefined) return { index: 'jobs_children', conditions };
  if (deadLettersOnly === true) {
    return { index: 'jobs_dead_letters', conditions: ['dead_letter = 1', ...conditions] };
  }
  const isWithin = (group: readonly JobState[]) =>
    states.length > 0 && states.every((name) => group.includes(name));
  if (isWithin(OPEN_STATES)) return { index: 'jobs_open', conditions: [OPEN_JOBS, ...conditions] };
  if (isWithin(FAILED_STATES)) {
    return { index: 'jobs_failed', conditions: [stateIn(FAILED_STATES), ...conditions] };
  }
  return { index: 'jobs_by_order', conditions };
}
