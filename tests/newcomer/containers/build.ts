import { type ChildProcess, execFileSync, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, matchesGlob, posix, relative } from 'node:path';
import { makeBaseImage } from './base-image.ts';
import {
  after,
  BARE,
  type ImageSettings,
  type Instruction,
  neededStages,
  parseDockerfile,
  type Stage,
} from './dockerfile.ts';

/** A built image: its files, and what it says about its containers. */
export interface Image {
  readonly root: string;
  readonly settings: ImageSettings;
}

/** A folder of the machine at a path of a container. */
export interface Mount {
  readonly folder: string;
  readonly path: string;
}

export interface BuildOptions {
  /** The folder that `COPY` copies from, with Dockerfile and .dockerignore. */
  readonly context: string;
  /** Where the trees of the stages are made. */
  readonly folder: string;
  /** Stages whose `RUN` is left out. */
  readonly skipped: readonly string[];
  /** Caches that `RUN --mount=type=cache` finds, by path. */
  readonly caches: Readonly<Record<string, string>>;
}

/**
 * Does what a Dockerfile says, with a chroot for a container and this machine's packages for the image of the
 * registry. Takes root.
 */
export class Builder {
  readonly #options: BuildOptions;
  readonly #stages: readonly Stage[];
  readonly #ignored: readonly string[];
  readonly #built = new Map<string, Image>();

  constructor(options: BuildOptions) {
    this.#options = options;
    this.#stages = parseDockerfile(readFileSync(join(options.context, 'Dockerfile'), 'utf8'));
    const ignored = readFileSync(join(options.context, '.dockerignore'), 'utf8').trim().split('\n');
    this.#ignored = ignored.flatMap((pattern) => [pattern, `${pattern}/**`]);
  }

  /** The image of a stage, the last one by default, and of all stages that it needs. */
  build(target = this.#stages.at(-1)!.name): Image {
    for (const stage of neededStages(this.#stages, target)) {
      if (!this.#built.has(stage.name)) this.#built.set(stage.name, this.#buildStage(stage));
    }
    return this.#built.get(target)!;
  }

  #buildStage(stage: Stage): Image {
    const root = join(this.#options.folder, stage.name === '' ? 'image' : stage.name);
    const from = this.#built.get(stage.from);
    if (from === undefined) makeBaseImage(root);
    // Links, not copies: npm and dpkg put a new file in the place of one that they change.
    else execFileSync('cp', ['-al', from.root, root]);
    let settings = from?.settings ?? BARE;
    for (const instruction of stage.instructions) {
      settings = after(settings, instruction);
      if (instruction.name === 'WORKDIR') mkdirSync(join(root, settings.workdir), { recursive: true });
      if (instruction.name === 'COPY') this.#copy({ root, settings }, instruction);
      if (instruction.name === 'RUN' && !this.#options.skipped.includes(stage.name))
        this.#run({ root, settings }, instruction);
    }
    return { root, settings };
  }

  #copy({ root, settings }: Image, { flags, words }: Instruction): void {
    const from = flags.get('from');
    const source = from === undefined ? this.#options.context : this.#built.get(from)!.root;
    const target = words.at(-1)!;
    for (const word of words.slice(0, -1)) {
      const path = join(source, word);
      const place = join(root, posix.resolve(settings.workdir, target));
      const isFolder = statSync(path).isDirectory();
      cpSync(path, !isFolder && target.endsWith('/') ? join(place, posix.basename(word)) : place, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (one) => from !== undefined || !this.#isIgnored(relative(source, one)),
      });
    }
  }

  #isIgnored(path: string): boolean {
    return this.#ignored.some((pattern) => matchesGlob(path, pattern));
  }

  #run(image: Image, { flags, text }: Instruction): void {
    const cache = /target=([^,]+)/.exec(flags.get('mount') ?? '')?.[1];
    const folder = cache === undefined ? undefined : this.#options.caches[cache];
    const mounts = folder === undefined ? [] : [{ folder, path: cache! }];
    const command = ['/bin/sh', '-c', text];
    const [program, args, env] = containerCommand({
      ...{ image, command, mounts, environment: TRUST, readOnly: false, scratch: [] },
    });
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
    if (status !== 0) throw new Error(`RUN ${text} ended with ${status}:\n${stdout}${stderr}`);
  }
}

const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';
/** What this machine trusts holds in containers too, so that they reach the registry as it does. */
const TRUST = {
  NODE_EXTRA_CA_CERTS: AUTHORITIES,
  NPM_CONFIG_CAFILE: AUTHORITIES,
  NPM_CONFIG_UPDATE_NOTIFIER: 'false',
};

/** What a container is started with. */
export interface Container {
  readonly image: Image;
  readonly command: readonly string[];
  readonly mounts: readonly Mount[];
  readonly environment: Readonly<Record<string, string>>;
  /** Nothing but mounts and `scratch` can be written to. */
  readonly readOnly: boolean;
  /** Paths that are folders in memory. */
  readonly scratch: readonly string[];
}

/** Starts a process in a container. A signal to it reaches the process itself. */
export function startContainer(container: Container, stdio: StdioOptions): ChildProcess {
  const [program, args, env] = containerCommand(container);
  return spawn(program, args, { stdio, env });
}

/** A new mount namespace, in it the mounts, the root, the user and the folder of the container. */
function containerCommand(container: Container): [string, string[], Record<string, string>] {
  const { image, command, mounts, environment, readOnly, scratch } = container;
  const { root, settings } = image;
  const bound = [...SYSTEM.filter(({ folder }) => existsSync(folder)), ...mounts];
  for (const { folder, path } of bound) makeMountPoint(folder, join(root, path));
  chmodSync(join(root, 'tmp'), 0o1777);
  const script = [
    'set -e; root=$1; user=$2; folder=$3; shift 3',
    'mount --bind "$root" "$root"',
    ...bound.map(({ folder, path }) => `mount --rbind '${folder}' "$root${path}"`),
    'mount -t proc proc "$root/proc"',
    ...scratch.map((path) => `mount -t tmpfs -o mode=1777 tmpfs "$root${path}"`),
    ...(readOnly ? ['mount -o remount,bind,ro "$root"'] : []),
    'exec chroot --userspec="$user" "$root" /usr/bin/env --chdir="$folder" "$@"',
  ].join('\n');
  const args = ['--mount', 'sh', '-c', script, 'sh', root, settings.user, settings.workdir, ...command];
  return ['unshare', args, { ...settings.environment, ...environment }];
}

const SYSTEM: readonly Mount[] = [
  { folder: '/dev', path: '/dev' },
  { folder: '/etc/resolv.conf', path: '/etc/resolv.conf' },
  { folder: '/etc/hosts', path: '/etc/hosts' },
  { folder: AUTHORITIES, path: AUTHORITIES },
];

function makeMountPoint(source: string, path: string): void {
  if (existsSync(path)) return;
  if (statSync(source).isDirectory()) mkdirSync(path, { recursive: true });
  else cpSync(source, path);
}
