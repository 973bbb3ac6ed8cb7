import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactModule, createQfsService, NO_METRICS } from '@qfs/circuitfs';
import {
  LocalLog,
  localLogModule,
  nodePqcProvider,
  readIdentity,
  verifyNodeSignature,
} from '@qfs/consensus/local';
import { createLogService, createSealService, type LogServicePorts } from '@qfs/consensus/service';
import type { SqlDatabase, StoreCall, StoreWriter, Timers } from '@qfs/core';
import type { Applier } from '@qfs/core/exact';
import { applyLogEntry, openStateMap, PROTOCOL_LEVEL } from '@qfs/fabric';
import {
  type CallContext,
  type Client,
  CompilationService,
  DriverManagerService,
  directClient,
  KernelGatewayService,
  LogService,
  QfsService,
  SealService,
  type ServiceImpl,
} from '@qfs/rpc';
import { blobModule, openBlobStore, openInlineWriter, openSqlite, systemRandomness } from '@qfs/storage';
import { Kernel } from '../kernel.ts';
import { KERNEL_DEFAULTS, type KernelMetrics, type KernelSettings } from '../options.ts';
import { jobStoreModule } from '../store/index.ts';
import { SqliteJobStore } from '../store/job-store.ts';
import { FakeTime, settled } from './fake-time.ts';
import { roleAway, ScriptedCompiler, ScriptedDevices } from './scripted-rooms.ts';

/** Roles that the kernel calls. */
type RoleName = 'compiler' | 'drivers' | 'qfs';

/** One start of the platform's kernel over the world's file. */
export interface Process {
  readonly kernel: Kernel;
  readonly gateway: Client<typeof KernelGatewayService>;
  readonly store: SqliteJobStore;
  readonly qfs: Client<typeof QfsService>;
  readonly log: LocalLog;
  /** A read-only connection. */
  readonly reader: SqlDatabase;
  readonly timers: Timers;
  readonly errors: unknown[];
  /** Metric increments by name and labels. */
  readonly counts: Map<string, number>;
  /** Covers everything that was appended with a certificate. */
  checkpoint(): Promise<unknown>;
  /** From now on writes, or those with the operation, fail with this, until it is undefined again. */
  failWrites(error: Error | undefined, operation?: string): void;
  /** From now on calls of these roles find nobody, as while they restart. */
  away(...roles: readonly RoleName[]): void;
  /** Ends it in the middle of everything, as kill -9 does. */
  crash(): Promise<void>;
  /** Drains and closes. */
  stop(): Promise<void>;
}

export const CONTEXT: CallContext = {
  identity: {
    tenantId: 'tenant-default',
    projectId: 'project-default',
    subject: 'local',
    roles: [],
  },
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  requestId: 'req_test',
};

