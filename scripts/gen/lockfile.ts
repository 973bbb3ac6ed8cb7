import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  packages: Record<string, LockedPackage>;
}

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'sunos', 'win32'];
/** How binaries are named for processors, and what node calls them. */
const PROCESSORS: Readonly<Record<string, string>> = {
  arm: 'arm',
  arm64: 'arm64',
  armv7: 'arm',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
};

/** What a platform package is for, read from its name, as in `@biomejs/cli-linux-arm64-musl`. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[-/]/);
  const os = words.filter((word) => SYSTEMS.includes(word));
  const cpu = words.flatMap((word) => PROCESSORS[word] ?? []);
  if (os.length === 0 || cpu.length === 0)
    throw new Error(`package-lock.json lacks ${name}, whose name does not say its platform; add it by hand.`);
  const musl = words.some((word) => word.startsWith('musl'));
  return { os, cpu, ...(os.includes('linux') && musl ? { libc: ['musl'] } : {}) };
}

/**
 * The lockfile with an entry for every optional platform package. `npm install` leaves out those that its registry
 * does not carry, and `npm ci` then refuses the lockfile everywhere. Entries added here pin the version without an
 * integrity hash; they are never installed on a platform other than their own.
 */
export function completeLockfile(): string {
  const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile;
  const added: Record<string, LockedPackage> = {};
  for (const [path, { dev, optionalDependencies }] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      if ([`node_modules/${name}`, `${path}/node_modules/${name}`].some((key) => key in lockfile.packages))
        continue;
      added[`node_modules/${name}`] = {
        version,
        ...(dev ? { dev } : {}),
        optional: true,
        ...platformOf(name),
      };
    }
  }
  const packages = Object.entries({ ...lockfile.packages, ...added });
  lockfile.packages = Object.fromEntries(packages.sort(([a], [b]) => a.localeCompare(b, 'en')));
  return `${JSON.stringify(lockfile, null, 2)}\n`;
}
