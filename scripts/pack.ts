import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { declarationsOf } from './pack/declarations.ts';
import { type Manifest, type PackedFiles, publishedFiles, publishedManifest } from './pack/publishable.ts';

/**
 * Writes `dist/*.tgz`: one tarball for every package and one called `qfs`, which brings the commands `qfs-server`,
 * `eigen-cli` and `qfs-demo`, the examples and a Node 24. `npm install dist/*.tgz` in any folder installs them all.
 */
const DESTINATION = 'dist';
const EXAMPLES = 'examples/*';
const FOLDERS = ['examples/driver-plugin/*', 'examples/{vqe,qaoa}_*/*'];
const PROGRAMS = ['@qfs/cli', '@qfs/server'];
/** They bring their types along, for programs in TypeScript. */
const TYPED = ['packages/core', 'packages/rpc', 'packages/client'];
const DEMO = { script: 'scripts/demo.ts', packages: ['@qfs/circuit'] };
/** Files from outside a package's folder that are published with it. */
const EXTRA: Readonly<Record<string, readonly string[]>> = {
  '@qfs/web': [EXAMPLES, 'examples/vqe_h2/*'],
  '@qfs/drivers': ['devices/*.json'],
  '@qfs/cli': ['devices/*.json'],
};

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** The files that the patterns name below `folder`, by their path there. */
function read(folder: string, ...patterns: readonly string[]): PackedFiles {
  const entries = patterns.flatMap((pattern) => globSync(pattern, { cwd: folder, withFileTypes: true }));
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const inside = (path: string): string => path.slice(join(folder, '/').length).replaceAll('\\', '/');
  return new Map(paths.sort().map((path) => [inside(path), readFileSync(path)]));
}

function stagePackage(folder: string, target: string): void {
  const manifest = readManifest(folder);
  const files = new Map([
    ...publishedFiles(read(folder, 'src/**')),
    ...read(process.cwd(), 'LICENSE', ...(EXTRA[manifest.name] ?? [])),
    ...read(folder, 'README.md'),
    ...(declarations.get(folder) ?? []),
  ]);
  stage(target, publishedManifest(manifest), files);
}

/** The package that an operator installs. Its launchers find the other packages where npm puts them. */
function stagePrograms(target: string): void {
  const { name, version, description, license, type, engines, optionalDependencies } = readManifest('.');
  const launchers = globSync('bin/*.js').filter((path) => !path.endsWith('launch.js'));
  const command = (path: string): string => path.slice('bin/'.length, -'.js'.length);
  const manifest = {
    ...{ name, version, description, license, type, ...(engines === undefined ? {} : { engines }) },
    bin: Object.fromEntries(launchers.sort().map((path) => [command(path), path])),
    dependencies: Object.fromEntries([...PROGRAMS, ...DEMO.packages].map((room) => [room, version])),
    ...(optionalDependencies === undefined ? {} : { optionalDependencies }),
  };
  const files = new Map([
    ...publishedFiles(read(process.cwd(), DEMO.script)),
    ...read(process.cwd(), 'bin/*.js', EXAMPLES, ...FOLDERS, 'LICENSE', 'README.md'),
  ]);
  stage(target, manifest, files);
}

function stage(target: string, manifest: Manifest, files: PackedFiles): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), bytes);
  }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

// Node says once that its own type stripping, asked for as a function, is experimental.
process.removeAllListeners('warning');
const staging = mkdtempSync(join(tmpdir(), 'qfs-pack-'));
process.on('exit', () => rmSync(staging, { recursive: true, force: true }));
const folders = globSync('packages/*').sort();
const declarations = declarationsOf(TYPED, join(staging, 'types'));
for (const folder of folders) stagePackage(folder, join(staging, folder));
stagePrograms(join(staging, 'qfs'));

rmSync(DESTINATION, { recursive: true, force: true });
mkdirSync(DESTINATION);
const staged = [...folders, 'qfs'].map((folder) => join(staging, folder));
const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', DESTINATION, ...staged], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
if (packed.status !== 0) throw new Error(`npm pack failed:\n${packed.stdout}${packed.stderr}`);
process.stdout.write(packed.stdout.replace(/^/gm, `${DESTINATION}/`).replace(/\S*\/$/, ''));
