/**
 * Every bound a user can meet, with its unit in the name. Doors check them; tests stand on both sides of
 * each.
 */
export const QASM_SOURCE_BYTES_MAX = 8 * 1024 * 1024;
export const REQUEST_BODY_BYTES_MAX = 16 * 1024 * 1024;
export const QASM_TOKENS_MAX = 4_000_000;
export const QASM_NESTING_MAX = 256;
export const QASM_EXPRESSION_DEPTH_MAX = 256;
export const QASM_NAME_CHARS_MAX = 255;
/** Longer integer literals are refused: no type is that wide, and reading them costs quadratic time. */
export const QASM_INTEGER_CHARS_MAX = 4096;
/** Errors, and warnings and notes apart, that are reported: nobody reads more, and they must not multiply. */
export const QASM_DIAGNOSTICS_MAX = 100;
/** Bits of an `int` or `uint`. */
export const INTEGER_WIDTH_MAX = 4096;
/** Bits of an `angle`: wider ones have units below the exponents of a double. */
export const ANGLE_WIDTH_MAX = 1000;
export const ARRAY_DIMENSIONS_MAX = 7;
/** Operations one compiled circuit may have after constant control flow is unrolled. */
export const CIRCUIT_OPERATIONS_MAX = 2_000_000;
/**
 * Steps that lowering one program may take: statements, expressions and operations, as often as they are
 * looked at, and parts of gates that modifiers make anew.
 */
export const LOWERING_STEPS_MAX = 100_000_000;
export const CIRCUIT_QUBITS_MAX = 4096;
/** Qubits of a gate, without its common controls, whose power is computed from its eigenvalues. */
export const POWER_QUBITS_MAX = 4;
/** Parts of the expression that a gate parameter becomes when definitions are expanded. */
export const PARAMETER_NODES_MAX = 10_000;
export const CLASSICAL_BITS_MAX = 65_536;
/** Elements of all classical arrays of a program together. */
export const ARRAY_ELEMENTS_MAX = 1_048_576;
/** Nodes (blocks, expressions, types) inside one another in an AQO document. */
export const AQO_DEPTH_MAX = 800;
/** Controls of one gate that are written out in OpenQASM 2; from the sixth on each triples the text. */
export const OPENQASM2_CONTROLS_MAX = 8;
/** Bits of a register whose values are listed where OpenQASM 2 cannot ask for a part of it. */
export const OPENQASM2_CONDITION_BITS_MAX = 4;
/** Largest state vector the simulator takes: 2^27 amplitudes of 16 bytes are 2 GiB. */
export const STATE_VECTOR_QUBITS_MAX = 27;
/** Largest density matrix: 4^12 entries of 16 bytes are 256 MiB. */
export const DENSITY_QUBITS_MAX = 12;
/** Ways through the measurements of a program that the method density follows, each with a run of its own. */
export const DENSITY_PATHS_MAX = 4_096;
/** Terms that readout errors may make of the observables of one circuit. */
export const READOUT_TERMS_MAX = 1_000_000;
/** Operations and wires that a circuit drawing shows; a note says what was left out. */
export const DRAWING_OPERATIONS_MAX = 2_000;
export const DRAWING_WIRES_MAX = 256;
/** Layers times wires of a circuit drawing. */
export const DRAWING_CELLS_MAX = 50_000;
/** Characters of one label of a drawing, for example of a condition. */
export const DRAWING_LABEL_CHARS_MAX = 40;
/** Channels of noise after one gate. */
export const NOISE_CHANNELS_MAX = 32;
export const SHOTS_MIN = 1;
export const SHOTS_MAX = 10_000_000;
/** Steps (statements executed) of one shot. */
export const SHOT_STEPS_MAX = 10_000_000;
/**
 * Blocks, expressions and subroutine calls nested in each other while a shot runs; a call takes about
 * three.
 */
export const EXECUTION_DEPTH_MAX = 2_000;
/** Elements of arrays that the calls in progress hold: their own, and parts that they were given. */
export const CALLS_ELEMENTS_MAX = 2 * ARRAY_ELEMENTS_MAX;
/** Text of the keys of counts, values of outputs and bits of single shots in the results of one batch. */
export const RESULTS_BYTES_MAX = 256 * 1024 * 1024;
export const JOB_ITEMS_MAX = 1_000;
export const PARAMETER_SETS_MAX = 10_000;
export const OBSERVABLES_MAX = 10_000;
/** Sum of the magnitudes of an observable's coefficients; its square must be a number. */
export const OBSERVABLE_NORM_MAX = 1e150;
export const VALIDATE_MS_MAX = 10_000;
/**
 * Sources above this size are checked in a worker, so that the door stays responsive, and so are programs
 * that take more steps (statements, expressions, operations; loops by their rounds).
 */
