import type { ErrorCode, QfsError, Randomness } from '@qfs/core';
import type {
  Client,
  CompilationService,
  KernelGatewayService,
  LogService,
  QfsService,
  Tracer,
} from '@qfs/rpc';
import type { ClientAddress } from './auth/client-address.ts';
import type { GateOptions } from './auth/gate.ts';
import type { TokenAdmin } from './auth/token-admin.ts';

/** Structured logging as pino does it. */
export interface DoorLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Metrics by name; see the metric table of the server. */
export interface DoorMetrics {
  count(name: string, labels?: Readonly<Record<string, string>>, amount?: number): void;
  observe(name: string, labels: Readonly<Record<string, string>>, value: number): void;
  gauge(name: string, value: number | (() => number)): void;
}

export interface Readiness {
  /** What is depended on: store, log, drivers and so on. */
  readonly name: string;
  readonly ready: boolean;
  readonly detail?: string;
}

/** What every door is made from. */
export interface DoorDependencies extends GateOptions {
  readonly kernel: Client<typeof KernelGatewayService>;
  readonly qfs: Client<typeof QfsService>;
  readonly compiler: Client<typeof CompilationService>;
  readonly log: Client<typeof LogService>;
  readonly tokens: TokenAdmin;
  readonly clientAddress: ClientAddress;
  readonly logger: DoorLogger;
  /** Told of a span per request. */
  readonly tracer?: Tracer | undefined;
  readonly randomness: Randomness;
  readonly readiness: () => Promise<readonly Readiness[]> | readonly Readiness[];
}

/** A certificate chain and its key, in PEM. */
export interface TlsKeys {
  readonly cert: string;
  readonly key: string;
}

/** What is older is refused. */
export const TLS_VERSION_MIN = 'TLSv1.2';

/** Device of a job that names none. */
export const TARGET_DEFAULT = 'sim:local';
/** How long a door waits for the rooms behind it. */
export const REQUEST_MS_MAX = 60_000;
/** How long a caller may take to send a request; the largest body passes at half a megabit per second. */
export const REQUEST_RECEIVED_MS_MAX = 300_000;
/** An idle event stream says this often that it lives. */
export const HEARTBEAT_MS = 15_000;

/** Counts what was asked for wrongly, by the reason. */
export function countInvalid(metrics: DoorMetrics, { code, row }: QfsError): void {
  if (row.grpc !== 'INVALID_ARGUMENT' || row.http >= 500) return;
  metrics.count('security_validation_errors_total', { type: code });
}

/** Failures that are ours, not the caller's: they go to the log with their cause. */
export const isOurFault = (error: QfsError): boolean => {
  const broken: readonly ErrorCode[] = ['INTERNAL', 'ARTIFACT_CORRUPT', 'NONDETERMINISTIC_COMPILE'];
  return broken.includes(error.code);
};
