import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import { jobDocumentSchema } from '@qfs/jobspec';
import { ENGINE_OPTION_NAMES } from '@qfs/simulator';
import { RecordingTerminal } from '../testing/recording-terminal.ts';
import { inspectJobFile, readJobFile } from './job-file.ts';
import type { ArtifactReader } from './job-program.ts';
import { programOf } from './program-of.ts';
import { documentSubmission } from './submission.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const HEAD =
  'apiVersion: eigen.os/v1\nkind: QuantumJob\nmetadata: {name: a-job}\nspec:\n  target: sim:local\n';
const QASM = 'OPENQASM 3.0;\nqubit q;\nbit c;\nc = measure q;\n';
const DIGEST = createHash('sha256').update(QASM).digest('hex');
const JOB = 'job_0192f0c1a2b37c4d8e5f60718293a4b5';

const terminalWith = (files: Readonly<Record<string, string | Uint8Array>>): RecordingTerminal =>
  new RecordingTerminal(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, typeof text === 'string' ? utf8(text) : text]),
    ),
  );

/** Answers with these artifacts of the one job. */
const artifactsOf =
  (artifacts: Readonly<Record<string, string>>): ArtifactReader =>
  async ({ jobId, name }) => {
    const text = jobId === JOB ? artifacts[name] : undefined;
    if (text === undefined) throw new QfsError('ARTIFACT_NOT_FOUND', `There is no ${name} of ${jobId}.`);
    return utf8(text);
  };

async function problemsOf(
  document: string,
  files: Record<string, string | Uint8Array> = {},
  artifact?: ArtifactReader,
) {
  const terminal = terminalWith({ 'jobs/job.yaml': HEAD + document, ...files });
  const { items, problems } = await inspectJobFile('jobs/job.yaml', terminal, artifact);
  const found = problems.map(({ code, column, line, message }) => `${line}:${column} ${code} ${message}`);
  return { found, items };
}

test('JOB-51: a program lies beside its document, or below it', async () => {
  const files = { 'jobs/a/b.qasm': QASM };
  const { found, items } = await problemsOf(`  program: {path: a/b.qasm, sha256: ${DIGEST}}\n`, files);
  assert.deepEqual(found, []);
  const source = { name: 'jobs/a/b.qasm', language: 'openqasm3', text: QASM, compilerOptions: {} };
  assert.deepEqual(
    items.map((item) => item.source),
    [source],
  );
  const gone = await problemsOf('  program: {path: b.qasm}\n', files);
  assert.deepEqual(gone.found, ['6:19 JOB_PROGRAM jobs/b.qasm does not exist; check the path']);
});

test('JOB-51: a program stands in the document, or in an artifact', async () => {
  const inline = await problemsOf(
    '  program:\n    inline: |\n      OPENQASM 2.0;\n      qreg q[1];\n  entrypoint: main\n',
  );
  assert.deepEqual(inline.found, []);
  assert.deepEqual(
    inline.items.map(({ source: { entrypoint, language, text } }) => [language, text, entrypoint]),
    [['openqasm2', 'OPENQASM 2.0;\nqreg q[1];\n', 'main']],
  );
  const uri = `  program: {uri: "qfs://circuit_fs/${JOB}/program.qasm", sha256: ${DIGEST}}\n`;
  const kept = await problemsOf(uri, {}, artifactsOf({ 'program.qasm': QASM }));
  assert.deepEqual([kept.found, kept.items[0]?.source.text], [[], QASM]);
  const gone = await problemsOf(uri, {}, artifactsOf({}));
  assert.deepEqual(gone.found, [`6:18 JOB_PROGRAM There is no program.qasm of ${JOB}`]);
  const offline = await problemsOf(uri);
  assert.deepEqual(offline.found, [
    `6:18 JOB_PROGRAM qfs://circuit_fs/${JOB}/program.qasm is kept by a server, which this command does not call`,
  ]);
});

test('JOB-51: a program of another digest is refused with both', async () => {
  const wrong = 'ab'.repeat(32);
  const says = (name: string): string =>
    `JOB_PROGRAM ${name} has the SHA-256 ${DIGEST}, and not ${wrong} as the document says`;
  const file = await problemsOf(`  program: {path: b.qasm, sha256: ${wrong}}\n`, { 'jobs/b.qasm': QASM });
  assert.deepEqual(file.found, [`6:19 ${says('jobs/b.qasm')}`]);
  const inline = `  program: {sha256: ${wrong}, inline: ${JSON.stringify(QASM)}}\n`;
  const inFile = await problemsOf(inline);
  assert.deepEqual(
    inFile.found.map((line) => line.replace(/^\S+ /, '')),
    [says('the program in jobs/job.yaml')],
  );
});

test('JOB-51: a program that is no text is refused', async () => {
  const files = { 'jobs/a.qasm': Uint8Array.of(0xff, 0xfe), 'jobs/b.qasm': '', 'jobs/c.qasm': 'a\0' };
  const { found } = await problemsOf(
    '  items: [{program: {path: a.qasm}}, {program: {path: b.qasm}}, {program: {path: c.qasm}}]\n',
    files,
  );
  assert.deepEqual(
    found.map((line) => line.replace(/^\S+ /, '')),
    [
      'JOB_PROGRAM jobs/a.qasm is not UTF-8 text; save it as UTF-8',
      'JOB_PROGRAM jobs/b.qasm is empty; give OpenQASM, Eigen-Lang or AQO',
      'JOB_PROGRAM jobs/c.qasm is not a text file; give OpenQASM, Eigen-Lang or AQO',
    ],
  );
});

