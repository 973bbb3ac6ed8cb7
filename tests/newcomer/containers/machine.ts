import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Container, type Image, type Mount, startContainer } from './build.ts';
import type { Composition, Service } from './compose.ts';

const READY_MS_MAX = 60_000;
const OWN_ADDRESS = /^(?:0\.0\.0\.0|127\.0\.0\.1)$/;
/** Addresses of loopback that stand for those of containers, so that ports need not differ. */
const addressOf = (number: number): string => `127.77.0.${number + 1}`;

interface Running {
  readonly process: ChildProcess;
  readonly container: Container;
  /** Exit code or signal name. */
  readonly ended: Promise<number | string>;
}

/** Runs a composition: what `docker compose up` and `down` do, as far as our files ask for it. */
export class Machine {
  readonly #composition: Composition;
  readonly #images: Readonly<Record<string, Image>>;
  readonly #folder: string;
  readonly #running = new Map<string, Running>();

  /** `folder` keeps volumes from one machine to the next. */
  constructor(composition: Composition, images: Readonly<Record<string, Image>>, folder: string) {
    this.#composition = composition;
    this.#images = images;
    this.#folder = folder;
    process.on('exit', () => {
      for (const { process: child } of this.#running.values()) child.kill('SIGKILL');
    });
  }

  /** The services without profiles, by name. */
  get #services(): [string, Service][] {
    return Object.entries(this.#composition.services).filter(([, { profiles }]) => profiles === undefined);
  }

  /** Starts all services, those that others wait for first; resolves when each has said that it is ready. */
  async up(): Promise<void> {
    const awaited = new Set(this.#services.flatMap(([, one]) => Object.keys(one.depends_on ?? {})));
    for (const [name, service] of this.#services.filter(([name]) => awaited.has(name))) {
      const outcome = await this.#start(name, service).ended;
      if (outcome !== 0) throw new Error(`${name} ended with ${outcome}`);
    }
    await Promise.all(
      this.#services
        .filter(([name]) => !awaited.has(name))
        .map(([name, service]) => firstLine(this.#start(name, service), name)),
    );
  }

  /** Resolves when each container says that it is healthy. */
  async healthy(): Promise<void> {
    for (const deadline = Date.now() + READY_MS_MAX; ; ) {
      const outcomes = await Promise.all([...this.#running].map(([name]) => this.#healthOf(name)));
      if (outcomes.every((outcome) => outcome === 0)) return;
      if (Date.now() > deadline) throw new Error(`unhealthy: ${[...this.#running.keys()]}: ${outcomes}`);
    }
  }

  #healthOf(name: string): Promise<number | string> {
    const { container } = this.#running.get(name)!;
    const command = container.image.settings.healthcheck.map((word) =>
      word.replace('127.0.0.1', this.address(name)),
    );
    return this.#outcome({ ...container, command });
  }

  /** `docker kill`. */
  async kill(name: string): Promise<void> {
    const { process: child, ended } = this.#running.get(name)!;
    child.kill('SIGKILL');
    await ended;
  }

  /** The one service that is published. */
  get door(): string {
    return this.#services.find(([, { ports }]) => ports !== undefined)![0];
  }

  /** SIGTERM for every container; the outcomes by service. */
  async down(): Promise<Readonly<Record<string, number | string>>> {
    const outcomes = [...this.#running].map(async ([name, { process: child, ended }]) => {
      child.kill('SIGTERM');
      return [name, await ended] as const;
    });
    return Object.fromEntries(await Promise.all(outcomes));
  }

  /** The address on which a service is published. */
  address(name: string): string {
    return addressOf(this.#services.findIndex(([service]) => service === name));
  }

  /** What `docker compose exec` does; the exit code. */
  execute(name: string, ...command: readonly string[]): Promise<number | string> {
    return this.#outcome({ ...this.#running.get(name)!.container, command });
  }

  /** What `docker compose run --volume` does: the image's program with other arguments; the exit code. */
  run(name: string, mount: Mount, ...args: readonly string[]): Promise<number | string> {
    const { container } = this.#running.get(name)!;
    const command = [...container.image.settings.entrypoint, ...args];
    return this.#outcome({ ...container, command, mounts: [...container.mounts, mount] });
  }

  async #outcome(container: Container): Promise<number | string> {
    const [code, signal] = await once(startContainer(container, 'ignore'), 'exit');
    return code ?? signal;
  }

  #start(name: string, service: Service): Running {
    const image = this.#images[service.image!]!;
    const { entrypoint, command } = image.settings;
    const container: Container = {
      image,
      command: [...entrypoint, ...command],
      mounts: [...this.#volumes(name, service, image), this.#hosts()],
      environment: this.#environment(name, service, image),
      readOnly: service.read_only === true,
      scratch: service.tmpfs ?? [],
    };
    const child = startContainer(container, ['ignore', 'pipe', 'inherit']);
    const ended = once(child, 'exit').then(([code, signal]) => {
      this.#running.delete(name);
      return (code ?? signal) as number | string;
    });
    const running = { process: child, container, ended };
    this.#running.set(name, running);
    return running;
  }

  /** Every address of a container is the one that it has here; what has no value is handed on. */
  #environment(name: string, service: Service, image: Image): Record<string, string> {
    const given = { QFS_ADMIN_HOST: '127.0.0.1', ...image.settings.environment, ...service.environment };
    const values = Object.entries(given).map(([key, value]) => [key, value ?? process.env[key]]);
    const present = values.filter(([, value]) => value !== undefined) as [string, string][];
    const here = (value: string): string => (OWN_ADDRESS.test(value) ? this.address(name) : value);
    return Object.fromEntries(present.map(([key, value]) => [key, here(value)]));
  }

  /** Named volumes, and one where the image wants one. A new one belongs to whom its place belongs. */
  #volumes(name: string, service: Service, image: Image): Mount[] {
    const named = (service.volumes ?? []).map((volume) => volume.split(':'));
    const paths = new Set(named.map(([, path]) => path));
    const unnamed = image.settings.volumes.filter((path) => !paths.has(path));
    return [...named, ...unnamed.map((path) => [`${name}-unnamed`, path])].map(([volume, path]) => {
      const folder = join(this.#folder, volume!);
      if (!existsSync(folder)) {
        const { uid, gid, mode } = statSync(join(image.root, path!));
        mkdirSync(folder, { recursive: true });
        chownSync(folder, uid, gid);
        chmodSync(folder, mode);
      }
      return { folder, path: path! };
    });
  }

  #hosts(): Mount {
    const names = this.#services.map(([name]) => `${this.address(name)} ${name}\n`);
    const folder = join(this.#folder, 'hosts');
    writeFileSync(folder, `127.0.0.1 localhost\n${names.join('')}`);
    return { folder, path: '/etc/hosts' };
  }
}

async function firstLine({ process: child, ended }: Running, name: string): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_MS_MAX);
  const line = once(createInterface({ input: child.stdout! }), 'line').then(() => undefined);
  const outcome = await Promise.race([line, ended]);
  clearTimeout(timer);
  if (outcome !== undefined) throw new Error(`${name} ended with ${outcome} before it was ready`);
}
