import { type DirectoryView, openDirectoryView } from '@qfs/circuitfs';
import { LOCAL_PRINCIPAL, readIdentity } from '@qfs/consensus/local';
import { isTerminal, type JobMove, KERNEL_DEFAULTS, Kernel, SqliteJobStore } from '@qfs/kernel';
import type {
  Client,
  CompilationService,
  DriverManagerService,
  KernelGatewayService,
  LogService,
  QfsService,
  SealService,
  ServiceImpl,
  Tracer,
} from '@qfs/rpc';
import { type BlobStore, systemClock as clock, systemRandomness as randomness } from '@qfs/storage';
import type { Logger } from 'pino';
import type { Configuration } from '../../config/index.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { ByteKeeper } from '../byte-keeper.ts';
import type { Store } from '../store.ts';
import { systemTimers as timers } from '../timers.ts';

const OPERATOR = {
  tenantId: LOCAL_PRINCIPAL.tenant_id,
  projectId: LOCAL_PRINCIPAL.project_id,
  subject: LOCAL_PRINCIPAL.subject,
};

export interface KernelRole {
  readonly handlers: ServiceImpl<typeof KernelGatewayService>;
  /** Something was committed. */
  wake(): void;
  /** Takes up the jobs that have not ended, and what they left to be done. */
  start(): void;
  /** Ends what is under way within a bound. */
  stop(): Promise<void>;
}

/** The roles that the kernel calls. */
interface KernelPeers {
  readonly compiler: Client<typeof CompilationService>;
  readonly drivers: Client<typeof DriverManagerService>;
  readonly qfs: Client<typeof QfsService>;
  readonly log: Client<typeof LogService>;
  readonly seals: Client<typeof SealService>;
}

export interface KernelRoleOptions {
  readonly config: Configuration;
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly peers: KernelPeers;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly tracer: Tracer | undefined;
}

/** The kernel as a role, with what keeps the store beside it: the directory view and the keeper of bytes. */
export function createKernelRole(options: KernelRoleOptions): KernelRole {
  const { config, store, blobs, peers, metrics, logger, tracer } = options;
  const log = logger.child({ component: 'kernel' });
  const jobs = new SqliteJobStore(store.writer, store.reader, clock);
  const kernel = new Kernel({
    ...peers,
    store: jobs,
    clusterId: readIdentity(store.reader).clusterId,
    operator: OPERATOR,
    clock,
    timers,
    randomness,
    metrics,
    settings: {
      ...KERNEL_DEFAULTS,
      defaultShots: config.default_shots,
      retriesMax: config.max_retries,
      timeLimitMs: config.time_limit_ms,
    },
    onError: (error, job) => log.error({ err: error, ...job }, 'a job met an unexpected failure'),
    onMove: (move) => logMove(log, move),
    tracer,
  });
  const view = openView(options, () => kernel.active > 0);
  const bytes = new ByteKeeper({ store, jobs, blobs, logger });
  return {
    handlers: kernel.gateway,
    wake: () => {
      view.wake();
      bytes.wake();
    },
    start: () => {
      kernel.start();
      bytes.start();
    },
    async stop() {
      await bytes.stop();
      await kernel.stop();
      await view.close();
    },
  };
}

/** The end of a job is told to everybody, its way there to those who look closer. */
function logMove(log: Logger, { job, from, to, seconds, error }: JobMove): void {
  const fields = { ...job, from, state: to, duration_seconds: seconds };
  if (isTerminal(to)) log.info(error === undefined ? fields : { ...fields, err: error }, 'job ended');
  else log.debug(fields, 'job moved');
}

function openView(
  { store, blobs, metrics, logger }: KernelRoleOptions,
  isBusy: () => boolean,
): DirectoryView {
  const view = openDirectoryView({
    ...{ path: store.directory.viewPath, reader: store.reader, blobs, timers, isBusy },
    onError: (error) => logger.warn({ err: error }, 'an artifact could not be shown in the directory view'),
  });
  metrics.gauge('qfs_view_backlog', () => view.backlog());
  return view;
}
