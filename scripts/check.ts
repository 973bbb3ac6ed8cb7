import { spawnSync } from 'node:child_process';

/**
 * Everything that judges the tree without running it: format, lint, types, protocol files, dead code, tidy.
 */
const STEPS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format and lint', 'node_modules/.bin/biome', 'check', '.'],
  ['types', 'node_modules/.bin/tsc', '-p', '.'],
  ['proto', 'node_modules/.bin/buf', 'lint'],
  [
    'contract',
    'node_modules/.bin/buf',
    'breaking',
    '--against',
    'tests/conformance/contract/published.binpb',
  ],
  ['dead code', 'node_modules/.bin/knip'],
  ['generated files', process.execPath, 'scripts/gen.ts', '--check'],
  ['tidy', process.execPath, 'scripts/tidy.ts'],
];

let failed = 0;
for (const [name, command, ...args] of STEPS) {
  const started = performance.now();
  const result = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const good = result.status === 0;
  process.stdout.write(`${good ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)\n`);
  if (!good) {
    failed += 1;
    process.stdout.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