export const VALIDATE_INLINE_BYTES_MAX = 16 * 1024;
export const VALIDATE_INLINE_STEPS_MAX = 20_000;
export const SEED_MAX = Number.MAX_SAFE_INTEGER;
export const PRIORITY_MIN = 0;
export const PRIORITY_MAX = 100;
export const PRIORITY_DEFAULT = 50;
export const JOB_NAME_CHARS_MAX = 128;
export const TAGS_MAX = 64;
export const TAG_CHARS_MAX = 128;
/** Options of the device that one job may give, and the text of each: room for the noise of 127 qubits. */
export const JOB_OPTIONS_MAX = 16;
export const JOB_OPTION_BYTES_MAX = 64 * 1024;
export const METADATA_ENTRIES_MAX = 64;
export const METADATA_KEY_BYTES_MAX = 128;
export const METADATA_VALUE_BYTES_MAX = 4096;
export const IDEMPOTENCY_KEY_CHARS_MAX = 255;
export const IDEMPOTENCY_HOURS = 72;
export const ARTIFACT_BYTES_MAX = 1024 * 1024 * 1024;
/** Blobs up to this size live in SQLite beside the log; larger ones are files. */
export const BLOB_INLINE_BYTES_MAX = 64 * 1024;
export const LOG_ENTRY_BYTES_MAX = 256 * 1024;
export const LOG_BLOCK_BYTES_MAX = 1024 * 1024;
/** Bytes of an archive segment; a single entry may make one larger. */
export const LOG_SEGMENT_BYTES_MAX = 8 * 1024 * 1024;
/** Executions that may wait in the queue of one device of ours. */
export const DEVICE_QUEUE_MAX = 10_000;
/** Calls of one driver whose backend is elsewhere that run at once; more of them wait. */
export const DRIVER_CONNECTIONS_MAX = 64;
/** Bytes of the manifest of a driver plugin. */
export const DRIVER_MANIFEST_BYTES_MAX = 64 * 1024;
/** Of a device that is described by a JSON file: bytes, qubits, executions at once, and time in its queue. */
export const DEVICE_BYTES_MAX = 4 * 1024 * 1024;
export const DEVICE_QUBITS_MAX = 256;
export const DEVICE_SLOTS_MAX = 64;
export const DEVICE_WAIT_MS_MAX = 3_600_000;
/** Ended executions whose results a driver keeps for their owner to fetch, by number and by bytes. */
export const FINISHED_EXECUTIONS_MAX = 1_024;
export const FINISHED_EXECUTIONS_BYTES_MAX = 64 * 1024 * 1024;
/** Arrays and maps inside one another in a log entry or state value. */
export const CBOR_DEPTH_MAX = 32;
/** Arrays and objects inside one another in a JSON document: room for the deepest circuit that parses. */
export const JSON_DEPTH_MAX = 2_000;
/** Steps a fault script may have, and the longest delay of one: a day covers the hour-long queue. */
export const FAULT_STEPS_MAX = 1_000;
export const FAULT_DELAY_MS_MAX = 24 * 3_600_000;
/** Writes that may wait for the disk, by number and by bytes; beyond it callers are asked to come again. */
export const WRITER_QUEUE_GROUPS_MAX = 20_000;
export const WRITER_QUEUE_BYTES_MAX = 256 * 1024 * 1024;
/** What one transaction of the writer takes from the queue; a larger single write goes alone. */
export const WRITER_COMMIT_GROUPS_MAX = 1_000;
export const WRITER_COMMIT_BYTES_MAX = 16 * 1024 * 1024;
export const ARTIFACT_NAME_CHARS_MAX = 255;
export const ARTIFACTS_PER_CALL_MAX = 4_096;
/** Jobs on one page of a list. */
export const JOBS_PAGE_MAX = 200;
/** Jobs that one job may wait for. */
export const DEPENDENCIES_MAX = 64;
/** What a job may ask of its own retries: pauses between tries, and how long it goes on trying. */
export const RETRY_PAUSE_MS_MAX = 60_000;
export const RETRY_ELAPSED_MS_MAX = 24 * 3_600_000;
/** How long a slot of a device may be reserved. */
export const RESERVATION_SECONDS_MIN = 1;
export const RESERVATION_SECONDS_MAX = 3_600;
export const RESERVATION_PURPOSE_CHARS_MAX = 256;
/** Characters of an `Authorization` header: room for a JWT with many claims. */
export const AUTHORIZATION_CHARS_MAX = 8192;
export const TOKEN_NAME_CHARS_MAX = 128;
export const SUBJECT_CHARS_MAX = 256;
/** Characters of the id of a tenant or project. */
export const TENANT_CHARS_MAX = 64;
/** How long an API token lives: unless it says otherwise, and at most unless the operator makes it. */
export const TOKEN_SECONDS_DEFAULT = 90 * 24 * 3_600;
export const TOKEN_SECONDS_MAX = 366 * 24 * 3_600;
/** Tokens of one tenant that have neither expired nor been revoked, unless its limits say otherwise. */
export const TOKENS_MAX = 1_000;
/** Requests with wrong credentials of one address that are answered within a minute. */
export const AUTH_FAILURES_PER_MINUTE_MAX = 60;
/** Keys and addresses whose rates are counted at once; of more the ones longest idle are forgotten. */
export const RATE_KEYS_MAX = 100_000;
/** Bytes of the key set of an identity provider. */
export const JWKS_BYTES_MAX = 256 * 1024;
/** Bytes of one file of the audit log; the next one begins then. */
export const AUDIT_FILE_BYTES_MAX = 64 * 1024 * 1024;
/** Pauli strings of one `pauliexp` of the IonQ door: every pair is checked to commute. */
export const IONQ_PAULI_TERMS_MAX = 64;
/** Shots of a job of the IonQ door up to which every shot is kept, for clients that read shots one by one. */
export const IONQ_SHOTS_KEPT_MAX = 100_000;
/** Sessions that the IonQ door of one process knows; the oldest make room. */
export const IONQ_SESSIONS_MAX = 1_000;
/**
 * Circuits of one execution on a backend of IonQ's API: each is a job there, and its id a part of the
 * execution's.
 */
