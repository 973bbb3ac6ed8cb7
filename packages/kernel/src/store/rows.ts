import type { CancelOutcome, ErrorCode, SqlDatabase, SqlValue } from '@qfs/core';
import type { AttemptState, JobStage, JobState } from '../states.ts';

/** Who owns a row: part of every key. */
export interface Owner {
  readonly tenantId: string;
  readonly projectId: string;
  readonly subject: string;
}

/** One artifact of a job as its log entries name it. `sha256` are the 32 bytes of the digest. */
export interface ManifestEntry {
  readonly name: string;
  readonly sha256: Uint8Array;
  readonly size: number;
  readonly type: string;
}

export interface JobRow extends Owner {
  readonly jobId: string;
  readonly account: string;
  readonly acceptedIndex: number;
  readonly finishedIndex: number | null;
  readonly name: string;
  readonly target: string;
  readonly priority: number;
  readonly seed: number;
  readonly attemptsMax: number;
  /** Of all items and parameter sets together. */
  readonly shots: number;
  readonly itemCount: number;
  /** Which door it came through: tasks, rest, grpc, cli; or redrive. */
  readonly door: string;
  /** JSON array. */
  readonly tags: string;
  readonly parentJobId: string | null;
  readonly sessionId: string | null;
  readonly reservationId: string | null;
  /** W3C trace context of the request that brought the job. */
  readonly traceparent: string | null;
  readonly state: JobState;
  /** The stage the work is in, or was in when the job ended. */
  readonly stage: JobStage;
  readonly message: string;
  readonly progress: number;
  readonly eventSeq: number;
  readonly attempts: number;
  /**
   * How often an attempt was taken up again after its process had ended; not counted against `attemptsMax`.
   */
  readonly restarts: number;
  readonly leaseTerm: number | null;
  readonly leaseN: number | null;
  readonly compiledDigest: string | null;
  readonly cancelRequestedMs: number | null;
  /** What became of a request to cancel; `null` before there is one. */
  readonly cancelOutcome: CancelOutcome | null;
  readonly errorCode: ErrorCode | null;
  readonly errorSummary: string | null;
  readonly deadLetter: number;
  /** Results that came after their lease was void. */
  readonly lateResults: number;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly startedMs: number | null;
  readonly finishedMs: number | null;
  /** Of the execution and of each wait; 0: as the settings say. */
  readonly timeLimitMs: number;
  readonly queueLimitMs: number;
  /** Wall time at which the present state runs out: what a later process knows of the timer. */
  readonly deadlineMs: number | null;
  /** Index of JOB_EXPIRED: the bytes were given up, the receipt was not. */
  readonly expiredIndex: number | null;
  /** Index of JOB_DELETED: nothing is left but that the job was there. */
  readonly deletedIndex: number | null;
}

export interface AttemptRow extends Owner {
  readonly jobId: string;
  readonly attempt: number;
  readonly leaseTerm: number;
  readonly leaseN: number;
  readonly deviceId: string;
  readonly remoteId: string | null;
  readonly state: AttemptState;
  readonly errorCode: ErrorCode | null;
  readonly errorSummary: string | null;
  readonly startedMs: number;
  readonly endedMs: number | null;
}

export interface EventRow extends Owner {
  readonly jobId: string;
  readonly seq: number;
  readonly state: JobState;
  readonly stage: JobStage;
  readonly message: string;
  readonly progress: number;
  readonly attempt: number;
  readonly errorCode: ErrorCode | null;
  readonly atMs: number;
  /** JSON of the iteration that it tells of, as `IterationEvent`. */
  readonly iteration: string | null;
}

/** An iteration as its event tells of it. */
export interface IterationEvent {
  /** From 1. */
  readonly iteration: number;
  readonly evaluations: number;
  readonly evaluationsMax: number;
  readonly value: number;
  readonly stdError: number;
  readonly best: number;
  readonly parameters: Readonly<Record<string, number>>;
}

/** What a search was told in one iteration. */
export interface IterationRow {
  /** Index of the item whose program searches. */
  readonly item: number;
  /** From 1. */
  readonly iteration: number;
  /** JSON array of what its evaluations gave. */
  readonly told: string;
  /** What the artifact of the iteration says. */
  readonly record: string;
}

/** Documents that are written once: what was asked for, and the manifests. */
export type DocumentKind = 'spec' | 'inputs' | 'compiled' | 'outputs' | 'diagnostics';

type ColumnsOf<Row> = readonly (keyof Row & string)[];

const OWNER: ColumnsOf<Owner> = ['tenantId', 'projectId', 'subject'];

const JOB_FIXED: ColumnsOf<JobRow> = [
  'jobId',
  ...OWNER,
  'account',
  'acceptedIndex',
  'target',
  'priority',
  'seed',
  'attemptsMax',
  'shots',
  'itemCount',
  'door',
  'parentJobId',
  'sessionId',
  'reservationId',
  'timeLimitMs',
  'queueLimitMs',
  'traceparent',
  'createdMs',
];

const JOB_MUTABLE: ColumnsOf<JobRow> = [
  'finishedIndex',
  'state',
  'stage',
  'message',
  'progress',
  'eventSeq',
  'attempts',
  'restarts',
  'leaseTerm',
  'leaseN',
  'compiledDigest',
  'cancelRequestedMs',
  'cancelOutcome',
  'errorCode',
  'errorSummary',
  'deadLetter',
  'lateResults',
  'updatedMs',
  'startedMs',
  'finishedMs',
  'deadlineMs',
  'expiredIndex',
  'deletedIndex',
  'name',
  'tags',
];

