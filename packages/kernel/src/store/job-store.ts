import type { Clock, Diagnostic, SqlDatabase, StoreCall, StoreWriter } from '@qfs/core';
import { findIdempotent, type IdempotentJob } from './accept.ts';
import { type JobPage, type ListedJobs, listJobs } from './list-jobs.ts';
import { readManifest } from './manifest.ts';
import type {
  AcceptArgument,
  AcceptResult,
  AttemptEndedArgument,
  CompiledArgument,
  DeleteArgument,
  DependenciesMetArgument,
  ExpireArgument,
  FinishArgument,
  FinishResult,
  IteratedArgument,
  LateArgument,
  LeaseArgument,
  LeaseResult,
  ReattachArgument,
  ReportArgument,
  RequestCancelArgument,
  ReserveArgument,
  StartCompileArgument,
  SubmittedArgument,
  UnreserveArgument,
} from './operations.ts';
import { allReservations, type ReservationRow } from './reservations.ts';
import {
  type AttemptRow,
  type EventRow,
  findDocument,
  findIterations,
  type IterationRow,
  type JobRow,
  type ManifestEntry,
  OPEN_JOBS,
  type Owner,
  SELECT_ATTEMPT,
  SELECT_EVENT,
  SELECT_JOB,
} from './rows.ts';

/** Whose jobs a reader may see. */
export type Scope = Pick<Owner, 'tenantId' | 'projectId'>;

/**
 * Job truth as the kernel sees it. Writes resolve when they are durable; `calls` of other modules given along
 * commit in the same transaction, or none of it does. Reads see what is durable.
 */
export interface JobStore {
  accept(argument: AcceptArgument, calls: readonly StoreCall[]): Promise<AcceptResult>;
  startCompile(argument: StartCompileArgument): Promise<void>;
  compiled(argument: CompiledArgument, calls: readonly StoreCall[]): Promise<void>;
  lease(argument: LeaseArgument): Promise<LeaseResult>;
  reattach(argument: ReattachArgument): Promise<LeaseResult>;
  submitted(argument: SubmittedArgument): Promise<void>;
  attemptEnded(argument: AttemptEndedArgument): Promise<void>;
  iterated(argument: IteratedArgument): Promise<void>;
  report(argument: ReportArgument): Promise<void>;
  /** False when no device works on the job. */
  requestCancel(argument: RequestCancelArgument): Promise<boolean>;
  finish(argument: FinishArgument, calls: readonly StoreCall[]): Promise<FinishResult>;
  recordLate(argument: LateArgument): Promise<void>;
  dependenciesMet(argument: DependenciesMetArgument): Promise<void>;
  reserve(argument: ReserveArgument): Promise<ReservationRow>;
  unreserve(argument: UnreserveArgument): Promise<void>;
  /** Index of JOB_DELETED. */
  delete(argument: DeleteArgument): Promise<number>;
  /** How many jobs expired. */
  expire(argument: ExpireArgument): Promise<number>;

  find(scope: Scope, jobId: string): JobRow | undefined;
  /** Newest first. */
  list(scope: Scope, page: JobPage): ListedJobs;
  /** In order of `seq`. */
  events(scope: Scope, jobId: string, afterSeq: number, limit: number): EventRow[];
  attempts(scope: Scope, jobId: string): AttemptRow[];
  /** What the searches of an open job were told, in order of items and iterations. */
  iterations(scope: Scope, jobId: string): IterationRow[];
  manifest(scope: Scope, jobId: string, kind: 'inputs' | 'compiled' | 'outputs'): ManifestEntry[];
  diagnostics(scope: Scope, jobId: string): Diagnostic[];
  spec(scope: Scope, jobId: string): string | undefined;
  findIdempotent(owner: Owner, key: string): IdempotentJob | undefined;
  /** On record, of all tenants, for the kernel's own start. */
  reservations(): ReservationRow[];
  /** How long the last successful attempts on a device took, in milliseconds, the oldest first. */
  recentDurations(deviceId: string, limit: number): number[];
  /** Jobs of all tenants that have not ended, in order of acceptance, for the kernel's own start. */
  open(afterIndex: number, limit: number): JobRow[];
}

/**
 * The job store over the one database file: writes through the writer worker, reads on a `query_only`
 * connection.
 */
export class SqliteJobStore implements JobStore {
  readonly #writer: StoreWriter;
  readonly #reader: SqlDatabase;
  readonly #clock: Clock;

  constructor(writer: StoreWriter, reader: SqlDatabase, clock: Clock) {
    this.#writer = writer;
    this.#reader = reader;
    this.#clock = clock;
  }