/** A file, devices and a compiler that outlive the kernels that are started over them. */
export class World {
  readonly time = new FakeTime();
  readonly compiler = new ScriptedCompiler();
  readonly devices = new ScriptedDevices();
  readonly #path = mkdtempSync(join(tmpdir(), 'qfs-kernel-'));

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }

  start(settings: Partial<KernelSettings> = {}): Process {
    const path = join(this.#path, 'qfs.sqlite');
    const writer = openInlineWriter({
      path,
      modules: [blobModule, this.#log(), jobStoreModule(), artifactModule],
      clock: this.time,
      randomness: systemRandomness,
    });
    const reader = openSqlite(path, { readOnly: true });
    const life = new Life(writer);
    const timers = this.time.process();
    const log = this.#readLog(life, reader, timers);
    const qfs = this.#artifacts(life, reader);
    const store = new SqliteJobStore(life, reader, this.time);
    const errors: unknown[] = [];
    const counts = new Map<string, number>();
    const merged = { ...KERNEL_DEFAULTS, ...settings };
    const kernel = new Kernel({
      store,
      clusterId: readIdentity(reader).clusterId,
      operator: { tenantId: 'tenant-default', projectId: 'project-default', subject: 'local' },
      qfs: life.wrap('qfs', qfs),
      log: directClient(LogService, createLogService({ log, checks: NO_CHECKS })),
      seals: directClient(SealService, createSealService(log)),
      ...this.#peers(life),
      clock: this.time,
      timers,
      randomness: systemRandomness,
      metrics: countingMetrics(counts),
      settings: merged,
      onError: (error) => errors.push(error),
    });
    kernel.start();
    const close = async (): Promise<void> => {
      timers.kill();
      await writer.close();
      reader.close();
    };
    return {
      kernel,
      gateway: directClient(KernelGatewayService, kernel.gateway),
      store,
      qfs,
      log,
      reader,
      timers,
      errors,
      counts,
      checkpoint: () => writer.transact([{ operation: 'log.checkpoint', argument: {} }]),
      failWrites: (error, operation) => {
        life.failure = error;
        life.failing = operation;
      },
      away: (...roles) => {
        life.away = new Set(roles);
        if (life.away.has('drivers')) this.devices.cut();
      },
      crash: async () => {
        life.dead = true;
        await close();
        await settled();
      },
      stop: async () => {
        const stopped = kernel.stop();
        await this.time.pass(merged.drainMs);
        await stopped;
        await close();
      },
    };
  }

  #peers(life: Life) {
    const compiler = directClient(CompilationService, this.compiler.handlers as CompilerImpl);
    const drivers = directClient(DriverManagerService, this.devices.handlers as DriversImpl);
    return { compiler: life.wrap('compiler', compiler), drivers: life.wrap('drivers', drivers) };
  }

  #artifacts(writer: StoreWriter, reader: SqlDatabase): Client<typeof QfsService> {
    const clock = this.time;
    const path = join(this.#path, 'blobs');
    const blobs = openBlobStore({ path, writer, reader, clock, randomness: systemRandomness });
    return directClient(QfsService, createQfsService({ blobs, writer, reader, clock, metrics: NO_METRICS }));
  }

  #readLog(writer: StoreWriter, reader: SqlDatabase, timers: Timers): LocalLog {
    const directory = this.#path;
    const openReader = () => openSqlite(join(directory, 'qfs.sqlite'), { readOnly: true });
    const machine = { applier, stateMap: openStateMap };
    return new LocalLog({
      writer,
      reader,
      openReader,
      directory,
      ...machine,
      randomness: systemRandomness,
      timers,
    });
  }

  #log() {
    return localLogModule({
      applier,
      stateMap: openStateMap,
      pqc: nodePqcProvider(),
      level: PROTOCOL_LEVEL,
    });
  }
}

const applier: Applier = (record, state) => applyLogEntry(record, state, verifyNodeSignature);

const countingMetrics = (counts: Map<string, number>): KernelMetrics => ({
  count: (name, labels = {}) => {
    const key = [name, ...Object.values(labels)].join(' ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  },
  observe: () => undefined,
  gauge: () => undefined,
});

/** The kernel proves entries; whole logs are checked elsewhere. */
const NO_CHECKS: LogServicePorts['checks'] = {
  verify: () => () => Promise.reject(new Error('the kernel asks for no check')),
  replay: () => () => Promise.reject(new Error('the kernel asks for no check')),
};

type CompilerImpl = ServiceImpl<typeof CompilationService>;
type DriversImpl = ServiceImpl<typeof DriverManagerService>;

/** What a process that has died does not do any more: write, and call others. */
class Life implements StoreWriter {
  dead = false;
  failure: Error | undefined;
  failing: string | undefined;
  away: ReadonlySet<RoleName> = new Set();
  readonly #writer: StoreWriter;

  constructor(writer: StoreWriter) {
    this.#writer = writer;
  }

  transact(calls: readonly StoreCall[]): Promise<unknown[]> {
    if (this.dead) return new Promise(() => undefined);
    const isHit = this.failing === undefined || calls.some(({ operation }) => operation === this.failing);
    if (this.failure !== undefined && isHit) return Promise.reject(this.failure);
    return this.#writer.transact(calls);
  }

  /** Calls made by the dead are never answered, and those of a role that is away are refused. */
  wrap<Service extends object>(role: RoleName, client: Service): Service {
    return new Proxy(client, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (this.away.has(role)) throw roleAway(role);
          return this.dead ? new Promise(() => undefined) : method(...args);
        };
      },
    });
  }
}
