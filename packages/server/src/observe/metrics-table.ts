import { AUTH_FAILURES, PERMISSION_NAMES } from '@qfs/api';
import { COMPILE_STAGES } from '@qfs/compiler/service';
import { LABELS, type LabelValues } from './metric-labels.ts';

/** Every metric, in one table: registration, the reference page, dashboards' and rules' tests derive from it. */
export interface MetricRow {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** Which labels it has, and what each may say. */
  readonly labels: Readonly<Record<string, LabelValues>>;
  readonly help: string;
  /** Upper bounds of histogram buckets, in the unit of the name. */
  readonly buckets?: readonly number[];
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const BYTES = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 16_777_216, 268_435_456];

type Labels = MetricRow['labels'];
const counter = (name: string, labels: Labels, help: string): MetricRow => ({
  name,
  kind: 'counter',
  labels,
  help,
});
const gauge = (name: string, labels: Labels, help: string): MetricRow => ({
  name,
  kind: 'gauge',
  labels,
  help,
});
const histogram = (name: string, labels: Labels, help: string, buckets = SECONDS): MetricRow => ({
  name,
  kind: 'histogram',
  labels,
  help,
  buckets,
});

const { method, endpoint, status, grpcStatus, reason, from, to, stage, driver, artifactType, success } =
  LABELS;
const OPERATIONS = [
  'status',
  'prepare',
  'submit',
  'poll',
  'watch',
  'cancel',
  'fetch',
  'run',
  'calibration',
] as const;
const COMPILER_METHODS = ['compileCircuit', 'compileBatch', 'validateCircuit', 'drawCircuit'] as const;

/** The first or second half of every permission. */
const permissionParts = (at: 0 | 1): readonly string[] => [
  ...new Set(PERMISSION_NAMES.map((name) => name.split(':')[at]!)),
];

/** Of the names and labels below: a name that changes its meaning raises the first number. */
export const CONTRACT_VERSION = '1.0';

