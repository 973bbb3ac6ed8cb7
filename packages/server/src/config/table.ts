import { DRIVER_SETTINGS } from './driver-settings.ts';
import { SECURITY_SETTINGS } from './security-settings.ts';

/**
 * Every setting, in one table: flags, environment, file, help and `config --print` derive from it.
 * Precedence: flag > environment > file > default.
 */
export interface Setting {
  /** Key inside the program and in `config.toml`, snake_case. */
  readonly key: string;
  /** The environment variable; further names are accepted for compatibility. */
  readonly env: string;
  readonly aliases?: readonly string[];
  readonly flag: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'list';
  readonly default: string | number | boolean | readonly string[] | null;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  readonly secret?: boolean;
  readonly help: string;
}

const PORT_MAX = 65_535;

export const SETTINGS = [
  {
    key: 'data_dir',
    env: 'QFS_DATA_DIR',
    flag: '--data-dir',
    type: 'string',
    default: './qfs-data',
    help: 'Everything the process keeps.',
  },
  {
    key: 'api_host',
    env: 'API_HOST',
    flag: '--host',
    type: 'string',
    default: '127.0.0.1',
    help: 'Address of the REST and gRPC doors.',
  },
  {
    key: 'api_port',
    env: 'API_PORT',
    flag: '--port',
    type: 'integer',
    default: 8000,
    min: 0,
    max: PORT_MAX,
    help: 'REST, OpenAPI docs under /docs, the page under /. 0 picks a free port.',
  },
  {
    key: 'grpc_port',
    env: 'QFS_GRPC_PORT',
    flag: '--grpc-port',
    type: 'integer',
    default: 50051,
    min: 0,
    max: PORT_MAX,
    help: 'Public gRPC. 0 picks a free port.',
  },
  {
    key: 'admin_host',
    env: 'QFS_ADMIN_HOST',
    flag: '--admin-host',
    type: 'string',
    default: '127.0.0.1',
    help: 'Address of the admin door, which asks nobody for credentials.',
  },
  {
    key: 'admin_port',
    env: 'QFS_ADMIN_PORT',
    flag: '--admin-port',
    type: 'integer',
    default: 9090,
    min: 0,
    max: PORT_MAX,
    help: '/metrics, /healthz, /readyz. 0 picks a free port.',
  },
  {
    key: 'roles',
    env: 'QFS_ROLES',
    flag: '--roles',
    type: 'list',
    default: ['system-api', 'kernel', 'compiler', 'driver-manager', 'qfs'],
    choices: ['system-api', 'kernel', 'compiler', 'driver-manager', 'qfs', 'worker'],
    help: 'Roles of this process; `worker` is another name of `driver-manager`. Roles find each other by the settings below.',
  },
  {
    key: 'edge_host',
    env: 'QFS_EDGE_HOST',
    flag: '--edge-host',
    type: 'string',
    default: '127.0.0.1',
    help: 'Address on which roles of this process listen for other processes; beyond loopback it takes certificates.',
  },
  {
    key: 'edge_port',
    env: 'QFS_EDGE_PORT',
    flag: '--edge-port',
    type: 'integer',
    default: null,
    min: 0,
    max: PORT_MAX,
    help: 'One port for all roles of this process, 0 picks a free one; default: the port of each role.',
  },
  {
    key: 'edge_ca',
    env: 'QFS_EDGE_CA',
    flag: '--edge-ca',
    type: 'string',
    default: null,
    help: 'Authority whose certificates roles show each other (PEM file); with `edge_cert` and `edge_key`.',
  },
  {
    key: 'edge_cert',
    env: 'QFS_EDGE_CERT',
    flag: '--edge-cert',
    type: 'string',
    default: null,
    help: 'Certificate of this process, which names its roles as URI:qfs:role:<role> (PEM file).',
  },
  {
    key: 'edge_key',
    env: 'QFS_EDGE_KEY',
    flag: '--edge-key',
    type: 'string',
    default: null,
    help: 'Private key of that certificate (PEM file).',
  },
  {
    key: 'kernel_url',
    env: 'QFS_KERNEL_URL',
    flag: '--kernel-url',
    type: 'string',
    default: null,
    help: 'Where the kernel listens, if it is another process; default: port 50052 of this machine.',
  },
  {
    key: 'compiler_url',
    env: 'QFS_COMPILER_URL',
    flag: '--compiler-url',
    type: 'list',
    default: [],
    help: 'Where compilers listen, one or several; default: port 50071 of this machine.',
  },
  {
    key: 'driver_manager_url',
    env: 'QFS_DRIVER_MANAGER_URL',
    flag: '--driver-manager-url',
    type: 'list',
    default: [],
    help: 'Where driver managers listen, one or several; default: port 50061 of this machine.',
  },
  {
    key: 'qfs_url',
    env: 'QFS_QFS_URL',
    flag: '--qfs-url',
    type: 'list',
    default: [],
    help: 'Where CircuitFS listens, one or several; default: port 50091 of this machine.',
  },
  {
    key: 'workers',
    env: 'QFS_WORKERS',
    flag: '--workers',
    type: 'integer',
    default: null,
    min: 1,
    max: 256,
    help: 'Simulation threads of the engine process; default: the number of cores.',
  },
  {
    key: 'memory_mib',
    env: 'QFS_MEMORY_MIB',
    flag: '--memory-mib',
    type: 'integer',
    default: null,
    min: 16,
    max: 1 << 24,
    help: "Memory budget of the engine; default: half of the machine's or container's.",
  },
  {
    key: 'log',
    env: 'QFS_LOG',
    flag: '--log',
    type: 'string',
    default: 'local',
    choices: ['local'],
    help: 'Transport of the replicated log.',
  },
  {
    key: 'blobs',
    env: 'QFS_BLOBS',
    flag: '--blobs',
    type: 'string',
    default: 'file',
    choices: ['file'],
    help: 'Where artifact bytes live.',
  },
  {
    key: 'node_algorithm',
    env: 'QFS_NODE_ALGORITHM',
    flag: '--node-algorithm',
    type: 'string',
    default: 'ML-DSA-65',
    choices: ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'],
    help: "Signature algorithm (FIPS 204) of the node's key, which a new data directory draws once.",
  },
  {
    key: 'tick_ms',
    env: 'QFS_TICK',
    flag: '--tick-ms',
    type: 'integer',
    default: 10_000,
    min: 1,
    max: 3_600_000,
    help: 'Length of one tick of the log, in milliseconds.',
  },
  {
    key: 'time_limit_ms',
    env: 'QC_TASK_TIME_LIMIT_MS',
    aliases: ['BROKER_TIME_LIMIT_MS'],
    flag: '--time-limit-ms',
    type: 'integer',
    default: 300_000,
    min: 1,
    max: 604_800_000,
    help: 'Time limit of one job, in milliseconds.',
  },
  {
    key: 'max_retries',
    env: 'QC_TASK_MAX_RETRIES',
    aliases: ['BROKER_MAX_RETRIES'],
    flag: '--max-retries',
    type: 'integer',
    default: 3,
    min: 0,
    max: 100,
    help: 'Further attempts after a retryable failure.',
  },
  {
    key: 'default_shots',
    env: 'QC_TASK_DEFAULT_SHOTS',
    flag: '--default-shots',
    type: 'integer',
    default: 1024,
    min: 1,
    max: 10_000_000,
    help: 'Shots of a job that names none.',
  },
  {
    key: 'result_ttl_s',
    env: 'REDIS_RESULT_TTL',
    flag: '--result-ttl-s',
    type: 'integer',
    default: null,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    help: 'Seconds for which results of an ended job are kept, 0 for ever; sets `result_retention_s` of the log.',
  },
  ...SECURITY_SETTINGS,
  ...DRIVER_SETTINGS,
  {
    key: 'transport',
    env: 'QFS_TRANSPORT',
    flag: '--transport',
    type: 'string',
    default: 'direct',
    choices: ['direct', 'serialising'],
    help: 'How roles of one process call each other; `serialising` encodes every message as a network would.',
  },
  {
    key: 'otel_endpoint',
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    flag: '--otel-endpoint',
    type: 'string',
    default: null,
    help: 'Collector that spans are sent to, over OTLP/HTTP in JSON; without it nothing is traced.',
  },
  {
    key: 'trace_sample_percent',
    env: 'QFS_TRACE_SAMPLE_PERCENT',
    flag: '--trace-sample-percent',
    type: 'integer',
    default: 100,
    min: 0,
    max: 100,
    help: 'Of 100 traces that begin here, how many are sent; those that callers began follow their sampled flag.',
  },
  {
    key: 'log_level',
    env: 'QFS_LOG_LEVEL',
    flag: '--log-level',
    type: 'string',
    default: 'info',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    help: 'What is written to stderr.',
  },
] as const satisfies readonly Setting[];

export type SettingKey = (typeof SETTINGS)[number]['key'];

type ValueOf<S> = S extends { type: 'integer'; default: null }
  ? number | null
  : S extends { type: 'integer' }
    ? number
    : S extends { type: 'list' }
      ? readonly string[]
      : S extends { type: 'boolean' }
        ? boolean
        : S extends { default: null }
          ? string | null
          : string;

/** The merged values, typed by the table. */
export type Configuration = { readonly [S in (typeof SETTINGS)[number] as S['key']]: ValueOf<S> };
