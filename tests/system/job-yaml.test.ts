import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readJobDocument } from '@qfs/jobspec';
import { eigenCli, eigenCliHere } from '../platform/eigen-cli.ts';
import {
  type Job,
  jobNow,
  type Platform,
  startPlatform,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';

const folder = temporaryDirectory();
let platform: Platform;

before(async () => {
  platform = await startPlatform({ dataDir: temporaryDirectory() });
});
after(async () => {
  assert.equal(await platform.end('SIGTERM'), 0);
});

const cli = (...words: string[]) => eigenCliHere(platform, ...words);

async function out(...words: string[]): Promise<string> {
  const { code, stderr, stdout } = await cli(...words);
  assert.equal(code, 0, `${words.join(' ')}: ${stderr}`);
  return stdout;
}

const QASM = 'OPENQASM 3.0;\ninput float theta;\nqubit q;\nbit c;\nU(theta, 0, 0) q;\nc = measure q;\n';
const PROGRAM = `from eigen_lang import QubitRegister, h, hybrid_program
@hybrid_program(shots=64, seed=3)
def main():
    q = QubitRegister(1)
    h(q[0])
`;

let folders = 0;

/** A folder with these files; gives the path of its job.yaml. */
function folderWith(document: string, files: Readonly<Record<string, string>> = {}): string {
  folders += 1;
  const place = join(folder, `job-${folders}`);
  mkdirSync(place, { recursive: true });
  for (const [name, text] of Object.entries({ 'job.yaml': document, ...files }))
    writeFileSync(join(place, name), text);
  return join(place, 'job.yaml');
}

const v1 = (...lines: readonly string[]): string =>
  `apiVersion: eigen.os/v1\nkind: QuantumJob\nmetadata: {name: a-job}\nspec:\n  target: sim:local\n${lines
    .map((line) => `  ${line}\n`)
    .join('')}`;

const submitted = async (path: string, ...flags: string[]): Promise<Job> => {
  const id = (await out('submit', '--job', path, ...flags)).trim();
  return terminalJob(platform.ready.rest, id);
};

test('what job init writes passes job lint and runs, each kind of it', async () => {
  for (const kind of ['circuit', 'vqe', 'qaoa']) {
    const place = join(folder, kind);
    const made = await eigenCli(platform, 'job', 'init', place, '--kind', kind);
    assert.equal(made.code, 0, made.stderr);
    assert.match(await out('job', 'lint', `${place}/job.yaml`), /nothing wrong/);
    const again = await cli('job', 'init', place, '--kind', kind);
    assert.deepEqual([again.code, /is there already/.test(again.stderr)], [2, true]);
    const { job_id: id, state } = await submitted(`${place}/job.yaml`);
    assert.equal(state, 'DONE', kind);
    const results = await out('results', id);
    if (kind === 'vqe') assert.match(results, /^energy +-1\.41421/m);
  }
});

/** What a job was accepted with, as the document says that the platform keeps of it. */
async function settledTerms(id: string): Promise<readonly unknown[]> {
  const { document } = readJobDocument(await out('get', id, 'job.yaml'));
  const { items, options, seed, target } = document!;
  return [target, items[0]!.shots, seed, options.noise_model, items[0]!.compilerOptions.optimization_level];
}

test('JOB-52: a flag wins over the document, the document over the decorator', async () => {
  const decorator =
    'shots=64, seed=3, noise_model="depolarizing:0.1", optimization_level=1, target="emulator:line-16"';
  const program = PROGRAM.replace('shots=64, seed=3', decorator);
  const document = v1(
    ...['program: {path: program.eigen.py}', 'shots: 65', 'seed: 4', 'noise_model: "depolarizing:0.2"'],
    'compiler: {optimization_level: 2}',
  );
  const flags = ['--shots', '66', '--seed', '5', '--option', 'noise_model=depolarizing:0.3', '-O', '3'];
  const path = folderWith(document, { 'program.eigen.py': program });
  const alone = (await out('submit', path.replace('job.yaml', 'program.eigen.py'))).trim();
  assert.deepEqual(await settledTerms(alone), ['emulator:line-16', 64, 3, 'depolarizing:0.1', '1']);
  const { job_id: described } = await submitted(path);
  assert.deepEqual(await settledTerms(described), ['sim:local', 65, 4, 'depolarizing:0.2', '2']);
  const flagged = await submitted(path, ...flags, '--target', 'emulator:heavy-hex-27', '--priority', '70');
  const settled = ['emulator:heavy-hex-27', 66, 5, 'depolarizing:0.3', '3'];
  assert.deepEqual(await settledTerms(flagged.job_id), settled);
  assert.deepEqual([flagged.state, flagged.priority], ['DONE', 70]);
});

test('version 0.1 is run as it says', async () => {
  const document = `apiVersion: eigen.os/v0.1
kind: QuantumJob
metadata: {name: old one, labels: {team: x}}
spec:
  program: |
${PROGRAM.replace(/^/gm, '    ')}
  target: sim:local
  priority: 60
  metadata: {shots: "12", seed: "9", note: kept}
`;
  const job = await submitted(folderWith(document));
  assert.deepEqual(
    [job.state, job.name, job.shots, job.seed, job.priority, job.metadata],
    ['DONE', 'old one', 12, 9, 60, { note: 'kept', 'label.team': 'x' }],
  );
});

test('JOB-51: program and inputs come from an earlier job, if their digest is right', async () => {
  const first = await submitted(
    folderWith(v1('program: {path: a.qasm}', 'inputs: {theta: 0.5}', 'seed: 1', 'shots: 100'), {
      'a.qasm': QASM,
    }),
  );
  const sha256 = createHash('sha256').update(QASM).digest('hex');
  const ref = (name: string): string => `"qfs://circuit_fs/${first.job_id}/${name}"`;
  const later = (digest: string): string =>
    folderWith(
      v1(
        `program: {uri: ${ref('program.qasm')}, sha256: "${digest}"}`,
        `input_refs: {theta: ${ref('results.json#/items/0/results/0/seed')}}`,
        'seed: 1',
        'shots: 100',
      ),
    );
  const second = await submitted(later(sha256));
  assert.equal(second.state, 'DONE');
  const kept = await out('get', second.job_id, 'job.yaml');
  assert.match(kept, /theta: 1\n/);
  const wrong = await cli('submit', '--job', later('ab'.repeat(32)));
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, new RegExp(`program\\.qasm has the SHA-256 ${sha256}, and not (?:ab){32}`));
  const gone = folderWith(v1(`program: {uri: "qfs://circuit_fs/${first.job_id}/nothing.qasm"}`));
  assert.match((await cli('submit', '--job', gone)).stderr, /JOB_PROGRAM.*nothing\.qasm/);
});

