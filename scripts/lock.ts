import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Completes `package-lock.json`. npm leaves out optional packages of other platforms that a registry does not hold,
 * and then refuses its own file in `npm ci`. They get an entry with their exact version and platform, so that this
 * platform never asks for them. Run after every change of dependencies; a test fails when it was forgotten.
 */
interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
type Packages = Record<string, LockEntry>;

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS: readonly (readonly [inName: string, cpu: string])[] = [
  ['aarch64', 'arm64'],
  ['arm64', 'arm64'],
  ['arm', 'arm'],
  ['ia32', 'ia32'],
  ['loong64', 'loong64'],
  ['mips64el', 'mips64el'],
  ['ppc64', 'ppc64'],
  ['riscv64', 'riscv64'],
  ['s390x', 's390x'],
  ['x64', 'x64'],
];

/** Optional dependencies that the lock names and does not hold, with the package that wants them. */
export function missingOptional(packages: Packages): { name: string; version: string; dev: boolean }[] {
  return Object.values(packages).flatMap(({ optionalDependencies = {}, dev = false }) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => packages[`node_modules/${name}`] === undefined)
      .map(([name, version]) => ({ name, version, dev })),
  );
}

function platformEntry(name: string, version: string, dev: boolean): LockEntry {
  const os = SYSTEMS.find((system) => name.includes(system));
  const cpu = PROCESSORS.find(([inName]) => name.includes(inName))?.[1];
  if (os === undefined || cpu === undefined) throw new Error(`${name} names no platform; lock it by hand.`);
  const libc = name.includes('musl') ? { libc: ['musl'] } : {};
  return { version, ...(dev ? { dev } : {}), optional: true, os: [os], cpu: [cpu], ...libc };
}

if (import.meta.main) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Packages };
  const missing = missingOptional(lock.packages);
  for (const { name, version, dev } of missing) {
    lock.packages[`node_modules/${name}`] = platformEntry(name, version, dev);
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`lock: ${missing.length} packages of other platforms added\n`);
}
