import type { ErrorCode, QfsError, Randomness } from '@qfs/core';
import type {
  Client,
  CompilationService,
  Identity,
  KernelGatewayService,
  LogService,
  QfsService,
} from '@qfs/rpc';

/** What a request brings to prove who sends it. Identity headers from outside are never among it. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
}

export interface Authenticator {
  /** @throws QfsError AUTH_MISSING when the credentials prove nobody. */
  authenticate(credentials: Credentials): Identity | Promise<Identity>;
}

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
export interface DoorDependencies {
  readonly kernel: Client<typeof KernelGatewayService>;
  readonly qfs: Client<typeof QfsService>;
  readonly compiler: Client<typeof CompilationService>;
  readonly log: Client<typeof LogService>;
  readonly authenticator: Authenticator;
  readonly logger: DoorLogger;
  readonly metrics: DoorMetrics;
  readonly randomness: Randomness;
  readonly readiness: () => Promise<readonly Readiness[]> | readonly Readiness[];
}

/** Device of a job that names none. */
export const TARGET_DEFAULT = 'sim:local';
/** How long a door waits for the rooms behind it. */
export const REQUEST_MS_MAX = 60_000;
/** How long a caller may take to send a request; the largest body passes at half a megabit per second. */
export const REQUEST_RECEIVED_MS_MAX = 300_000;
/** An idle event stream says this often that it lives. */
export const HEARTBEAT_MS = 15_000;

/** Failures that are ours, not the caller's: they go to the log with their cause. */
export const isOurFault = (error: QfsError): boolean => {
  const broken: readonly ErrorCode[] = ['INTERNAL', 'ARTIFACT_CORRUPT', 'NONDETERMINISTIC_COMPILE'];
  return broken.includes(error.code);
};