export const REMOTE_CIRCUITS_MAX = 100;
/** Bytes of one answer of such a backend. */
export const REMOTE_ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/** Bounds of an Eigen-Lang program: bytes of its text, nodes of its syntax tree, and how deep they lie. */
export const EIGEN_SOURCE_BYTES_MAX = 262_144;
export const EIGEN_NODES_MAX = 50_000;
export const EIGEN_DEPTH_MAX = 200;
/**
 * Qubits and bits of an Eigen-Lang program, operations, elements of one list, and steps of its evaluation.
 */
export const EIGEN_QUBITS_MAX = 1_024;
export const EIGEN_OPERATIONS_MAX = 100_000;
export const EIGEN_ELEMENTS_MAX = 10_000;
export const EIGEN_STEPS_MAX = 1_000_000;
/** Operators and parameters in one angle. In all angles together they count as operations do. */
export const EIGEN_ANGLE_NODES_MAX = 100;
/** Values in what a program returns. */
export const EIGEN_OUTPUTS_MAX = 10_000;
/** Parameters of a hybrid program, and terms of the observable that it evaluates. */
export const HYBRID_PARAMETERS_MAX = 1_000;
export const HYBRID_TERMS_MAX = 10_000;
/** Hybrid programs in one job, and iterations of all of them: each leaves an artifact that the log names. */
export const HYBRID_ITEMS_MAX = 64;
export const HYBRID_ITERATIONS_MAX = 1_000;

/**
 * Bytes of a job.yaml that somebody wrote; what the platform itself writes for large batches may be larger.
 */
export const JOB_YAML_BYTES_MAX = 65_536;
/** Values of a job.yaml, aliases counted as often as they stand for something, and how deep they lie. */
export const JOB_YAML_NODES_MAX = 65_536;
export const JOB_YAML_DEPTH_MAX = 32;
/** Problems of a job.yaml that are reported. */
export const JOB_YAML_PROBLEMS_MAX = 100;
export const LABEL_KEY_CHARS_MAX = 64;
export const LABEL_VALUE_CHARS_MAX = 128;

/** What is written out so that a device sees gates on its own qubits: calls in calls, and what they hold. */
export const INLINED_CALLS_MAX = 32;
export const INLINED_INSTRUCTIONS_MAX = 200_000;
/** Cases that a gate becomes whose qubits are chosen while the program runs. */
export const QUBIT_CHOICES_MAX = 1_024;
/** Operations of a circuit on its way to a device, whatever becomes of them in the end. */
export const DEVICE_OPERATIONS_MAX = 3_000_000;