const JOB: ColumnsOf<JobRow> = [...JOB_FIXED, ...JOB_MUTABLE];

const ATTEMPT: ColumnsOf<AttemptRow> = [
  'jobId',
  ...OWNER,
  'attempt',
  'leaseTerm',
  'leaseN',
  'deviceId',
  'remoteId',
  'state',
  'errorCode',
  'errorSummary',
  'startedMs',
  'endedMs',
];

const EVENT: ColumnsOf<EventRow> = [
  'jobId',
  ...OWNER,
  'seq',
  'state',
  'stage',
  'message',
  'progress',
  'attempt',
  'errorCode',
  'atMs',
  'iteration',
];

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const selection = (columns: readonly string[]): string =>
  columns.map((name) => `${snake(name)} AS ${name}`).join(', ');
const insertion = (verb: string, table: string, columns: readonly string[]): string =>
  `${verb} INTO ${table} (${columns.map(snake).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
const values = (row: object, columns: readonly string[]): SqlValue[] =>
  columns.map((name) => (row as Readonly<Record<string, SqlValue>>)[name] ?? null);

/** As the index of open jobs has it: SQLite uses a partial index only where its own condition is repeated. */
export const OPEN_JOBS = "state IN ('PENDING', 'COMPILING', 'QUEUED', 'RUNNING')";

export const SELECT_JOB_FROM = `SELECT ${selection(JOB)} FROM`;
export const SELECT_JOB = `${SELECT_JOB_FROM} jobs`;
export const SELECT_ATTEMPT = `SELECT ${selection(ATTEMPT)} FROM attempts`;
export const SELECT_EVENT = `SELECT ${selection(EVENT)} FROM job_events`;

const INSERT_JOB = insertion('INSERT', 'jobs', JOB);
const assignments = JOB_MUTABLE.map((name) => `${snake(name)} = ?`).join(', ');
const UPDATE_JOB = `UPDATE jobs SET ${assignments} WHERE job_id = ?`;
const UPSERT_ATTEMPT = insertion('INSERT OR REPLACE', 'attempts', ATTEMPT);
const INSERT_EVENT = insertion('INSERT', 'job_events', EVENT);

export const findJob = (database: SqlDatabase, jobId: string): JobRow | undefined =>
  database.get(`${SELECT_JOB} WHERE job_id = ?`, jobId) as JobRow | undefined;

export const insertJob = (database: SqlDatabase, row: JobRow): void => {
  database.run(INSERT_JOB, ...values(row, JOB));
};

export const updateJob = (database: SqlDatabase, row: JobRow): void => {
  database.run(UPDATE_JOB, ...values(row, JOB_MUTABLE), row.jobId);
};

export const findAttempt = (database: SqlDatabase, jobId: string, attempt: number): AttemptRow | undefined =>
  database.get(`${SELECT_ATTEMPT} WHERE job_id = ? AND attempt = ?`, jobId, attempt) as
    | AttemptRow
    | undefined;

export const putAttempt = (database: SqlDatabase, row: AttemptRow): void => {
  database.run(UPSERT_ATTEMPT, ...values(row, ATTEMPT));
};

export const insertEvent = (database: SqlDatabase, row: EventRow): void => {
  database.run(INSERT_EVENT, ...values(row, EVENT));
};

export const putDocument = (
  database: SqlDatabase,
  job: Owner & { jobId: string },
  kind: DocumentKind,
  body: string,
) =>
  database.run(
    'INSERT OR REPLACE INTO job_documents (job_id, tenant_id, project_id, subject, kind, body) VALUES (?, ?, ?, ?, ?, ?)',
    job.jobId,
    job.tenantId,
    job.projectId,
    job.subject,
    kind,
    body,
  );

/** Every read of a document names whose it is. */
export const findDocument = (
  database: SqlDatabase,
  scope: Pick<Owner, 'tenantId' | 'projectId'>,
  jobId: string,
  kind: DocumentKind,
): string | undefined =>
  database.get<{ body: string }>(
    'SELECT body FROM job_documents WHERE job_id = ? AND tenant_id = ? AND project_id = ? AND kind = ?',
    jobId,
    scope.tenantId,
    scope.projectId,
    kind,
  )?.body;

export const insertIteration = (
  database: SqlDatabase,
  { jobId, tenantId, projectId, subject }: JobRow,
  { item, iteration, told, record }: IterationRow,
): void => {
  database.run(
    `INSERT INTO iterations (job_id, tenant_id, project_id, subject, item, iteration, told, record)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    jobId,
    tenantId,
    projectId,
    subject,
    item,
    iteration,
    told,
    record,
  );
};

/** In order of items and iterations. */
export const findIterations = (
  database: SqlDatabase,
  scope: Pick<Owner, 'tenantId' | 'projectId'>,
  jobId: string,
): IterationRow[] =>
  database.all(
    `SELECT item, iteration, told, record FROM iterations WHERE job_id = ? AND tenant_id = ? AND project_id = ?
     ORDER BY item, iteration`,
    jobId,
    scope.tenantId,
    scope.projectId,
  ) as unknown as IterationRow[];
