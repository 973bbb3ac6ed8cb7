/** Every metric, in one table: registration, the reference page and the tests derive from it. */
export interface MetricRow {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
  /** Upper bounds of histogram buckets, in the unit of the name. */
  readonly buckets?: readonly number[];
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const BYTES = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 16_777_216, 268_435_456];

export const METRICS: readonly MetricRow[] = [
  {
    name: 'eigen_api_requests_total',
    kind: 'counter',
    labels: ['method', 'endpoint', 'status'],
    help: 'Requests answered by a public door.',
  },
  {
    name: 'eigen_api_request_duration_seconds',
    kind: 'histogram',
    labels: ['method', 'endpoint'],
    buckets: SECONDS,
    help: 'Time from the first byte of a request to the last of its answer.',
  },
  { name: 'eigen_api_active_requests', kind: 'gauge', labels: [], help: 'Requests being answered now.' },
  {
    name: 'eigen_api_rate_limit_exceeded_total',
    kind: 'counter',
    labels: [],
    help: 'Requests refused by the rate limit.',
  },
  {
    name: 'eigen_kernel_job_state_transitions_total',
    kind: 'counter',
    labels: ['from', 'to'],
    help: 'Transitions between job states.',
  },
  {
    name: 'eigen_kernel_stage_duration_seconds',
    kind: 'histogram',
    labels: ['stage'],
    buckets: SECONDS,
    help: 'Time a job spends in a stage of the pipeline.',
  },
  { name: 'eigen_kernel_queue_depth', kind: 'gauge', labels: [], help: 'Jobs that wait for a device.' },
  { name: 'eigen_kernel_active_jobs', kind: 'gauge', labels: [], help: 'Jobs that are not terminal.' },
  {
    name: 'eigen_kernel_attempts_total',
    kind: 'counter',
    labels: ['outcome'],
    help: 'Attempts by how they ended.',
  },
  {
    name: 'eigen_kernel_late_results_total',
    kind: 'counter',
    labels: [],
    help: 'Results that came with an outdated lease and were not used.',
  },
  {
    name: 'eigen_kernel_dead_letters_total',
    kind: 'counter',
    labels: [],
    help: 'Jobs that ran out of attempts.',
  },
  {
    name: 'eigen_driver_requests_total',
    kind: 'counter',
    labels: ['driver', 'op', 'success'],
    help: 'Calls of a driver.',
  },
  {
    name: 'eigen_driver_request_duration_seconds',
    kind: 'histogram',
    labels: ['driver', 'op'],
    buckets: SECONDS,
    help: 'Time a driver takes for one call.',
  },
  {
    name: 'qfs_artifact_store_total',
    kind: 'counter',
    labels: ['type', 'status'],
    help: 'Artifacts stored.',
  },
  {
    name: 'qfs_artifact_retrieve_total',
    kind: 'counter',
    labels: ['type', 'status'],
    help: 'Artifacts read.',
  },
  {
    name: 'qfs_artifact_size_bytes',
    kind: 'histogram',
    labels: ['type'],
    buckets: BYTES,
    help: 'Sizes of stored artifacts.',
  },
  {
    name: 'qfs_operation_duration_seconds',
    kind: 'histogram',
    labels: ['operation'],
    buckets: SECONDS,
    help: 'Time of an artifact operation.',
  },
  {
    name: 'qfs_log_entries_total',
    kind: 'counter',
    labels: ['type', 'outcome'],
    help: 'Log entries applied.',
  },
  { name: 'qfs_store_commits_total', kind: 'counter', labels: [], help: 'Transactions of the writer.' },
  {
    name: 'qfs_store_commit_duration_seconds',
    kind: 'histogram',
    labels: [],
    buckets: SECONDS,
    help: 'Time of one commit, fdatasync included.',
  },
  { name: 'qfs_view_backlog', kind: 'gauge', labels: [], help: 'View files that are not written yet.' },
];

/** `docs/reference/metrics.md`, from the table. */
export const metricsReference = (): string =>
  [
    '# Metrics',
    '',
    'Served as `/metrics` on the admin port, in the Prometheus text format. Labels come from closed sets; a job id is',
    'never one. The metrics of the Node process (`process_*`, `nodejs_*`) stand beside these.',
    '',
    '| metric | kind | labels | meaning |',
    '|---|---|---|---|',
    ...METRICS.map((row) => `| \`${row.name}\` | ${row.kind} | ${row.labels.join(', ')} | ${row.help} |`),
    '',
  ].join('\n');
