/** A query, and what its lines are called. */
type Query = readonly [expr: string, legend: string];

interface Panel {
  readonly title: string;
  readonly kind: 'timeseries' | 'stat' | 'table';
  /** As Grafana names units. */
  readonly unit: 'short' | 's' | 'bytes' | 'reqps' | 'percentunit' | 'ops';
  readonly queries: readonly Query[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Of the JSON model of Grafana 12. */
export const SCHEMA_VERSION = 41;
const RATE = '[$__rate_interval]';

const lines = (title: string, unit: Panel['unit'], ...queries: Query[]): Panel => ({
  ...{ title, kind: 'timeseries', unit, queries },
});
const number = (title: string, unit: Panel['unit'], expr: string): Panel => ({
  ...{ title, kind: 'stat', unit, queries: [[expr, '']] },
});

/** The rate of a counter, by a label or as a whole. */
const rate = (name: string, by?: string, matchers = ''): string =>
  by === undefined
    ? `sum(rate(${name}${matchers}${RATE}))`
    : `sum by (${by}) (rate(${name}${matchers}${RATE}))`;

/** The value below which a share of what a histogram saw lies. */
const quantile = (share: number, name: string, by?: string, matchers = ''): string =>
  `histogram_quantile(${share}, sum by (${by === undefined ? 'le' : `le, ${by}`}) (rate(${name}_bucket${matchers}${RATE})))`;

const FAILED = '{status=~"5..|Internal|Unknown|Unavailable|DeadlineExceeded"}';
const ENDED = 'eigen_kernel_job_state_transitions_total{to=~"DONE|ERROR|CANCELLED|TIMEOUT"}';

export const DASHBOARDS: readonly Dashboard[] = [
  {
    uid: 'qfs-overview',
    title: 'QFS / Overview',
    panels: [
      number('Processes that answer', 'short', 'sum(up{job="qfs"})'),
      number('Jobs that have not ended', 'short', 'sum(eigen_kernel_active_jobs)'),
      number('Jobs that wait for a device', 'short', 'sum(eigen_kernel_queue_depth)'),
      number(
        'Requests that failed by our fault, of all',
        'percentunit',
        `sum(rate(eigen_api_requests_total${FAILED}${RATE})) / ${rate('eigen_api_requests_total')}`,
      ),
      lines('Requests', 'reqps', [rate('eigen_api_requests_total', 'method'), '{{method}}']),
      lines(
        'Time of a request',
        's',
        [quantile(0.5, 'eigen_api_request_duration_seconds'), 'half'],
        [quantile(0.95, 'eigen_api_request_duration_seconds'), '95 %'],
        [quantile(0.99, 'eigen_api_request_duration_seconds'), '99 %'],
      ),
      lines('Jobs that end', 'ops', [`sum by (to) (rate(${ENDED}${RATE}))`, '{{to}}']),
      lines('Submissions', 'ops', [rate('eigen_api_submit_job_outcomes_total', 'outcome'), '{{outcome}}']),
      lines('Requests by endpoint', 'reqps', [
        `topk(10, ${rate('eigen_api_requests_total', 'endpoint')})`,
        '{{endpoint}}',
      ]),
      lines('Answers by status', 'reqps', [rate('eigen_api_requests_total', 'status'), '{{status}}']),
      lines(
        'Requests that were refused',
        'ops',
        [rate('eigen_api_authentication_failures_total', 'reason'), '{{reason}}'],
        [rate('security_permission_checks_total', 'action', '{allowed="false"}'), 'may not {{action}}'],
        [rate('eigen_api_rate_limit_exceeded_total', 'scope'), 'too often: {{scope}}'],
        [rate('security_validation_errors_total', 'type'), 'wrong: {{type}}'],
      ),
      lines('Requests being answered', 'short', ['sum(eigen_api_active_requests)', 'requests']),
    ],
  },
  {
    uid: 'qfs-jobs',
    title: 'QFS / Jobs',
    panels: [
      lines('Changes of state', 'ops', [
        rate('eigen_kernel_job_state_transitions_total', 'from, to'),
        '{{from}} to {{to}}',
      ]),
      lines('Time in a stage, 95 %', 's', [
        quantile(0.95, 'eigen_kernel_stage_duration_seconds', 'stage'),
        '{{stage}}',
      ]),
      lines(
        'Open jobs',
        'short',
        ['sum(eigen_kernel_active_jobs)', 'all'],
        ['sum(eigen_kernel_queue_depth)', 'waiting for a device'],
      ),
      lines(
        'Attempts',
        'ops',
        [rate('eigen_kernel_attempts_total', 'outcome'), '{{outcome}}'],
        [rate('eigen_kernel_dead_letters_total'), 'all attempts used up'],
        [rate('eigen_kernel_late_results_total'), 'too late'],
      ),
      lines('Jobs done, of those that ended by themselves', 'percentunit', [
        `sum(rate(eigen_kernel_job_state_transitions_total{to="DONE"}${RATE}))` +
          ` / sum(rate(eigen_kernel_job_state_transitions_total{to=~"DONE|ERROR|TIMEOUT"}${RATE}))`,
        'done',
      ]),
      lines('Calls of the compiler', 'ops', [
        rate('eigen_compiler_rpc_total', 'rpc, outcome'),
        '{{rpc}} {{outcome}}',
      ]),
      lines('Stages of compilation, 95 %', 's', [
        quantile(0.95, 'eigen_compiler_stage_duration_seconds', 'stage'),
        '{{stage}}',
      ]),
      lines('Programs that are wrong', 'ops', [
        rate('eigen_compiler_validation_failures_total', 'reason'),
        '{{reason}}',
      ]),
    ],
  },
  {
    uid: 'qfs-devices',
    title: 'QFS / Devices and drivers',
    panels: [
      lines('Slots in use', 'short', [
        'eigen_kernel_device_slots_total - eigen_kernel_device_slots_available',
        '{{device_id}}',
      ]),
      lines('Slots', 'short', ['eigen_kernel_device_slots_total', '{{device_id}}']),
      lines('Devices that are online', 'short', ['eigen_available_devices', '{{driver}} {{provider}}']),
      lines('Executions on a device', 'short', ['eigen_device_queue_depth', '{{driver}} {{device_id}}']),
      lines('Reservations', 'short', ['sum(eigen_kernel_reservations_active)', 'in force']),
      lines(
        'Time of a reservation',
        's',
        [quantile(0.5, 'eigen_kernel_reservation_duration_seconds'), 'half'],
        [quantile(0.95, 'eigen_kernel_reservation_duration_seconds'), '95 %'],
      ),
      lines('Calls of drivers', 'ops', [
        rate('eigen_driver_requests_total', 'driver, op'),
        '{{driver}} {{op}}',
      ]),
      lines('Calls that fail', 'ops', [
        rate('eigen_driver_requests_total', 'driver, op', '{success="false"}'),
        '{{driver}} {{op}}',
      ]),
      lines('Connections to backends elsewhere', 'short', [
        'eigen_driver_connections',
        '{{driver}} {{state}}',
      ]),
      lines(
        'Backends that do not answer',
        'ops',
        [rate('eigen_driver_connection_errors_total', 'driver, error_type'), '{{driver}} {{error_type}}'],
        [rate('eigen_driver_backend_failures_total', 'driver'), '{{driver}} given up for a while'],
      ),
      lines('Time of a call, 95 %', 's', [
        quantile(0.95, 'eigen_driver_request_duration_seconds', 'driver, op'),
        '{{driver}} {{op}}',
      ]),
      lines('Time on a device, 95 %', 's', [
        quantile(0.95, 'eigen_kernel_stage_duration_seconds', undefined, '{stage="RUNNING"}'),
        'running',
      ]),
    ],
  },
  {
    uid: 'qfs-storage-and-log',
    title: 'QFS / Storage and log',
    panels: [
      number(
        'Disk left',
        'percentunit',
        'min(qfs_disk_bytes{state="free"} / ignoring (state) qfs_disk_bytes{state="total"})',
      ),
      number('Entries of the log', 'short', 'max(qfs_log_index)'),
      lines('Entries', 'ops', [rate('qfs_log_entries_total', 'type, outcome'), '{{type}} {{outcome}}']),
      lines('Commits', 'ops', [rate('qfs_store_commits_total'), 'commits']),
      lines(
        'Time of a commit',
        's',
        [quantile(0.5, 'qfs_store_commit_duration_seconds'), 'half'],
        [quantile(0.99, 'qfs_store_commit_duration_seconds'), '99 %'],
      ),
      lines('Files of the database', 'bytes', ['qfs_store_bytes', '{{part}}']),
      lines('Artifacts stored', 'ops', [
        rate('qfs_artifact_store_total', 'type, status'),
        '{{type}} {{status}}',
      ]),
      lines('Artifacts read', 'ops', [
        rate('qfs_artifact_retrieve_total', 'type, status'),
        '{{type}} {{status}}',
      ]),
      lines('Time of an operation, 95 %', 's', [
        quantile(0.95, 'qfs_operation_duration_seconds', 'operation'),
        '{{operation}}',
      ]),
      lines('Size of an artifact, 95 %', 'bytes', [
        quantile(0.95, 'qfs_artifact_size_bytes', 'type'),
        '{{type}}',
      ]),
      lines('Digests that are not met', 'short', [
        'sum by (type) (qfs_integrity_failures_total)',
        '{{type}}',
      ]),
      lines('Files of the view still to be written', 'short', ['sum(qfs_view_backlog)', 'files']),
    ],
  },
  {
    uid: 'qfs-roles',
    title: 'QFS / Roles',
    panels: [
      {
        title: 'What runs',
        kind: 'table',
        unit: 'short',
        queries: [['sum by (role, instance, version, node) (qfs_build_info)', '']],
      },
      lines('Answers to the monitoring', 'short', ['up{job="qfs"}', '{{role}} {{instance}}']),
      lines('CPU', 'percentunit', [
        `sum by (role, instance) (rate(process_cpu_seconds_total{job="qfs"}${RATE}))`,
        '{{role}} {{instance}}',
      ]),
      lines('Memory', 'bytes', ['process_resident_memory_bytes{job="qfs"}', '{{role}} {{instance}}']),
      lines('Event loop behind, 99 %', 's', [
        'nodejs_eventloop_lag_p99_seconds{job="qfs"}',
        '{{role}} {{instance}}',
      ]),
      lines('Heap used', 'bytes', ['nodejs_heap_size_used_bytes{job="qfs"}', '{{role}} {{instance}}']),
      lines('Open files', 'short', ['process_open_fds{job="qfs"}', '{{role}} {{instance}}']),
      lines('Spans', 'ops', [rate('qfs_trace_spans_total', 'role, outcome'), '{{role}} {{outcome}}']),
      lines('Audit log', 'ops', [rate('security_audit_events_total', 'outcome'), '{{outcome}}']),
    ],
  },
];

const SOURCE = { type: 'prometheus', uid: '$source' } as const;
const REFS = 'ABCDEFGH';

/** Two panels a row; four numbers a row. */
function placed(panels: readonly Panel[]): object[] {
  let [x, y, bottom] = [0, 0, 0];
  return panels.map((panel, at) => {
    const [w, h] = panel.kind === 'stat' ? [6, 4] : [12, 8];
    if (x + w > 24) [x, y] = [0, bottom];
    const gridPos = { x, y, w, h };
    x += w;
    bottom = Math.max(bottom, y + h);
    return panelModel(panel, at + 1, gridPos);
  });
}

function panelModel({ title, kind, unit, queries }: Panel, id: number, gridPos: object): object {
  return {
    ...{ id, title, type: kind, gridPos, datasource: SOURCE },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: kind === 'timeseries' ? { legend: { displayMode: 'list', placement: 'bottom' } } : {},
    targets: queries.map(([expr, legendFormat], at) => ({
      ...{ refId: REFS[at], datasource: SOURCE, expr, legendFormat },
      ...(kind === 'table' ? { format: 'table', instant: true } : {}),
    })),
  };
}

/** The JSON of a dashboard, as Grafana is given it. */
export const dashboardJson = ({ uid, title, panels }: Dashboard): string =>
  `${JSON.stringify(
    {
      ...{ uid, title, tags: ['qfs'], schemaVersion: SCHEMA_VERSION, version: 1, editable: true },
      ...{ timezone: 'browser', refresh: '30s', time: { from: 'now-1h', to: 'now' } },
      templating: {
        list: [{ name: 'source', label: 'Data source', type: 'datasource', query: 'prometheus' }],
      },
      panels: placed(panels),
    },
    null,
    2,
  )}\n`;

/** Where it is kept. */
export const dashboardPath = ({ uid }: Dashboard): string =>
  `deploy/grafana/dashboards/${uid.slice('qfs-'.length)}.json`;