export const METRICS: readonly MetricRow[] = [
  counter('eigen_api_requests_total', { method, endpoint, status }, 'Requests answered by a public door.'),
  histogram(
    'eigen_api_request_duration_seconds',
    { method, endpoint },
    'Time from the first byte of a request to the last of its answer.',
  ),
  gauge('eigen_api_active_requests', {}, 'Requests being answered now.'),
  counter(
    'eigen_api_submit_job_outcomes_total',
    { outcome: ['accepted', 'replayed', 'conflict', 'limit', 'refused', 'failed'] },
    'Submissions: taken, known by their idempotency key, in conflict with it, beyond a limit, wrong, or our fault.',
  ),
  counter(
    'eigen_api_rate_limit_exceeded_total',
    { scope: ['key', 'tenant', 'failures'] },
    'Requests refused by a rate: of a key, of a tenant, or of an address that shows wrong credentials.',
  ),
  counter(
    'eigen_api_authentication_failures_total',
    { reason: AUTH_FAILURES },
    'Requests whose credentials prove nobody, by why.',
  ),
  counter(
    'security_auth_attempts_total',
    { outcome: ['success', 'failure'] },
    'Requests that were asked who sends them.',
  ),
  counter(
    'security_permission_checks_total',
    { resource: permissionParts(0), action: permissionParts(1), allowed: success },
    'Permissions that were asked for, and whether the caller has them.',
  ),
  counter(
    'security_validation_errors_total',
    { type: LABELS.invalid },
    'Requests that were asked wrongly, by the reason they were refused with.',
  ),
  counter('security_audit_events_total', { outcome: ['written', 'lost'] }, 'Lines of the audit log.'),
  counter(
    'eigen_kernel_job_state_transitions_total',
    { from, to },
    'Transitions between job states; NEW is before acceptance.',
  ),
  histogram(
    'eigen_kernel_stage_duration_seconds',
    { stage },
    'Time a job spends in a stage of the pipeline.',
  ),
  gauge('eigen_kernel_queue_depth', {}, 'Jobs that wait for a device.'),
  gauge('eigen_kernel_active_jobs', {}, 'Jobs that are not terminal.'),
  gauge(
    'eigen_kernel_device_slots_total',
    { device_id: LABELS.deviceId },
    'Executions that the device takes at once.',
  ),
  gauge(
    'eigen_kernel_device_slots_available',
    { device_id: LABELS.deviceId },
    'Slots of the device that any job may take now: neither in use nor kept for a reservation.',
  ),
  gauge('eigen_kernel_reservations_active', {}, 'Reservations in force.'),
  histogram(
    'eigen_kernel_reservation_duration_seconds',
    {},
    'How long a reservation was in force, until it was given back or ran out.',
  ),
  counter(
    'eigen_kernel_attempts_total',
    { outcome: ['FAILED', 'DONE', 'ERROR', 'CANCELLED', 'TIMEOUT'] },
    'Attempts by how they ended.',
  ),
  counter(
    'eigen_kernel_iterations_total',
    {},
    'Iterations of the searches of hybrid jobs, each counted when it is durable.',
  ),
  counter(
    'eigen_kernel_late_results_total',
    {},
    'Results that came with an outdated lease and were not used.',
  ),
  counter('eigen_kernel_dead_letters_total', {}, 'Jobs that ran out of attempts.'),
  counter(
    'eigen_compiler_rpc_total',
    { rpc: COMPILER_METHODS, outcome: ['ok', 'refused', 'failed'] },
    'Calls of the compiler: answered, of a program that is wrong, or failed.',
  ),
  histogram(
    'eigen_compiler_stage_duration_seconds',
    { stage: COMPILE_STAGES, outcome: ['ok', 'refused'] },
    'Time of a stage of compilation.',
  ),
  counter(
    'eigen_compiler_validation_failures_total',
    { stage: COMPILE_STAGES, reason },
    'Programs that are wrong, by the stage that found it and the reason.',
  ),
  counter('eigen_driver_requests_total', { driver, op: OPERATIONS, success }, 'Calls of a driver.'),
  histogram(
    'eigen_driver_request_duration_seconds',
    { driver, op: OPERATIONS },
    'Time a driver takes for one call.',
  ),
  gauge(
    'eigen_driver_connections',
    { driver, state: ['active', 'waiting'] },
    'Calls of a driver whose backend is elsewhere: under way, and waiting for a connection.',
  ),
  counter(
    'eigen_driver_connection_errors_total',
    { driver, error_type: reason },
    'Calls that the backend of a driver did not answer.',
  ),
  counter(
    'eigen_driver_backend_failures_total',
    { driver },
    'Times that nothing new was sent to a device any more, because it did not answer.',
  ),
  gauge('eigen_available_devices', { driver, provider: 64 }, 'Devices that are online.'),
  gauge(
    'eigen_device_queue_depth',
    { driver, device_id: LABELS.deviceId },
    'Executions that a device has accepted and not ended.',
  ),
  counter('qfs_artifact_store_total', { type: artifactType, status: grpcStatus }, 'Artifacts stored.'),
  counter('qfs_artifact_retrieve_total', { type: artifactType, status: grpcStatus }, 'Artifacts read.'),
  histogram('qfs_artifact_size_bytes', { type: artifactType }, 'Sizes of stored artifacts.', BYTES),
  counter(
    'qfs_integrity_failures_total',
    { type: artifactType },
    'Artifacts whose bytes are not those that their digest promises.',
  ),
  histogram(
    'qfs_operation_duration_seconds',
    { operation: ['store', 'retrieve', 'list'] },
    'Time of an artifact operation.',
  ),
  counter(
    'qfs_log_entries_total',
    { type: LABELS.entryType, outcome: ['ACCEPTED', 'REJECTED'] },
    'Log entries applied since the process started.',
  ),
  gauge('qfs_log_index', {}, 'Index of the last entry of the log.'),
  counter('qfs_store_commits_total', {}, 'Transactions of the writer.'),
  histogram('qfs_store_commit_duration_seconds', {}, 'Time of one commit, fdatasync included.'),
  gauge(
    'qfs_store_bytes',
    { part: ['database', 'write_ahead_log'] },
    'Size of the database file and its log.',
  ),
  gauge('qfs_disk_bytes', { state: ['free', 'total'] }, 'The file system that holds the data directory.'),
  gauge('qfs_view_backlog', {}, 'View files that are not written yet.'),
  counter(
    'qfs_trace_spans_total',
    { outcome: ['exported', 'lost'] },
    'Spans handed to the collector of traces, or given up because it did not take them.',
  ),
  gauge('qfs_build_info', { version: 1, node: 1 }, 'Always 1: the version that runs, and that of Node.'),
  gauge('eigen_observability_contract_info', { version: 1 }, 'Always 1: the version of this table.'),
];

const valuesText = (values: LabelValues): string =>
  typeof values === 'number' ? `at most ${values} values` : values.map((value) => `\`${value}\``).join(', ');

/** `docs/reference/metrics.md`, from the table. */
export const metricsReference = (): string => {
  const sets = new Map<string, Set<string>>();
  for (const { labels } of METRICS) {
    for (const [name, values] of Object.entries(labels)) {
      sets.set(name, (sets.get(name) ?? new Set()).add(valuesText(values)));
    }
  }
  const names = [...sets.keys()].sort();
  return [
    '# Metrics',
    '',
    'Served as `/metrics` on the admin port, in the Prometheus text format. Labels come from closed sets; a job id is',
    'never one. The metrics of the Node process (`process_*`, `nodejs_*`) stand beside these.',
    '',
    '| metric | kind | labels | meaning |',
    '|---|---|---|---|',
    ...METRICS.map(
      ({ name, kind, labels, help }) =>
        `| \`${name}\` | ${kind} | ${Object.keys(labels).join(', ')} | ${help} |`,
    ),
    '',
    '## Labels',
    '',
    'What a label may say; where metrics differ, each set stands by itself. Anything else is counted as `other`.',
    '',
    '| label | values |',
    '|---|---|',
    ...names.flatMap((name) => [...sets.get(name)!].map((text) => `| ${name} | ${text} |`)),
    '',
  ].join('\n');
};
