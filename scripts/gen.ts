import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorsReference } from './gen/errors.ts';
import { alertRules } from './gen/monitoring/alerts.ts';
import { DASHBOARDS, dashboardJson, dashboardPath } from './gen/monitoring/dashboards.ts';
import { openQasmReference } from './gen/openqasm.ts';

/**
 * Writes everything that is derived from a table or from the protocol files. `--check` writes nothing and fails if
 * the committed files differ.
 */
const check = process.argv.includes('--check');

const DOCUMENTS: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/reference/errors.md': errorsReference,
  'docs/reference/openqasm.md': openQasmReference,
  'docs/reference/openqasm2.md': async () => (await import('@qfs/qasm')).dialectsReference(),
  'docs/reference/configuration.md': async () => (await import('@qfs/server')).configurationReference(),
  'docs/reference/fabric-configuration.md': async () =>
    (await import('@qfs/fabric')).fabricConfigurationReference(),
  'docs/reference/metrics.md': async () => (await import('@qfs/server')).metricsReference(),
  'docs/reference/gates.md': async () => (await import('@qfs/circuit')).gatesReference(),
  'docs/reference/eigen-lang.md': async () => (await import('@qfs/eigen-lang')).eigenLangReference(),
  'docs/reference/compiler.md': async () => (await import('@qfs/compiler')).passesReference(),
  'docs/reference/compile-report.schema.json': async () =>
    schemaText((await import('@qfs/compiler')).reportSchema()),
  'docs/reference/diagnostics.md': async () => (await import('@qfs/qasm')).diagnosticsReference(),
  'docs/reference/job-states.md': async () => (await import('@qfs/kernel')).statesReference(),
  'docs/reference/devices.md': async () => (await import('@qfs/drivers')).devicesReference(),
  'docs/reference/device.schema.json': async () =>
    schemaText((await import('@qfs/circuit/device')).deviceSchema()),
  'docs/reference/plan.schema.json': async () => schemaText((await import('@qfs/hybrid')).planSchema()),
  'docs/reference/noise-model.schema.json': async () =>
    schemaText((await import('@qfs/simulator')).noiseModelSchema()),
  'docs/reference/driver.schema.json': async () =>
    schemaText((await import('@qfs/drivers')).manifestSchema()),
  'docs/reference/job-yaml.md': async () => (await import('@qfs/jobspec')).jobDocumentReference(),
  'docs/reference/job-v0.1.schema.json': async () =>
    schemaText((await import('@qfs/jobspec')).jobDocumentSchema('v0.1')),
  'docs/reference/job-v1.schema.json': async () =>
    schemaText((await import('@qfs/jobspec')).jobDocumentSchema('v1')),
  'docs/reference/cli.md': async () => (await import('@qfs/cli')).commandsReference(),
  'docs/reference/permissions.md': async () => (await import('@qfs/api')).permissionsReference(),
  'docs/reference/openapi.json': async () => (await import('@qfs/api')).openApiDocument(),
  'deploy/prometheus/rules/qfs.yml': alertRules,
  ...Object.fromEntries(
    DASHBOARDS.map((dashboard) => [dashboardPath(dashboard), () => dashboardJson(dashboard)]),
  ),
};

const schemaText = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;

const stale: string[] = [];
for (const [path, make] of Object.entries(DOCUMENTS)) {
  const text = await make();
  if (readText(path) === text) continue;
  stale.push(path);
  if (!check) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
if (!protocolIsCurrent()) stale.push('packages/rpc/src/gen');
for (const path of stale) process.stdout.write(`${check ? 'stale: ' : 'wrote '}${path}\n`);
process.stdout.write(
  `gen: ${stale.length} of ${Object.keys(DOCUMENTS).length + 1} ${check ? 'stale' : 'written'}\n`,
);
process.exitCode = check && stale.length > 0 ? 1 : 0;

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Generates into the tree, or for `--check` compares what would be generated with it. */
function protocolIsCurrent(): boolean {
  const before = snapshot();
  const result = spawnSync('node_modules/.bin/buf', ['generate'], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`buf generate failed:\n${result.stdout}${result.stderr}`);
  return snapshot() === before;
}

function snapshot(): string {
  return spawnSync('git', ['hash-object', '--no-filters', '--stdin-paths'], {
    input: spawnSync('find', ['packages/rpc/src/gen', '-type', 'f'], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((path) => path !== '')
      .sort()
      .join('\n'),
    encoding: 'utf8',
  }).stdout;
}
