import { createServer } from 'node:net';
import {
  certificateSettings,
  makeAuthority,
  makeCertificate,
} from '../../packages/server/src/edge/testing/certificates.ts';
import type { Platform, StartOptions } from './platform.ts';
import { type RunningServer, startServer, temporaryDirectory } from './server.ts';

export const ROLES = ['system-api', 'kernel', 'qfs', 'compiler', 'driver-manager'] as const;
export type Role = (typeof ROLES)[number];

/** A process: of a role, or the second one of it. */
type Instance = Role | `${Role}-2`;

const roleOf = (instance: Instance): Role => instance.replace(/-2$/, '') as Role;

/** A platform whose roles are processes, which can be ended and started one by one. */
export interface RolePlatform extends Platform {
  start(instance: Instance): Promise<RunningServer>;
  /** Waits until nothing that the doors need is away. */
  untilReady(): Promise<void>;
  /** Ends one process; the others go on. */
  stop(instance: Instance, signal: NodeJS.Signals): Promise<number | string>;
}

export interface RoleOptions extends StartOptions {
  /** The order in which processes are started, each once the one before it listens; default: all at once. */
  readonly order?: readonly Role[];
  /** Roles with two processes each, one of them `<role>-2`. */
  readonly twice?: readonly Role[];
  /** Without certificates: the secret of the data directory. */
  readonly secret?: boolean;
}

/** Starts a process for each role and waits until the doors are ready. */
export async function startRoles(options: RoleOptions): Promise<RolePlatform> {
  const instances: Instance[] = [...ROLES, ...(options.twice ?? []).map((role) => `${role}-2` as const)];
  const platform = new RoleProcesses(options, await choosePorts(instances));
  if (options.order === undefined) await Promise.all(instances.map((instance) => platform.start(instance)));
  else for (const role of options.order) await platform.start(role);
  await platform.untilReady();
  return platform;
}

type Ports = ReadonlyMap<Instance, { readonly edge: number; readonly doors: readonly number[] }>;

class RoleProcesses implements RolePlatform {
  readonly #options: RoleOptions;
  readonly #ports: Ports;
  readonly #running = new Map<Instance, RunningServer>();
  #stderrOfEnded = '';

  constructor(options: RoleOptions, ports: Ports) {
    this.#options = options;
    this.#ports = ports;
  }

  get ready(): Platform['ready'] {
    const [doors, kernel] = [this.of('system-api').ready, this.of('kernel').ready];
    return { ...doors, node_id: kernel.node_id } as Platform['ready'];
  }

  of(instance: Instance): RunningServer {
    const server = this.#running.get(instance);
    if (server === undefined) throw new Error(`${instance} does not run`);
    return server;
  }

  stderr(): string {
    return this.#stderrOfEnded + [...this.#running.values()].map((server) => server.stderr()).join('');
  }

  async start(instance: Instance): Promise<RunningServer> {
    const { dataDir, args = [], environment = {}, secret = false, ...rest } = this.#options;
    const { edge, doors } = this.#ports.get(instance)!;
    const role = roleOf(instance);
    const [port, grpcPort, adminPort] = doors;
    const server = await startServer({
      ...rest,
      args: [
        ...['--roles', role, '--data-dir', dataDir, '--edge-port', `${edge}`],
        ...['--port', `${port}`, '--grpc-port', `${grpcPort}`, '--admin-port', `${adminPort}`, ...args],
      ],
      environment: { ...this.#peers(secret), ...(secret ? {} : certificateOf(role)), ...environment },
    });
    this.#running.set(instance, server);
    return server;
  }

  async stop(instance: Instance, signal: NodeJS.Signals): Promise<number | string> {
    const server = this.of(instance);
    const outcome = await server.end(signal);
    this.#stderrOfEnded += server.stderr();
    this.#running.delete(instance);
    return outcome;
  }

  /** The first outcome that is not 0, if there is one. */
  async end(signal: NodeJS.Signals): Promise<number | string> {
    const outcomes = await Promise.all(
      [...this.#running.keys()].map((instance) => this.stop(instance, signal)),
    );
    return outcomes.find((outcome) => outcome !== 0) ?? 0;
  }

  async untilReady(): Promise<void> {
    const { admin } = this.of('system-api').ready;
    for (const deadline = Date.now() + READY_MS_MAX; ; ) {
      const answer = await fetch(`${admin}/readyz`);
      if (answer.ok) return;
      const text = await answer.text();
      if (Date.now() > deadline) throw new Error(`the roles are not ready: ${text}\n${this.stderr()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #peers(secret: boolean): Record<string, string> {
    const urlOf = (role: Role): string =>
      [...this.#ports]
        .filter(([instance]) => roleOf(instance) === role)
        .map(([, { edge }]) => `${secret ? 'http' : 'https'}://127.0.0.1:${edge}`)
        .join(',');
    return {
      QFS_KERNEL_URL: urlOf('kernel'),
      QFS_COMPILER_URL: urlOf('compiler'),
      QFS_DRIVER_MANAGER_URL: urlOf('driver-manager'),
      QFS_QFS_URL: urlOf('qfs'),
    };
  }
}

const READY_MS_MAX = 30_000;

let certificates: string | undefined;

/** Certificates are made once in each process of tests. */
function certificateOf(role: Role): Record<string, string> {
  if (certificates === undefined) {
    certificates = temporaryDirectory();
    makeAuthority(certificates);
    for (const name of ROLES) makeCertificate(certificates, name, [name]);
  }
  return certificateSettings(certificates, role);
}

/** Below the ports that systems draw for connections: what a restarted role listened on stays its own. */
const [PORT_MIN, PORT_MAX] = [20_000, 32_000];

/** Ports that a role keeps when it is started again. */
async function choosePorts(instances: readonly Instance[]): Promise<Ports> {
  const ports = new Map<Instance, { edge: number; doors: number[] }>();
  for (const instance of instances) {
    const doors = instance === 'system-api' ? [await freePort(), await freePort()] : [0, 0];
    ports.set(instance, { edge: await freePort(), doors: [...doors, await freePort()] });
  }
  return ports;
}

const chosen = new Set<number>();

async function freePort(): Promise<number> {
  for (;;) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    if (chosen.has(port)) continue;
    const server = createServer();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    if (!(await promise)) continue;
    chosen.add(port);
    return port;
  }
}