test('JOB-53: a benchmark runs its circuit several times, and its results say that the counts are equal', async () => {
  const path = folderWith(
    v1(
      'program: {path: a.qasm}',
      'inputs: {theta: 1.5}',
      'workload: {kind: BenchmarkJob, seed: 42, repetitions: 3}',
    ),
    { 'a.qasm': QASM },
  );
  const { job_id: id, item_count: items } = (await submitted(path)) as Job & { readonly item_count: number };
  assert.equal(items, 3);
  assert.match(await out('results', id), /3 repetitions: equal counts in all\n$/);
});

test('terms of the job travel to the kernel: attempts and time limits', async () => {
  const path = folderWith(
    v1(
      'program: {path: a.qasm}',
      'inputs: {theta: 1}',
      'runtime: {retry: {max_attempts: 1}, timeout: {execution_seconds: 30}}',
    ),
    { 'a.qasm': QASM },
  );
  const { metadata, max_attempts: attempts } = (await submitted(path)) as Job & {
    readonly max_attempts: number;
  };
  assert.deepEqual(metadata, { 'retry.max_attempts': '1', 'timeout.execution_ms': '30000' });
  assert.equal(attempts, 1);
});

test('what a document gets wrong is said with its place, and leaves no job behind', async () => {
  const wrong = folderWith(v1('program: {path: a.qasm}', 'shotz: 3', 'priority: 101'), {
    'a.qasm': 'OPENQASM 3.0;\nqubit q;\nhh q;\n',
  });
  const { code, stderr } = await cli('submit', '--job', wrong);
  assert.equal(code, 2);
  assert.match(stderr, /error\[JOB_KEY_UNKNOWN\]: spec\.shotz is not known\n +--> .*job\.yaml:7:3/);
  assert.match(stderr, /help: Did you mean shots\?/);
  const linted = await cli('job', 'lint', wrong, '--json');
  assert.equal(linted.code, 2);
  const { files } = JSON.parse(linted.stdout) as {
    files: { valid: boolean; problems: { code: string; line: number }[] }[];
  };
  assert.deepEqual(
    files[0]!.problems.map(({ code, line }) => [code, line]),
    [
      ['JOB_KEY_UNKNOWN', 7],
      ['JOB_VALUE', 8],
    ],
  );
  const program = await cli(
    'job',
    'lint',
    folderWith(v1('program: {path: a.qasm}'), { 'a.qasm': 'OPENQASM 3.0;\nqubit q;\nhh q;\n' }),
  );
  assert.equal(program.code, 2);
  assert.match(program.stderr, /a\.qasm:3:1/);
  const distributed = await cli(
    'submit',
    '--job',
    folderWith(v1('program: {path: a.qasm}', 'workload: {kind: DistributedJob}'), { 'a.qasm': QASM }),
  );
  assert.equal(distributed.code, 4);
  assert.match(distributed.stderr, /JOB_UNSUPPORTED.*no clusters/);
  const nowhere = v1('program: {path: a.qasm}', 'inputs: {theta: 1}').replace('sim:local', 'sim:lokal');
  const target = await cli('submit', '--job', folderWith(nowhere, { 'a.qasm': QASM }));
  assert.equal(target.code, 2);
  assert.match(target.stderr, /sim:lokal/);
});

test('JOB-50: warnings are notes, and --quiet leaves them out', async () => {
  const path = folderWith(
    v1('program: {path: a.qasm}', 'inputs: {theta: 1}', 'resources: {gpu: {count: 1}}'),
    { 'a.qasm': QASM },
  );
  const loud = await cli('submit', '--job', path);
  assert.match(loud.stderr, /warning\[JOB_NO_EFFECT\]: spec\.resources\.gpu has no effect/);
  const quiet = await cli('submit', '--job', path, '--quiet');
  assert.deepEqual([quiet.code, quiet.stderr], [0, '']);
  assert.equal((await jobNow(platform.ready.rest, quiet.stdout.trim())).name, 'a-job');
});