  accept = (argument: AcceptArgument, calls: readonly StoreCall[]): Promise<AcceptResult> =>
    this.#transact('jobs.accept', argument, calls);
  startCompile = (argument: StartCompileArgument): Promise<void> =>
    this.#transact('jobs.start_compile', argument);
  compiled = (argument: CompiledArgument, calls: readonly StoreCall[]): Promise<void> =>
    this.#transact('jobs.compiled', argument, calls);
  lease = (argument: LeaseArgument): Promise<LeaseResult> => this.#transact('jobs.lease', argument);
  reattach = (argument: ReattachArgument): Promise<LeaseResult> => this.#transact('jobs.reattach', argument);
  submitted = (argument: SubmittedArgument): Promise<void> => this.#transact('jobs.submitted', argument);
  attemptEnded = (argument: AttemptEndedArgument): Promise<void> =>
    this.#transact('jobs.attempt_ended', argument);
  iterated = (argument: IteratedArgument): Promise<void> => this.#transact('jobs.iterated', argument);
  report = (argument: ReportArgument): Promise<void> => this.#transact('jobs.report', argument);
  requestCancel = (argument: RequestCancelArgument): Promise<boolean> =>
    this.#transact('jobs.request_cancel', argument);
  finish = (argument: FinishArgument, calls: readonly StoreCall[]): Promise<FinishResult> =>
    this.#transact('jobs.finish', argument, calls);
  recordLate = (argument: LateArgument): Promise<void> => this.#transact('jobs.late', argument);
  dependenciesMet = (argument: DependenciesMetArgument): Promise<void> =>
    this.#transact('jobs.dependencies_met', argument);
  reserve = (argument: ReserveArgument): Promise<ReservationRow> => this.#transact('jobs.reserve', argument);
  unreserve = (argument: UnreserveArgument): Promise<void> => this.#transact('jobs.unreserve', argument);
  delete = (argument: DeleteArgument): Promise<number> => this.#transact('jobs.delete', argument);
  expire = (argument: ExpireArgument): Promise<number> => this.#transact('jobs.expire', argument);

  find(scope: Scope, jobId: string): JobRow | undefined {
    return this.#reader.get(`${SELECT_JOB} ${OF_JOB}`, jobId, scope.tenantId, scope.projectId) as
      | JobRow
      | undefined;
  }

  list(scope: Scope, page: JobPage): ListedJobs {
    return listJobs(this.#reader, scope, page);
  }

  events(scope: Scope, jobId: string, afterSeq: number, limit: number): EventRow[] {
    return this.#reader.all(
      `${SELECT_EVENT} ${OF_JOB} AND seq > ? ORDER BY seq LIMIT ?`,
      jobId,
      scope.tenantId,
      scope.projectId,
      afterSeq,
      limit,
    ) as unknown as EventRow[];
  }

  attempts(scope: Scope, jobId: string): AttemptRow[] {
    return this.#reader.all(
      `${SELECT_ATTEMPT} ${OF_JOB} ORDER BY attempt`,
      jobId,
      scope.tenantId,
      scope.projectId,
    ) as unknown as AttemptRow[];
  }

  iterations(scope: Scope, jobId: string): IterationRow[] {
    return findIterations(this.#reader, scope, jobId);
  }

  manifest(scope: Scope, jobId: string, kind: 'inputs' | 'compiled' | 'outputs'): ManifestEntry[] {
    return readManifest(this.#reader, scope, jobId, kind);
  }

  diagnostics(scope: Scope, jobId: string): Diagnostic[] {
    return JSON.parse(findDocument(this.#reader, scope, jobId, 'diagnostics') ?? '[]') as Diagnostic[];
  }

  spec(scope: Scope, jobId: string): string | undefined {
    return findDocument(this.#reader, scope, jobId, 'spec');
  }

  findIdempotent(owner: Owner, key: string): IdempotentJob | undefined {
    return findIdempotent(this.#reader, owner, key, this.#clock.nowMs());
  }

  reservations(): ReservationRow[] {
    return allReservations(this.#reader);
  }

  recentDurations(deviceId: string, limit: number): number[] {
    // Job ids rise with time, so the newest attempts are found from the end of the table.
    const rows = this.#reader.all<{ durationMs: number }>(
      `SELECT ended_ms - started_ms AS durationMs FROM (SELECT * FROM attempts ORDER BY job_id DESC LIMIT ?)
       WHERE device_id = ? AND state = 'SUCCEEDED' LIMIT ?`,
      ATTEMPTS_EXAMINED,
      deviceId,
      limit,
    );
    return rows.map(({ durationMs }) => Math.max(0, durationMs)).reverse();
  }

  open(afterIndex: number, limit: number): JobRow[] {
    return this.#reader.all(
      `${SELECT_JOB} WHERE job_id IN
         (SELECT job_id FROM jobs WHERE ${OPEN_JOBS} AND accepted_index > ? ORDER BY accepted_index LIMIT ?)
       ORDER BY accepted_index`,
      afterIndex,
      limit,
    ) as unknown as JobRow[];
  }

  /** Runs the operation after the calls of other modules and resolves with its result. */
  async #transact<Result>(
    operation: string,
    argument: unknown,
    calls: readonly StoreCall[] = [],
  ): Promise<Result> {
    const results = await this.#writer.transact([...calls, { operation, argument }]);
    return results.at(-1) as Result;
  }
}

/** Attempts among which the last ones on a device are looked for. */
const ATTEMPTS_EXAMINED = 2_000;

const OF_JOB = 'WHERE job_id = ? AND tenant_id = ? AND project_id = ?';
