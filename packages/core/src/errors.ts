/**
 * Every failure that leaves a room, in one table: what a client can rely on is the code. Doors, retry policy,
 * the reference page and the tests derive from it.
 */
export type GrpcCode =
  | 'CANCELLED'
  | 'INVALID_ARGUMENT'
  | 'DEADLINE_EXCEEDED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'OUT_OF_RANGE'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'UNAUTHENTICATED';

export interface ErrorRow {
  readonly grpc: GrpcCode;
  readonly http: number;
  /** May the same call succeed later without being changed? */
  readonly retryable: boolean;
  readonly title: string;
  /** What happened and what to do, for the reference page. */
  readonly help: string;
}

const row = (grpc: GrpcCode, http: number, retryable: boolean, title: string, help: string): ErrorRow => ({
  grpc,
  http,
  retryable,
  title,
  help,
});

export const ERRORS = {
  QASM_SYNTAX: row(
    'INVALID_ARGUMENT',
    400,
    false,
    'The OpenQASM program does not parse',
    'Each diagnostic names line and column. Correct the program and submit it again.',
  ),
  QASM_SEMANTIC: row(
    'INVALID_ARGUMENT',
    400,
    false,
    'The OpenQASM program parses but means nothing that can run',
    'A name, type, size or index does not fit. Each diagnostic names line and column.',
  ),
  QASM_UNSUPPORTED: row(
    'UNIMPLEMENTED',
    400,
    false,
    'The OpenQASM program uses a construct that cannot be executed',
    'The diagnostic names the construct. Such programs can be checked and drawn, not run.',
  ),
  AQO_INVALID: row(
    'INVALID_ARGUMENT',
    400,
    false,
    'The AQO document is not valid',
    'The message names the path inside the document and what was expected there.',
  ),
  AQO_VERSION_UNSUPPORTED: row(
    'FAILED_PRECONDITION',
    400,
    false,
    'The AQO version is not known',
    'Versions 0.1, 1.0.0 and 1.1.0 are read.',
  ),
  LANGUAGE_UNSUPPORTED: row(
    'UNIMPLEMENTED',
    400,
    false,
    'The program language is not supported',
    'Use one of the languages that the message lists.',
  ),
  PARAMETER_UNBOUND: row(
    'INVALID_ARGUMENT',
    400,
    false,
    'An input of the program has no value',
    'Give every `input` a value under `parameters` or `inputs`. `POST /tasks` takes programs without inputs only.',
  ),
  OBSERVABLE_INVALID: row(
    'INVALID_ARGUMENT',
    400,
    false,
    'An observable does not fit the program',
    'Observables are weighted Pauli strings, one letter of I, X, Y, Z per qubit, qubit 0 rightmost.',
  ),
  JOB_SPEC_INVALID: row(
    'INVALID_ARGUMENT',
    400,
    false,
    'The job description is not valid',
    'The message names the field, its value and what is allowed.',
  ),
  REQUEST_INVALID: row(
    'INVALID_ARGUMENT',
    400,
    false,
    'The request cannot be read',
    'A path, query or header value is malformed; the message names it.',
  ),
  BODY_INVALID: row(
    'INVALID_ARGUMENT',
    422,
    false,
    'The request body has the wrong shape',
    'A field is missing or has the wrong type, or the JSON is malformed; `errors` lists each place.',
  ),
  CIRCUIT_TOO_LARGE: row(
    'RESOURCE_EXHAUSTED',
    413,
    false,
    'The circuit needs more than this platform may use',
    'The message states what is needed and what is allowed, and the nearest setting that would fit.',
  ),
  CIRCUIT_NOT_NATIVE: row(
    'INVALID_ARGUMENT',
    400,
    false,
    'The circuit uses what the device does not do natively',
    'The message names the operation. `strict` asks for this check; without it the emulator runs any gate on any qubits.',
  ),
  PAYLOAD_TOO_LARGE: row(
    'RESOURCE_EXHAUSTED',
    413,
    false,
    'The request is larger than the limit',
    'The limit is in the message. Send less, or split the batch.',
  ),
  RATE_LIMITED: row(
    'RESOURCE_EXHAUSTED',
    429,
    true,
    'Too many requests',
    'Wait as long as `Retry-After` says.',
  ),
  QUOTA_EXCEEDED: row(
    'RESOURCE_EXHAUSTED',
    429,
    true,
    'The tenant or the project has as many open jobs, or tokens, as it may have',
    'The message says how many. Wait until jobs have ended, cancel some or revoke tokens, or ask for a higher quota.',
  ),
  DEVICE_FULLY_RESERVED: row(
    'RESOURCE_EXHAUSTED',
    429,
    true,
    'No slot of the device is left to reserve',
    'Reservations end by themselves: try again later, or submit without one.',
  ),
  STORAGE_FULL: row(
    'RESOURCE_EXHAUSTED',
    507,
    true,
    'The disk is full',
    'Nothing was accepted. Free space in the data directory and try again.',
  ),
  AUTH_MISSING: row(
    'UNAUTHENTICATED',
    401,
    false,
    'No valid credentials were given',
    'Send `Authorization: Bearer TOKEN`.',
  ),
  CONTRACT_VERSION_MALFORMED: row(
    'INVALID_ARGUMENT',
    400,
    false,
    'The version of the contract is not one',
    'Write MAJOR.MINOR.PATCH, or leave it out.',
  ),
  CONTRACT_VERSION_UNSUPPORTED: row(
    'FAILED_PRECONDITION',
    400,
    false,
    'The server does not keep this version of the contract',
    'Use a client of the same major version.',
  ),
  AUTH_DENIED: row(
    'PERMISSION_DENIED',
    403,
    false,
    'The credentials do not allow this',
    'The message names the missing permission.',
  ),
  AUTH_UNAVAILABLE: row(
    'UNAVAILABLE',
    503,
    true,
    'The credentials cannot be checked at the moment',
    'The keys of the identity provider cannot be read. API tokens go on working; try again.',
  ),
  TOKEN_NOT_FOUND: row(
    'NOT_FOUND',
    404,
    false,
    'There is no such token',
    'List the tokens to see their ids. A token id is the part between the first and the second underscore.',
  ),
  JOB_NOT_FOUND: row(
    'NOT_FOUND',
    404,
    false,
    'There is no such job',
    'Job ids start with `job_`. An id that was once accepted is known for ever.',
  ),
  ARTIFACT_NOT_FOUND: row(
    'NOT_FOUND',
    404,
    false,
    'There is no such artifact',
    'List the artifacts of the job to see the names it has.',
  ),
  DEVICE_NOT_FOUND: row(
    'NOT_FOUND',
    404,
    false,
    'There is no such device',
    'List the devices to see the names that exist.',
  ),
  RESERVATION_NOT_FOUND: row(
    'NOT_FOUND',
    404,
    false,
    'There is no such reservation',
    'It was given back, it ran out, or it belongs to somebody else. List the reservations to see yours.',
  ),
  ROUTE_NOT_FOUND: row(
    'NOT_FOUND',
    404,
    false,
    'There is nothing at this address',
    'The addresses are listed under `/docs`.',
  ),
  METHOD_NOT_ALLOWED: row(
    'UNIMPLEMENTED',
    405,
    false,
    'The address does not know this method',
    'The `Allow` header lists the methods it knows.',
  ),
  MEDIA_TYPE_UNSUPPORTED: row(
    'INVALID_ARGUMENT',
    415,
    false,
    'The content type is not supported',
    'Send `application/json`.',
  ),
  IDEMPOTENCY_MISMATCH: row(
    'FAILED_PRECONDITION',
    409,
    false,
    'The idempotency key was used with another request',
    'Use a new key for a new request, or repeat the first request unchanged.',
  ),
  IDEMPOTENCY_IN_FLIGHT: row(
    'ABORTED',
    409,
    true,
    'A request with this idempotency key is being answered',
    'Repeat the request after a moment.',
  ),
  ARTIFACT_EXISTS: row(
    'ALREADY_EXISTS',
    409,
    false,
    'The artifact exists with other bytes',
    'Artifacts are immutable. Store the new bytes under another name or job.',
  ),
  JOB_TERMINAL: row(
    'FAILED_PRECONDITION',
    409,
    false,
    'The job has already ended',
    'A job that ended keeps its state for ever.',
  ),
  JOB_NOT_TERMINAL: row(
    'FAILED_PRECONDITION',
    409,
    true,
    'The job has not ended yet',
    'Wait for a terminal state, for example through the event stream.',
  ),
  RESERVATION_INVALID: row(
    'FAILED_PRECONDITION',
    409,
    false,
    'The reservation does not fit the job',
    'A job may name a reservation of its own submitter, for its own device, that has not run out.',
  ),
  DEPENDENCY_FAILED: row(
    'FAILED_PRECONDITION',
    409,
    false,
    'A job that this one depends on did not end in DONE',
    'The message names it. Run that job again, then submit this one with the new id.',
  ),
  JOB_DELETED: row(
    'NOT_FOUND',
    410,
    false,
    'The job was deleted',
    'Its id stays known and its bytes are gone. What the log says of it can still be proved.',
  ),
  RECEIPT_PENDING: row(
    'UNAVAILABLE',
    503,
    true,
    'No checkpoint covers the end of the job yet',
    'Checkpoints follow within two seconds; ask again.',
  ),
  LOG_INDEX_UNKNOWN: row(
    'NOT_FOUND',
    404,
    false,
    'The log has no entry of this index',
    'Entries count from 1 to the applied index that the status of the log names.',
  ),
  EVENT_CURSOR_OUT_OF_RANGE: row(
    'OUT_OF_RANGE',
    400,
    false,
    'The event cursor is ahead of the job',
    'Resume from the sequence number of an event that was received.',
  ),
  STALE_LEASE: row(
    'ABORTED',
    409,
    false,
    'The lease on the job is no longer valid',
    'Another attempt has taken over; this result is recorded as late and not used.',
  ),
  ARTIFACT_EXPIRED: row(
    'NOT_FOUND',
    410,
    false,
    'The bytes of the artifact were given up by the retention policy',
    'The receipt of the job still names their digest. Run the job again for equal bytes.',
  ),
  ARTIFACT_CORRUPT: row(
    'INVALID_ARGUMENT',
    500,
    false,
    'The stored bytes do not match their hash',
    'The copy was quarantined. Restore it from a replica or a backup.',
  ),
  NONDETERMINISTIC_COMPILE: row(
    'INTERNAL',
    500,
    false,
    'A retry compiled the program to other bytes',
    'Compilation must be reproducible; report the program.',
  ),
  DEVICE_OFFLINE: row(
    'UNAVAILABLE',
    503,
    true,
    'The device is offline',
    'The job waits and is retried; choose another target to have it sooner.',
  ),
  BACKEND_UNAVAILABLE: row(
    'UNAVAILABLE',
    503,
    true,
    'The backend did not answer',
    'The job is retried up to its limit of attempts.',
  ),
  BACKEND_CREDENTIALS: row(
    'FAILED_PRECONDITION',
    502,
    false,
    'The backend refuses the credentials of this platform',
    'They are not those of the submitter. Whoever operates the platform renews them in the configuration of the driver.',
  ),
  ENGINE_LOST: row(
    'UNAVAILABLE',
    503,
    true,
    'The simulation process ended unexpectedly',
    'A fresh one was started and the job is retried.',
  ),
  EXECUTION_LOST: row(
    'UNAVAILABLE',
    503,
    false,
    'The backend does not know the execution any more',
    'It may or may not have run, and the device would run it twice if it were submitted again. Submit a new job.',
  ),
  RESULT_INCOMPLETE: row(
    'UNAVAILABLE',
    503,
    true,
    'The backend returned less than was asked for',
    'Partial results are never kept; the job is retried up to its limit of attempts.',
  ),
  ROLE_UNAVAILABLE: row(
    'UNAVAILABLE',
    503,
    true,
    'A role of the platform did not answer',
    'Nothing was lost that was acknowledged. Try again; an operator sees in /readyz which role is away.',
  ),
  STORE_UNAVAILABLE: row(
    'UNAVAILABLE',
    503,
    true,
    'The store did not answer',
    'Nothing was lost that was acknowledged. Try again.',
  ),
  SHUTTING_DOWN: row(
    'UNAVAILABLE',
    503,
    true,
    'The process is shutting down',
    'Send the request again when it is back, or to another node.',
  ),
  JOB_TIMEOUT: row(
    'DEADLINE_EXCEEDED',
    504,
    false,
    'The job exceeded its time limit',
    'Raise `QC_TASK_TIME_LIMIT_MS` or make the job smaller.',
  ),
  DEADLINE_EXCEEDED: row(
    'DEADLINE_EXCEEDED',
    504,
    true,
    'The call took longer than its deadline',
    'The work may still complete; ask for its state.',
  ),
  VALIDATION_TIMEOUT: row(
    'DEADLINE_EXCEEDED',
    400,
    false,
    'The program takes too long to check',
    'The bound is `VALIDATE_MS_MAX`. Make the program smaller.',
  ),
  SHOT_STEPS_EXCEEDED: row(
    'INVALID_ARGUMENT',
    400,
    false,
    'One shot of the program takes too many steps',
    'The bound is `SHOT_STEPS_MAX`; a loop probably never ends.',
  ),
  PROGRAM_FAULT: row(
    'INVALID_ARGUMENT',
    400,
    false,
    'A statement of the program cannot be executed',
    'A value met at run time does not fit, for example an index out of range or a division by zero; it is named.',
  ),
  CANCELLED: row('CANCELLED', 499, false, 'The job was cancelled', 'Somebody asked for it.'),
  ATTEMPTS_EXHAUSTED: row(
    'UNAVAILABLE',
    503,
    false,
    'Every attempt failed',
    'The job is a dead letter; redrive it once the cause, which the message repeats, is gone.',
  ),
  QFS_LEVEL_NOT_AVAILABLE: row(
    'UNIMPLEMENTED',
    501,
    false,
    'This level of QFS does not exist yet',
    'CircuitFS (level 3) is available; StateStore and LiveQubitManager are not.',
  ),
  NOT_IMPLEMENTED: row(
    'UNIMPLEMENTED',
    501,
    false,
    'This operation is not supported here',
    'The message says what is supported instead.',
  ),
  LOG_ENTRY_REJECTED: row(
    'FAILED_PRECONDITION',
    409,
    false,
    'The log refused the entry',
    'The outcome names the guard that failed.',
  ),
  INTERNAL: row(
    'INTERNAL',
    500,
    false,
    'Something broke inside',
    'It was logged with the request id; please report it.',
  ),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export interface QfsErrorOptions {
  /** Kept for the log, never sent. */
  readonly cause?: unknown;
  readonly diagnostics?: readonly import('./diagnostic.ts').Diagnostic[];
  /** Machine-readable facts, sent as ErrorInfo metadata and problem+json members. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Places inside the request, for BadRequest details. */
  readonly violations?: readonly { readonly field: string; readonly description: string }[];
  readonly retryAfterMs?: number;
}

/** The one error class that crosses rooms. `message` says what happened, where, with the value, and what to do. */
export class QfsError extends Error {
  override readonly name = 'QfsError';
  readonly code: ErrorCode;
  readonly diagnostics: readonly import('./diagnostic.ts').Diagnostic[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly { readonly field: string; readonly description: string }[];
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: QfsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.diagnostics = options.diagnostics ?? [];
    this.metadata = options.metadata ?? {};
    this.violations = options.violations ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }

  get row(): ErrorRow {
    return ERRORS[this.code];
  }

  /** Turns anything thrown into a QfsError; what is not ours becomes INTERNAL with the original as cause. */
  static from(thrown: unknown): QfsError {
    if (thrown instanceof QfsError) return thrown;
    return new QfsError('INTERNAL', 'Something broke inside; it was logged with the request id.', {
      cause: thrown,
    });
  }
}

export const isErrorCode = (value: string): value is ErrorCode => Object.hasOwn(ERRORS, value);
