import { stringify } from 'yaml';

/** An alert: when it fires, and what is said. What to do stands in the guide, under a heading of its name. */
export interface Alert {
  readonly name: string;
  /** `critical`: somebody gets up for it; `warning`: somebody looks today; `info`: it explains others. */
  readonly severity: 'critical' | 'warning' | 'info';
  readonly expr: string;
  /** How long it must hold. */
  readonly for: string;
  readonly summary: string;
}

export const RUNBOOK = 'docs/guides/operate.md';

/** Of a door: everything that is our fault and not the caller's. */
const FAILED = 'status=~"5..|Internal|Unknown|Unavailable|DeadlineExceeded"';

export const ALERTS: readonly Alert[] = [
  {
    name: 'QfsDown',
    severity: 'critical',
    expr: 'up{job="qfs"} == 0',
    for: '1m',
    summary: 'The {{ $labels.role }} of QFS at {{ $labels.instance }} does not answer.',
  },
  {
    name: 'QfsRequestsFail',
    severity: 'critical',
    expr: `sum(rate(eigen_api_requests_total{${FAILED}}[5m])) / sum(rate(eigen_api_requests_total[5m])) > 0.01`,
    for: '5m',
    summary: '{{ $value | humanizePercentage }} of the requests fail, and not by their callers.',
  },
  {
    name: 'QfsRequestsSlow',
    severity: 'warning',
    expr:
      'histogram_quantile(0.95, sum by (le) (rate(eigen_api_request_duration_seconds_bucket' +
      '{endpoint!~".*events.*|.*Stream.*|.*Watch.*|.*Verify.*|.*Replay.*"}[5m]))) > 1',
    for: '10m',
    summary: 'One in twenty requests takes longer than {{ $value | humanizeDuration }}.',
  },
  {
    name: 'QfsJobsFail',
    severity: 'warning',
    expr:
      'sum(increase(eigen_kernel_job_state_transitions_total{to=~"ERROR|TIMEOUT"}[30m]))' +
      ' / sum(increase(eigen_kernel_job_state_transitions_total{to=~"DONE|ERROR|TIMEOUT"}[30m])) > 0.05',
    for: '10m',
    summary: '{{ $value | humanizePercentage }} of the jobs that ended within half an hour failed.',
  },
  {
    name: 'QfsDeadLetters',
    severity: 'warning',
    expr: 'sum(increase(eigen_kernel_dead_letters_total[15m])) > 0',
    for: '0m',
    summary: '{{ $value | humanize }} jobs have used up all their attempts.',
  },
  {
    name: 'QfsQueueStands',
    severity: 'critical',
    expr:
      'sum(eigen_kernel_queue_depth) > 0' +
      ' and sum(increase(eigen_kernel_job_state_transitions_total{from="QUEUED"}[15m])) == 0',
    for: '5m',
    summary: '{{ $value | humanize }} jobs wait for a device, and none has got one for a quarter of an hour.',
  },
  {
    name: 'QfsDriverFails',
    severity: 'warning',
    expr:
      'sum by (driver) (rate(eigen_driver_requests_total{success="false"}[10m]))' +
      ' / sum by (driver) (rate(eigen_driver_requests_total[10m])) > 0.2',
    for: '10m',
    summary: '{{ $value | humanizePercentage }} of the calls of the driver {{ $labels.driver }} fail.',
  },
  {
    name: 'QfsNoDevice',
    severity: 'critical',
    expr: 'sum(eigen_available_devices) == 0',
    for: '5m',
    summary: 'No device is online.',
  },
  {
    name: 'QfsDiskFills',
    severity: 'warning',
    expr: 'qfs_disk_bytes{state="free"} / ignoring (state) qfs_disk_bytes{state="total"} < 0.15',
    for: '10m',
    summary: 'The disk of {{ $labels.instance }} has {{ $value | humanizePercentage }} left.',
  },
  {
    name: 'QfsDiskFull',
    severity: 'critical',
    expr: 'qfs_disk_bytes{state="free"} / ignoring (state) qfs_disk_bytes{state="total"} < 0.03',
    for: '1m',
    summary:
      'The disk of {{ $labels.instance }} has {{ $value | humanizePercentage }} left; soon jobs are refused.',
  },
  {
    name: 'QfsCommitsSlow',
    severity: 'warning',
    expr: 'histogram_quantile(0.99, sum by (le) (rate(qfs_store_commit_duration_seconds_bucket[10m]))) > 0.5',
    for: '10m',
    summary: 'One in a hundred commits takes longer than {{ $value | humanizeDuration }}: the disk is slow.',
  },
  {
    name: 'QfsArtifactCorrupt',
    severity: 'critical',
    expr: 'sum by (type) (increase(qfs_integrity_failures_total[1h])) > 0',
    for: '0m',
    summary: 'Artifacts of the type {{ $labels.type }} have not the bytes that their digests promise.',
  },
  {
    name: 'QfsLogRejects',
    severity: 'warning',
    expr: 'sum by (type) (increase(qfs_log_entries_total{outcome="REJECTED"}[15m])) > 0',
    for: '0m',
    summary: 'The log rejected {{ $value | humanize }} entries of the type {{ $labels.type }}.',
  },
  {
    name: 'QfsAuthFailures',
    severity: 'warning',
    expr: 'sum by (reason) (rate(eigen_api_authentication_failures_total[5m])) > 1',
    for: '5m',
    summary:
      '{{ $value | humanize }} requests per second show credentials that prove nobody: {{ $labels.reason }}.',
  },
  {
    name: 'QfsAuditLost',
    severity: 'critical',
    expr: 'sum(increase(security_audit_events_total{outcome="lost"}[15m])) > 0',
    for: '0m',
    summary: '{{ $value | humanize }} lines of the audit log could not be written.',
  },
  {
    name: 'QfsEventLoopBlocked',
    severity: 'warning',
    expr: 'nodejs_eventloop_lag_p99_seconds{job="qfs"} > 0.5',
    for: '10m',
    summary:
      'The {{ $labels.role }} at {{ $labels.instance }} is busy for {{ $value | humanizeDuration }} at a time.',
  },
  {
    name: 'QfsViewsLate',
    severity: 'info',
    expr: 'qfs_view_backlog > 50000',
    for: '30m',
    summary: '{{ $value | humanize }} files of the directory view are not written yet.',
  },
  {
    name: 'QfsTracesLost',
    severity: 'info',
    expr: 'sum(rate(qfs_trace_spans_total{outcome="lost"}[5m])) > 0',
    for: '15m',
    summary: 'The collector of traces takes no spans.',
  },
  {
    name: 'QfsVersionsDiffer',
    severity: 'info',
    expr: 'count(count by (version) (qfs_build_info)) > 1',
    for: '30m',
    summary: 'Processes of {{ $value }} versions have run side by side for half an hour.',
  },
];

const HEADER = '# Written by `npm run gen` from scripts/gen/monitoring/alerts.ts.\n';

/** `deploy/prometheus/rules/qfs.yml`: the rules as Prometheus reads them. */
export const alertRules = (): string =>
  HEADER +
  stringify(
    {
      groups: [
        {
          name: 'qfs',
          rules: ALERTS.map(({ name, severity, expr, for: held, summary }) => ({
            alert: name,
            expr,
            for: held,
            labels: { severity },
            annotations: { summary, runbook: `${RUNBOOK}#${name.toLowerCase()}` },
          })),
        },
      ],
    },
    { lineWidth: 0 },
  );