test('JOB-51: links out of the folder are not followed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'qfs-job-'));
  const outside = await mkdtemp(join(tmpdir(), 'qfs-outside-'));
  t.after(() => Promise.all([folder, outside].map((path) => rm(path, { recursive: true }))));
  await writeFile(join(outside, 'a.qasm'), QASM);
  await writeFile(join(folder, 'b.qasm'), QASM);
  await writeFile(
    join(folder, 'job.yaml'),
    `${HEAD}  items: [{program: {path: out/a.qasm}}, {program: {path: in.qasm}}]\n`,
  );
  await symlink(outside, join(folder, 'out'));
  await symlink(join(folder, 'b.qasm'), join(folder, 'in.qasm'));
  const { items, problems } = await inspectJobFile(join(folder, 'job.yaml'), new RecordingTerminal());
  assert.equal(items.length, 1);
  assert.match(
    problems.map(({ message }) => message).join(),
    /out\/a\.qasm is a link to .*outside of the folder/,
  );
});

test('JOB-51: inputs may stand in JSON artifacts of earlier jobs', async () => {
  const results = JSON.stringify({ items: [{ 'a/b': 0.5, list: [1, 2], none: null }] });
  const artifact = artifactsOf({ 'results.json': results, 'a.txt': 'no JSON' });
  const at = (pointer: string, name = 'results.json'): string =>
    `  program: {path: b.qasm}\n  inputs: {theta: 1, n: 3}\n  input_refs: {theta: "circuit_fs/${JOB}/${name}#${pointer}"}\n`;
  const files = { 'jobs/b.qasm': QASM };
  const inputs = async (pointer: string) => [
    ...((await problemsOf(at(pointer), files, artifact)).items[0]?.inputs ?? []),
  ];
  assert.deepEqual(await inputs('/items/0/a~1b'), [
    ['theta', 0.5],
    ['n', 3],
  ]);
  assert.deepEqual(await inputs('/items/0/list'), [
    ['theta', '[1,2]'],
    ['n', 3],
  ]);
  const refused: readonly (readonly [string, RegExp])[] = [
    [at('/items/1'), /there is nothing at/],
    [at('/items/0/none'), /is neither number, truth value, text nor list/],
    [at('', 'a.txt'), /is no JSON/],
  ];
  for (const [document, said] of refused) {
    const { found } = await problemsOf(document, files, artifact);
    assert.match(found.join(), said);
  }
});

test('JOB-50: what is wrong is shown at its place, and the first of it told with --json', async () => {
  const document = `${HEAD}  program: {path: b.qasm}\n  sed: 1\n  workload: {kind: ReplayJob}\n`;
  const terminal = terminalWith({ 'job.yaml': document, 'b.qasm': QASM });
  await assert.rejects(readJobFile('job.yaml', terminal), {
    code: 'JOB_SPEC_INVALID',
    message: 'job.yaml cannot be used: 2 errors; see above.',
  });
  assert.match(
    terminal.transcript,
    /error\[JOB_KEY_UNKNOWN\]: spec\.sed is not known\n! {2}--> job\.yaml:7:3/,
  );
  await assert.rejects(readJobFile('job.yaml', terminalWith({ 'job.yaml': document }), { json: true }), {
    message: 'job.yaml:7:3: spec.sed is not known (and 1 more).',
  });
  const alone = terminalWith({ 'job.yaml': document.replace('  sed: 1\n', '') });
  await assert.rejects(readJobFile('job.yaml', alone), { code: 'NOT_IMPLEMENTED' });
  await assert.rejects(readJobFile('job.yaml', terminalWith({ 'job.yaml': Uint8Array.of(0xff) })), {
    message: 'job.yaml is not UTF-8 text; save it as UTF-8.',
  });
});

test('JOB-52: flags win over the document in a submission', async () => {
  const document =
    `${HEAD}  program: {path: b.qasm}\n  seed: 1\n  shots: 5\n  method: auto\n  precision: single\n` +
    '  compiler: {optimization_level: 1}\n  inputs: {a: 1, b: 2}\n  metadata: {note: x}\n';
  const terminal = terminalWith({ 'job.yaml': document, 'b.qasm': QASM });
  const shown = { sort: 'asc', top: 16 } as const;
  const said = {
    ...shown,
    seed: 2,
    optimizationLevel: 3,
    input: new Map([['b', 3]]),
    option: new Map([['method', 'state_vector']]),
  };
  const { request } = await documentSubmission('job.yaml', said, terminal, artifactsOf({}));
  const { items = [], ...job } = request;
  assert.deepEqual(job, {
    name: 'a-job',
    target: 'sim:local',
    options: { method: 'state_vector', precision: 'single' },
    priority: 50,
    tags: [],
    dependencies: [],
    seed: 2n,
    metadata: { note: 'x' },
  });
  assert.deepEqual(items[0]?.compilerOptions, { optimization_level: '3' });
  assert.deepEqual(items[0]?.inputs, {
    a: { value: { case: 'integer', value: 1n } },
    b: { value: { case: 'integer', value: 3n } },
  });
  assert.equal(items[0]?.shots, 5);
});

test('a benchmark has one program', async () => {
  const document = `${HEAD}  program: {path: b.qasm}\n  seed: 1\n  workload: {kind: BenchmarkJob, repetitions: 3}\n`;
  const terminal = terminalWith({ 'job.yaml': document, 'b.qasm': QASM });
  assert.equal((await programOf({ job: 'job.yaml' }, terminal)).text, QASM);
  assert.equal((await readJobFile('job.yaml', terminal)).items.length, 3);
});

test('every option of the simulator has a member of its own', () => {
  const { properties } = jobDocumentSchema('v1') as { properties: { spec: { properties: object } } };
  for (const name of ENGINE_OPTION_NAMES) assert.ok(Object.hasOwn(properties.spec.properties, name), name);
});
