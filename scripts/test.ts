import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { PURE } from './tidy/arrows.ts';

/**
 * Runs tests with node's own runner. Without arguments: everything beside the code, the tools' tests and the quick
 * tests over real processes. `--system`: the long suites. `--processes`: of these what meets a platform, each role a
 * process of its own. `--proof`: receipts, replays and kills in great numbers. `--newcomer`: installing, in fresh
 * folders. A path or glob: just that.
 */
const UNIT = ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/quick/**/*.test.ts'];
const LONG = ['tests/system/**/*.test.ts', 'tests/conformance/**/*.test.ts', 'tests/web/**/*.test.ts'];
const OVER_PROCESSES = ['tests/system/**/*.test.ts', 'tests/web/**/*.test.ts'];
const PROOF = ['tests/proof/**/*.test.ts'];
const NEWCOMER = ['tests/newcomer/**/*.test.ts'];

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith('--'));
const SUITES = { '--processes': OVER_PROCESSES, '--system': LONG, '--proof': PROOF, '--newcomer': NEWCOMER };
const suite = Object.entries(SUITES).find(([flag]) => args.includes(flag))?.[1] ?? UNIT;
const patterns = named.length > 0 ? named : suite;
// Roles are started and ended one by one only where each is a process.
const apart = args.includes('--processes') || named.length > 0 ? [] : globSync('tests/system/roles*.test.ts');
const files = patterns
  .flatMap((pattern) => globSync(pattern))
  .filter((file) => !apart.includes(file))
  .sort();
if (files.length === 0) {
  process.stderr.write(`No test file matches ${patterns.join(' ')}.\n`);
  process.exit(2);
}
// How platforms are started: all roles in one process with messages encoded, or a process for each role.
const mode = {
  ...(args.includes('--serialising') ? { QFS_TRANSPORT: 'serialising' } : {}),
  ...(args.includes('--processes') ? { QFS_TEST_PROCESSES: '1' } : {}),
};
// Suites start hundreds of processes; what each of them has to read and compile is kept from one to the next.
const compiled = { NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled') };

/** Rooms without I/O leave nothing behind: their files share a process, which halves what they take. */
const isPure = (file: string): boolean =>
  PURE.some(({ room, except }) => except.length === 0 && file.startsWith(`packages${sep}${room}${sep}`));
const inOne = patterns === UNIT ? files.filter(isPure) : [];
const inOwn = files.filter((file) => !inOne.includes(file));
const runs = [
  { files: inOne, options: ['--test-isolation=none'] },
  // Tests over real processes share two cores with the processes they start, or with the other run.
  { files: inOwn, options: named.length > 0 ? [] : ['--test-concurrency=1'] },
];
const codes = await Promise.all(
  runs.filter((run) => run.files.length > 0).map((run) => runTests(run.files, run.options)),
);
process.exit(codes.find((code) => code !== 0) ?? 0);

async function runTests(paths: readonly string[], options: readonly string[]): Promise<number> {
  const reporter = process.stdout.isTTY ? 'spec' : 'dot';
  const child = spawn(
    process.execPath,
    [
      '--test',
      ...options,
      `--test-reporter=${args.includes('--verbose') ? 'spec' : reporter}`,
      '--test-reporter-destination=stdout',
      '--test-reporter=./scripts/test-summary.ts',
      '--test-reporter-destination=stdout',
      ...paths,
    ],
    { stdio: 'inherit', env: { ...compiled, ...process.env, ...mode } },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
