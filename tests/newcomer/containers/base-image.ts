import { execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FIELDS = ['Package', 'Essential', 'Priority', 'Pre-Depends', 'Depends'];
const FORMAT = `${FIELDS.map((field) => `\${${field}}`).join('\\t')}\\n`;
const FOLDERS = ['dev', 'etc', 'proc', 'root', 'tmp', 'usr/local/bin', 'usr/local/lib', 'var/log'];
const MERGED = ['bin', 'lib', 'lib64', 'sbin'];
/** What scripts of packages made and no list of files names. */
const MADE = ['/etc/alternatives', '/etc/apt', '/etc/ld.so.cache', '/usr/bin/awk', '/usr/bin/mawk'];
const USERS =
  'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n_apt:x:42:65534::/:/bin/false\n';
const GROUPS = 'root:x:0:\nshadow:x:43:\nnode:x:1000:\nnogroup:x:65534:\n';

/**
 * Makes of this machine the tree of the image `node:24-bookworm-slim`: Debian's required packages with apt, a
 * Node 24 and npm below /usr/local, and the user `node`. Takes root and a Debian.
 */
export function makeBaseImage(root: string): void {
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true });
  for (const folder of MERGED) {
    mkdirSync(join(root, 'usr', folder), { recursive: true });
    symlinkSync(`usr/${folder}`, join(root, folder));
  }
  const packages = requiredPackages();
  const listed = execFileSync('dpkg-query', ['--listfiles', ...packages], { encoding: 'utf8' });
  for (const path of new Set([...listed.split('\n'), ...MADE])) copyFile(path, root);
  writeFileSync(join(root, 'etc/passwd'), USERS);
  writeFileSync(join(root, 'etc/group'), GROUPS);
  writePackageState(packages, root);
  const npm = join(
    dirname(execFileSync('sh', ['-c', 'readlink -f "$(command -v npm)"'], { encoding: 'utf8' })),
    '..',
  );
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  cpSync(process.execPath, join(root, 'usr/local/bin/node'));
}

/** Required and essential packages, apt, and all that these depend on. */
function requiredPackages(): string[] {
  const rows = execFileSync('dpkg-query', ['--show', `--showformat=${FORMAT}`], { encoding: 'utf8' });
  const needs = new Map<string, string[]>();
  const wanted = ['apt'];
  for (const row of rows.trim().split('\n')) {
    const [name, essential, priority, ...depends] = row.split('\t');
    // Of alternatives the one that is installed is found; versions and architectures are not asked for.
    needs.set(
      name!,
      depends
        .join(',')
        .split(/[,|]/)
        .map((one) => one.trim().replace(/[ :(].*$/, '')),
    );
    if (essential === 'yes' || priority === 'required') wanted.push(name!);
  }
  const found = new Set<string>();
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (found.has(name) || !needs.has(name)) continue;
    found.add(name);
    wanted.push(...needs.get(name)!);
  }
  return [...found];
}

function copyFile(path: string, root: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (MERGED.includes(path.slice(1))) return;
  // Documentation and translations are left out of slim images.
  if (stats === undefined || (stats.isDirectory() && !MADE.includes(path))) return;
  if (/^\/usr\/share\/(?:doc|locale|man|info)\//.test(path)) return;
  const target = join(root, path.replace(/^\/(bin|lib|lib64|sbin)\//, '/usr/$1/'));
  mkdirSync(dirname(target), { recursive: true });
  cpSync(path, target, { recursive: true, verbatimSymlinks: true, force: true });
}

/** What dpkg knows, of these packages alone: apt then installs the others. */
function writePackageState(packages: readonly string[], root: string): void {
  const folder = join(root, 'var/lib/dpkg');
  for (const name of ['info', 'updates', 'triggers']) mkdirSync(join(folder, name), { recursive: true });
  const known = new Set(packages);
  const stanzas = readFileSync('/var/lib/dpkg/status', 'utf8').split('\n\n');
  const kept = stanzas.filter((stanza) => known.has(/^Package: (.*)$/m.exec(stanza)?.[1] ?? ''));
  writeFileSync(join(folder, 'status'), `${kept.join('\n\n')}\n\n`);
  for (const name of ['apt/lists/partial', 'apt/mirrors/partial'])
    mkdirSync(join(root, 'var/lib', name), { recursive: true });
  mkdirSync(join(root, 'var/cache/apt/archives/partial'), { recursive: true });
}
